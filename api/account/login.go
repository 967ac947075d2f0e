package account

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/casestream/casestream/services"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// plainLogin is the one spelling of a name that someone signs in with.
func plainLogin(login string) string {
	return strings.TrimSpace(cases.Fold().String(norm.NFKC.String(login)))
}

// checkLogin admits letters of any script, digits and . - _ @, 2 to 64 of them.
func checkLogin(login string) error {
	n := utf8.RuneCountInString(login)
	strange := strings.ContainsFunc(login, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.IsDigit(c) && !strings.ContainsRune(".-_@", c)
	})
	if n < 2 || n > 64 || strange {
		return services.Refuse(RefusedLogin)
	}
	return nil
}
