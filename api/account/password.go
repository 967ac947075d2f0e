package account

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/casestream/casestream/services"
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Bounds of a password, in characters: a Chinese one counts as one.
const (
	ShortestPassword = 12
	LongestPassword  = 128
)

// tidy makes one spelling of those that look alike, full width and half width, composed and not.
func tidy(password string) string { return norm.NFKC.String(password) }

// checkPassword refuses one that is short, or made of what everybody tries first.
func checkPassword(password, login string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < ShortestPassword:
		return services.Refuse(RefusedShort)
	case n > LongestPassword:
		return services.Refuse(RefusedLong)
	case worth(password, login) < leastWorth:
		return services.Refuse(RefusedCommon)
	}
	return nil
}

//go:embed common.txt
var commonText string

// common are words that passwords are commonly made of, the longest first: the lists that leak everywhere, pinyin and
// number habits of Chinese users included. With twelve characters at least, a common password is a common word with
// something behind it, so the words are looked for inside.
var common = func() (words []string) {
	for line := range strings.Lines(commonText) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return slices.Compact(words)
}()

// leastWorth: as much as nine characters that nobody could guess from the others.
const leastWorth = 9

var patterns = []*regexp.Regexp{
	regexp.MustCompile(`^[1-9]\d{5}(19|20)\d{9}[\dx]`), // the number of an identity card
	regexp.MustCompile(`^1[3-9]\d{9}`),                 // of a phone
	regexp.MustCompile(`^(19|20)\d\d ?(0[1-9]|1[0-2]) ?(0[1-9]|[12]\d|3[01])`),
	regexp.MustCompile(`^\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])`),
	regexp.MustCompile(`^(19|20)\d\d`),
}

// worth counts what a password is made of: a character counts one, but a common word, a syllable of pinyin or a
// birthday two, what was said before one, and a character nothing that goes on as the two before: aaa, abc, qwe.
func worth(password, login string) (sum int) {
	text, name := plainly(password), plainly(login)
	for i := 0; i < len(text); {
		length, counts := piece(text[i:], name)
		if again := repeats(text, i); again > length {
			length, counts = again, 1
		}
		if length == 1 && i > 1 && follows(text[i-1], text[i]) && follows(text[i-2], text[i-1]) {
			counts = 0
		}
		sum, i = sum+counts, i+length
	}
	return sum
}

// repeats is how much of what comes was said before, if that is three characters or more.
func repeats(text []rune, i int) (longest int) {
	for j := range i {
		n := 0
		for i+n < len(text) && text[j+n] == text[i+n] {
			n++
		}
		longest = max(longest, n)
	}
	if longest < 3 {
		return 0
	}
	return longest
}

// piece is the longest thing that the text begins with, and what it counts.
func piece(text, login []rune) (length, counts int) {
	begin := string(text)
	if len(login) >= 3 && strings.HasPrefix(begin, string(login)) {
		return len(login), 1
	}
	for _, pattern := range patterns {
		if found := pattern.FindString(begin); found != "" {
			return len(found), 2
		}
	}
	for _, word := range common {
		if strings.HasPrefix(begin, word) {
			return utf8.RuneCountInString(word), 2
		}
	}
	return 1, 1
}

// follows tells whether a character is the same as the one before, or its neighbour in the alphabet or on the keyboard.
func follows(before, now rune) bool {
	if before == now || now-before == 1 || before-now == 1 {
		return unicode.IsLetter(now) == unicode.IsLetter(before)
	}
	for _, row := range []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890"} {
		i, j := strings.IndexRune(row, before), strings.IndexRune(row, now)
		if i >= 0 && j >= 0 && (i-j == 1 || j-i == 1) {
			return true
		}
	}
	return false
}

// plainly takes away what people put in place of a letter, and capitals.
func plainly(text string) []rune {
	var plain []rune
	for _, c := range cases.Fold().String(text) {
		switch c {
		case '@':
			c = 'a'
		case '$':
			c = 's'
		case '!':
			c = 'i'
		case ' ', '.', '-', '_', '#', '*', ',', '+', '&':
			if len(plain) > 0 && plain[len(plain)-1] != ' ' {
				c = ' '
			} else {
				continue
			}
		}
		plain = append(plain, c)
	}
	return plain
}
