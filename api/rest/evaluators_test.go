package rest

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/disclosure"
)

var uuidForm = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

const orphans, house = "love-helps-growth", "house"

// aYearOfWork is an office in January 2013. In 2012 it had thirty children of the street, boys and girls of three ages,
// of whom twelve also had a case in the other project; what happens besides is the test's.
func aYearOfWork(t testing.TB, besides func(*office)) *office {
	t.Helper()
	o := openOffice(t)
	o.administrator.does("/programme/projects", body{
		"project": orphans, "names": body{"zh": "爱心助成长"}, "commissioner": "civil-affairs", "agency": "chuxin", "category": "orphan",
	})
	o.administrator.does("/programme/sites", body{"project": orphans, "site": house, "names": body{"zh": "市儿童福利院"}})
	for n := range 30 {
		o.clock.set(time.Date(2012, time.Month(5+n%8), 3+n%20, 9, 0, 0, 0, events.Zone))
		s := o.childOf(n)
		s.comes("/cases/{id}/interventions")
		if n%5 < 3 {
			s.comes("/cases/{id}/closure")
		}
		if n < 12 {
			o.alsoInTheHouse(s)
		}
	}
	if besides != nil {
		besides(o)
	}
	o.clock.set(time.Date(2013, 1, 15, 9, 0, 0, 0, events.Zone))
	o.arrives()
	return o
}

// childOf is a story of a child that differs from others in sex and age.
func (o *office) childOf(n int) *story {
	o.Helper()
	s := o.story(o.a1)
	client := s.fills("/clients/{id}/registration")
	client["sex"], client["birth"] = []string{"male", "female"}[n%2], []string{"2000-05-01", "1996-05-01", "2008-05-01"}[n%3]
	s.does("/clients/{id}/registration", client)
	return s
}

// alsoInTheHouse opens another case for the client of a story.
func (o *office) alsoInTheHouse(of *story) *story {
	o.Helper()
	s := o.story(o.a1)
	s.ids["clients"], s.done["/clients/{id}/registration"] = of.id("clients"), of.done["/clients/{id}/registration"]
	intake := s.fills("/cases/{id}/intake")
	intake["project"], intake["site"], intake["category"], intake["answers"] = orphans, house, "orphan", body{}
	s.does("/cases/{id}/intake", intake)
	s.comes("/cases/{id}/decision")
	return s
}

// admits lets the evaluator have extracts of a project.
func (o *office) admits(project, until string) {
	o.Helper()
	o.administrator.does("/programme/admissions", body{
		"evaluator": "evaluator:office", "project": project, "until": until, "purpose": "evaluation",
	})
}

// asksOfNumbers are all routes that an evaluator is let through to, with all that may be asked there.
var asksOfNumbers = []string{
	"/outcomes", "/outcomes?project=" + project, "/outcomes?project=" + orphans, "/outcomes?project=elsewhere", "/outcomes?from=2012-01-01&to=2012-12-31",
	"/outcomes?as_of=2012-12-31", "/outcomes?from=2011-01-01", "/outcomes?from=2013-01-01", "/outcomes?known_at=2012-12-31", "/outcomes?known_at=2012-08-31",
	"/reports/2012", "/reports/2011", "/reports/2013", "/reports/2012?known_at=2012-12-31",
	"/extracts/" + project, "/extracts/" + orphans, "/extracts/" + project + "?from=2012-01-01&to=2012-12-31",
	"/programme", "/categories", "/categories/street_child/form", "/measures",
}

// Nothing that somebody wrote, no id and nobody's name reaches an evaluator, whatever is asked.
func TestAnEvaluatorSeesNoWordNoIdAndNoName(t *testing.T) {
	o := aYearOfWork(t, func(o *office) {
		o.wholeStory(o.b1)
		for _, l := range table { // in every field there is; the programme itself is public
			if kindOf(l.path) != "programme" {
				o.story(o.a1).comes(l.path)
			}
		}
	})
	o.admits(project, "2013-06-30")
	o.admits(orphans, "2013-06-30")
	rows := 0
	for _, by := range []person{o.evaluator, o.administrator} {
		for _, url := range asksOfNumbers {
			if by.who == "administrator" && (url == "/programme" || strings.HasPrefix(url, "/extracts")) {
				continue // builds the programme, and has no extracts
			}
			h := by.sees(url)
			text := string(h.bytes)
			if id := uuidForm.FindString(text); id != "" {
				t.Errorf("GET %s shows the %s the id %s", url, by.who, id)
			}
			for _, p := range o.people() {
				if strings.Contains(text, p.name) {
					t.Errorf("GET %s shows the %s who %s is", url, by.who, p.who)
				}
			}
			for _, part := range append(trace, ":office", `"position"`, "2012-05-03", "江汉路") {
				if strings.Contains(text, part) && url != "/programme" {
					t.Errorf("GET %s shows the %s %q: %s", url, by.who, part, text)
				}
			}
			if result, ok := h.body["result"].(body); ok && result["rows"] != nil {
				rows += len(result["rows"].([]any))
			}
			cells++
		}
	}
	if rows < 60 {
		t.Errorf("only %d rows were shown: it tests little", rows)
	}
}

// A route that is added must say here what an evaluator gets of it.
func TestEveryRouteOpenToAnEvaluatorIsAsked(t *testing.T) {
	o := openOffice(t)
	for route := range doorTable {
		path, ok := strings.CutPrefix(route, "GET ")
		if !ok || strings.HasPrefix(path, base) || aboutAccounts(path) || ofInvitation(path) || path == "/livez" || path == "/readyz" || !letsIn(route, o.evaluator) && doorTable[route] != theAdmitted {
			continue
		}
		stem, _, _ := strings.Cut(path, "/{")
		if !slices.ContainsFunc(asksOfNumbers, func(url string) bool { return strings.HasPrefix(url, stem) }) {
			t.Errorf("GET %s is open to an evaluator, and nobody looks at what it says", path)
		}
	}
}

func TestAQuestionThatIsTooNarrowIsRefused(t *testing.T) {
	o := openOffice(t)
	o.wholeStory(o.a1)
	o.admits(project, "2013-06-30")
	o.clock.set(time.Date(2013, 1, 15, 9, 0, 0, 0, events.Zone))
	for _, by := range []person{o.evaluator, o.administrator} {
		for _, query := range []string{
			"site=" + site, "category=street_child", "agency=chuxin", "project=" + project + "&site=" + site, "as_of=2012-07-02", "as_of=2012-09-30",
			"from=2012-07-01", "from=2012-01-02", "to=2012-11-30", "from=2012-01-01&to=2012-06-30", "from=2011-01-01&to=2012-12-31", "from=2012-01-01&to=2011-12-31",
			"known_at=2012-07-02", "known_at=5", "known_at=2012-12-30", "known_at=2013-01-31", "known_at=2013-01-15",
		} {
			h := by.gets("/outcomes?" + query)
			o.isProblem("GET /outcomes?"+query, h, unfit)
			if h.body["code"] != codeTooNarrow || h.body["zh"] == "" || !strings.Contains(h.body["en"].(string), "whole year") {
				t.Errorf("GET /outcomes?%s: %s", query, h.bytes)
			}
			cells++
		}
		for _, query := range []string{"as_of=2012-07-02", "known_at=2012-07-02", "known_at=17"} {
			if h := by.gets("/reports/2012?" + query); h.status != unfit || h.body["code"] != codeTooNarrow {
				t.Errorf("GET /reports/2012?%s: %s", query, h.bytes)
			}
		}
	}
	for _, query := range []string{"known_at=2012-12-30", "from=2012-05-01"} {
		if h := o.evaluator.gets("/extracts/" + project + "?" + query); h.status != unfit || h.body["code"] != codeTooNarrow {
			t.Errorf("GET an extract with %s: %s", query, h.bytes)
		}
	}
	for _, path := range []string{"/outcomes", "/extracts/" + project, "/reports/2012"} {
		for _, query := range []string{"known_at=" + secret, "known_at=2012-02-30", "known_at=-1", "from=" + secret, secret + "=1", "to=2012-13-01"} {
			if strings.HasPrefix(path, "/reports") && !strings.HasPrefix(query, "known") {
				continue
			}
			h := o.evaluator.gets(path + "?" + query)
			o.isProblem("GET "+path+" with "+query, h, unfit)
			o.isSilent("GET "+path+" with "+query, h)
		}
	}
}

// differences are the places where two answers differ, with both values.
func differences(where string, a, b any) (all []string) {
	switch a := a.(type) {
	case body:
		other, ok := b.(body)
		if !ok || len(a) != len(other) {
			return []string{fmt.Sprintf("%s: %v, %v", where, a, b)}
		}
		for _, name := range slices.Sorted(maps.Keys(a)) {
			switch name {
			case "person": // under another key in another world
			case "rows": // in the order of the pseudonyms
				all = append(all, differences(where+"."+name, unordered(a[name]), unordered(other[name]))...)
			default:
				all = append(all, differences(where+"."+name, a[name], other[name])...)
			}
		}
		return all
	case []any:
		other, ok := b.([]any)
		if !ok || len(a) != len(other) {
			return []string{fmt.Sprintf("%s: %v, %v", where, a, b)}
		}
		for i := range a {
			all = append(all, differences(fmt.Sprint(where, "[", i, "]"), a[i], other[i])...)
		}
		return all
	case float64:
		if other, ok := b.(float64); ok && a >= disclosure.Least && other >= disclosure.Least {
			return nil // a number of enough people is told, in either world
		}
	}
	if a != b {
		return []string{fmt.Sprintf("%s: %v, %v", where, a, b)}
	}
	return nil
}

// unordered are rows as text, in the order of what they say of people whose pseudonyms are taken away.
func unordered(rows any) (said []any) {
	all, _ := rows.([]any)
	var texts []string
	for _, row := range all {
		row := maps.Clone(row.(body))
		delete(row, "person")
		texts = append(texts, fmt.Sprint(row))
	}
	slices.Sort(texts)
	for _, text := range texts {
		said = append(said, text)
	}
	return said
}

// One case that is like no other, in a world that is otherwise the same, changes nothing that an evaluator gets, but
// numbers of many people that it is one of. No number appears or disappears, no row, and no name of what is rare.
func TestARareCaseChangesNothingButNumbersOfMany(t *testing.T) {
	without := aYearOfWork(t, nil)
	with := aYearOfWork(t, func(o *office) {
		o.clock.set(time.Date(2012, 9, 10, 9, 0, 0, 0, events.Zone))
		s := o.alsoInTheHouse(o.childOf(1))
		s.comes("/cases/{id}/consents")
		s.does("/cases/{id}/closure", body{"entry": newID(), "reason": "died", "exit": "died", "outcome": "died", "after": secret})
	})
	for _, o := range []*office{without, with} {
		o.admits(project, "2013-06-30")
	}
	compared := 0
	for _, url := range asksOfNumbers {
		if url == "/programme" || url == "/extracts/"+orphans {
			continue
		}
		a, b := without.evaluator.gets(url), with.evaluator.gets(url)
		if different := differences("", a.body, b.body); a.status != b.status || len(different) > 0 {
			t.Errorf("GET %s: %v", url, different)
		}
		compared++
	}
	if !bytes.Contains(with.evaluator.sees("/outcomes").bytes, []byte(`"case_files":43`)) {
		t.Errorf("the case is not even counted: %s", with.evaluator.sees("/outcomes").bytes)
	}
	if compared < 15 {
		t.Error("little was compared")
	}
}

// In an office of few cases the same bytes are said as in one without any.
func TestFewCasesLookLikeNone(t *testing.T) {
	without, with := openOffice(t), openOffice(t)
	for range disclosure.Least - 1 {
		s := with.childOf(0)
		for _, path := range []string{"/cases/{id}/measures", "/cases/{id}/goal-ratings", "/cases/{id}/interventions", "/cases/{id}/closure"} {
			s.comes(path)
		}
	}
	for _, o := range []*office{without, with} {
		o.clock.set(time.Date(2013, 1, 15, 9, 0, 0, 0, events.Zone))
		o.arrives()
	}
	for _, url := range []string{"/outcomes", "/outcomes?project=" + project, "/reports/2012", "/outcomes?known_at=2012-07-31"} {
		for _, who := range []func(*office) person{func(o *office) person { return o.evaluator }, func(o *office) person { return o.administrator }} {
			a, b := who(without).sees(url), who(with).sees(url)
			if !same(a, b) {
				t.Errorf("GET %s by the %s: with a few cases\n%s\nwith none\n%s", url, who(with).who, b.bytes, a.bytes)
			}
		}
	}
	if h := with.evaluator.gets("/outcomes/facts?number=contacts"); h.status != http.StatusNotFound {
		t.Errorf("facts for an evaluator: %s", h.bytes)
	}
}
