package rest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// fault is one way to send a command wrongly, whatever the route.
type fault struct {
	what   string
	status int
	spoil  func(*attempt)
	not    []string // routes where it is none
}

const (
	tokenless = http.StatusUnauthorized
	unread    = http.StatusBadRequest
	hidden    = http.StatusNotFound
	tooLarge  = http.StatusRequestEntityTooLarge
	unfit     = http.StatusUnprocessableEntity
)

var huge = `{"entry":"` + strings.Repeat("大", 10<<20/3) + `"}`

var faults = []fault{
	{"without a token", tokenless, func(a *attempt) { a.by.token = "" }, nil},
	{"with a token that nobody has", tokenless, func(a *attempt) { a.by.token = "cs_" + secret }, nil},
	{"with a token of another scheme", tokenless, func(a *attempt) { a.header.Set("Authorization", "Basic "+secret) }, nil},
	{"from the evaluator", hidden, func(a *attempt) { a.by = a.story.evaluator }, nil},
	{"from whom the route is not for", hidden, func(a *attempt) {
		a.by = a.story.administrator
		switch kindOf(a.line.path) {
		case "programme":
			a.by = a.story.a
		case "accounts":
			a.by = a.story.a1
		}
	}, nil},

	{"with half a body", unread, func(a *attempt) { a.content = asSent(a.content)[:min(20, len(asSent(a.content))/2)] + secret }, nil},
	{"with two bodies", unread, func(a *attempt) { a.content = asSent(a.content) + asSent(a.content) }, nil},
	{"with a body that goes on", unread, func(a *attempt) { a.content = asSent(a.content) + secret }, nil},
	{"without a body", unread, func(a *attempt) { a.content = nil }, nil},
	{"with an empty body", unread, func(a *attempt) { a.content = "" }, nil},
	{"with a blank body", unread, func(a *attempt) { a.content = " \n" }, nil},
	{"with a name that stands twice", unread, func(a *attempt) { a.content = twice(asSent(a.content)) }, nil},
	{"with a secret name that stands twice", unread, func(a *attempt) {
		a.content = `{"` + secret + `":1,"` + secret + `":1,` + asSent(a.content)[1:]
	}, nil},
	{"with text that is no UTF-8", unread, func(a *attempt) { a.content = `{"a":"` + "\xff\xfe" + `",` + asSent(a.content)[1:] }, nil},
	{"with half a surrogate", unread, func(a *attempt) { a.content = `{"a":"\ud800",` + asSent(a.content)[1:] }, nil},
	{"with a list", unfit, func(a *attempt) { a.content = []any{a.content} }, nil},
	{"with a word", unfit, func(a *attempt) { a.content = `"` + secret + `"` }, nil},
	{"with nothing", unfit, func(a *attempt) { a.content = "null" }, nil},
	{"with a name that nobody knows", unfit, func(a *attempt) { a.content.(body)[secret] = 1 }, nil},
	{"with a secret behind a name that is known", unfit, func(a *attempt) { a.content.(body)["entry."+secret] = 1 }, nil},
	{"with a secret in brackets", unfit, func(a *attempt) { a.content.(body)["entry["+secret+"]"] = 1 }, nil},
	{"with many names that nobody knows", unfit, func(a *attempt) { a.content = manyNames(asSent(a.content)) }, nil},
	{"with a schema link", unfit, func(a *attempt) { a.content.(body)["$schema"] = "https://" + secret }, nil},
	{"with 10 MB", tooLarge, func(a *attempt) { a.content = huge }, nil},
	{"with 10 MB of no declared length", tooLarge, func(a *attempt) { a.content, a.chunked = huge, true }, nil},

	{"without an Idempotency-Key", unfit, func(a *attempt) { a.header.Del("Idempotency-Key") }, nil},
	{"with a key that is no id", unfit, func(a *attempt) { a.header.Set("Idempotency-Key", secret) }, nil},
	{"with the key that is none", unfit, func(a *attempt) { a.header.Set("Idempotency-Key", "00000000-0000-0000-0000-000000000000") }, nil},
	{"with an If-Match that is no version", http.StatusPreconditionRequired, func(a *attempt) { a.header.Set("If-Match", `"`+secret+`"`) }, nil},
	{"with an If-Match below zero", http.StatusPreconditionRequired, func(a *attempt) { a.header.Set("If-Match", `"-1"`) }, nil},
	{"as text", http.StatusUnsupportedMediaType, func(a *attempt) { a.header.Set("Content-Type", "text/plain") }, nil},
	{"as something secret", http.StatusUnsupportedMediaType, func(a *attempt) { a.header.Set("Content-Type", "application/"+secret) }, nil},
	{"with a question that it does not know", unfit, func(a *attempt) { a.path += "?" + secret + "=" + secret }, nil},
	{"under an id that is none", unfit, func(a *attempt) { a.path = strings.Replace(a.line.path, "{id}", "c0ffee5ec2e7", 1) }, withoutID()},

	{"happened tomorrow", unfit, func(a *attempt) { a.content.(body)["happened_at"] = a.story.clock.now().Add(24 * time.Hour) }, nil},
	{"happened three minutes from now", unfit, func(a *attempt) { a.content.(body)["happened_at"] = a.story.clock.now().Add(3 * time.Minute) }, nil},
	{"happened in the year 12", unfit, func(a *attempt) { a.content.(body)["happened_at"] = "0012-07-01T09:00:00+08:00" }, nil},
	{"happened on no day", unfit, func(a *attempt) { a.content.(body)["happened_at"] = "2012-06-31T09:00:00+08:00" }, nil},
	{"happened sometime", unfit, func(a *attempt) { a.content.(body)["happened_at"] = secret }, nil},
}

// withoutID are the routes that have no id.
func withoutID() (paths []string) {
	for _, l := range programmeLines {
		paths = append(paths, l.path)
	}
	return paths
}

func twice(sent string) string {
	name := sent[:strings.IndexByte(sent, ':')+1]
	return name + `0,` + sent[1:]
}

func manyNames(sent string) string {
	var b strings.Builder
	b.WriteByte('{')
	for range 5000 {
		b.WriteString(`"` + newID() + secret + `":1,`)
	}
	return b.String() + sent[1:]
}

func TestWhatIsSentWronglyIsRefusedAndChangesNothing(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		for _, f := range faults {
			if slices.Contains(f.not, l.path) {
				continue
			}
			a := s.attempt(l.path)
			f.spoil(a)
			a.refused(f.what, f.status)
		}
		s.comes(l.path) // it was right but for the fault
	}
	t.Logf("%d routes × faults", cells)
}

// Ten thousand brackets must not cost more than the time to read them.
func TestNestingWithoutEndIsRefusedQuickly(t *testing.T) {
	o := openOffice(t)
	deep := strings.Repeat("[", 10_000)
	for _, l := range table {
		s := o.story(o.a1)
		for what, content := range map[string]string{
			"nothing but brackets":   deep,
			"brackets that close":    deep + strings.Repeat("]", 10_000),
			"objects in each other":  strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000),
			"brackets inside a name": `{"` + secret + `":` + deep + strings.Repeat("]", 10_000) + `}`,
			"brackets inside answers": `{"answers":{"found_place":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `},` +
				asSent(l.body(s))[1:],
		} {
			a := s.attempt(l.path)
			a.content = content
			began := time.Now()
			a.refused(what, unread, unfit)
			if took := time.Since(began); took > time.Second {
				t.Errorf("POST %s, %s: it took %s", l.path, what, took)
			}
		}
	}
}
