package programme

import (
	"regexp"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
)

var coded = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Names of a thing in the languages of the system.
type Names struct {
	Zh string `json:"zh" minLength:"1" maxLength:"200" doc:"in Chinese"`
	En string `json:"en,omitempty" maxLength:"200" doc:"in English"`
}

func (n Names) said() events.Names { return events.Names(n) }

// rule is one thing that must be so, and the refusal if it is not.
type rule struct {
	holds bool
	code  string
	about string
}

// first is the refusal of the first rule that does not hold.
func first(rules ...rule) error {
	for _, r := range rules {
		if !r.holds {
			return services.Refuse(r.code, r.about)
		}
	}
	return nil
}

func wellFormed(field, code string) rule { return rule{coded.MatchString(code), RefusedForm, field} }

func known(field string, is bool) rule { return rule{is, RefusedCode, field} }

// ifSaid is a reference that may be left open.
func ifSaid(field, code string, is bool) rule { return known(field, code == "" || is) }

func oneOf(field, code string, codes []string) rule {
	return known(field, slices.Contains(codes, code))
}

func day(field, said string) rule {
	_, err := time.Parse(time.DateOnly, said)
	return rule{err == nil, RefusedDay, field}
}

func positive[N int | int64](field string, n N) rule { return rule{n > 0, RefusedAmount, field} }
