package rest

import (
	"bytes"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/disclosure"
)

// rowsOf are the rows of an extract.
func rowsOf(h heard) (rows []body) {
	for _, row := range h.body["result"].(body)["rows"].([]any) {
		rows = append(rows, row.(body))
	}
	return rows
}

func TestAnExtractIsForWhoIsAdmittedToTheProject(t *testing.T) {
	o := aYearOfWork(t, nil)
	url := "/extracts/" + project
	nothing := o.evaluator.gets("/cases/" + newID())
	isHidden := func(when string, h heard) {
		t.Helper()
		if !same(h, nothing) {
			t.Errorf("%s: %d %s", when, h.status, h.bytes)
		}
	}
	isHidden("before anyone is admitted", o.evaluator.gets(url))
	isHidden("of a project that there is not", o.evaluator.gets("/extracts/elsewhere"))
	o.admits(orphans, "2013-06-30")
	isHidden("admitted to another project", o.evaluator.gets(url))
	o.admits(project, "2013-01-15")
	if h := o.evaluator.sees(url); len(rowsOf(h)) != 30 {
		t.Errorf("thirty cases: %s", h.bytes)
	}
	for _, other := range []person{o.a, o.a1, o.administrator} {
		isHidden("by "+other.who, other.gets(url))
	}
	o.clock.set(time.Date(2013, 1, 16, 9, 0, 0, 0, events.Zone))
	isHidden("on the day after the last", o.evaluator.gets(url))
	o.admits(project, "2013-06-30")
	o.evaluator.sees(url)
	o.admits(project, "2013-01-01")
	isHidden("when the admission was ended", o.evaluator.gets(url))
	h := o.administrator.sends("/programme/admissions", body{"evaluator": "administrator:office", "project": project, "until": "2013-06-30", "purpose": "evaluation"})
	if h.status != http.StatusConflict || h.body["code"] != "self-admission" {
		t.Errorf("someone admits themselves: %s", h.bytes)
	}
}

// Every row looks like those of nine other people at least, and the answer says what had to be coarsened for that.
func TestEveryRowOfAnExtractLooksLikeThoseOfTen(t *testing.T) {
	o := aYearOfWork(t, nil)
	for _, p := range []string{project, orphans} {
		o.admits(p, "2013-06-30")
		before := o.readLogEnds()
		h := o.evaluator.sees("/extracts/" + p)
		result := h.body["result"].(body)
		rows := rowsOf(h)
		if left := o.entries(before); len(left) != 1 || left[0].Event.(events.Exported).Rows != len(rows) || left[0].Event.(events.Exported).What != "extract" {
			t.Errorf("it left %+v", left)
		}
		for _, row := range rows {
			people := make(map[any]bool)
			for _, other := range rows {
				if other["age"] == row["age"] && other["sex"] == row["sex"] && other["site"] == row["site"] && other["category"] == row["category"] {
					people[other["person"]] = true
				}
			}
			if len(people) < disclosure.K {
				t.Errorf("only %d people look like %v", len(people), row)
			}
		}
		coarsened := fmt.Sprint(result["coarsened"])
		for _, what := range []string{"age", "sex", "site", "category"} {
			is := rows[0][what] == "any" || strings.HasPrefix(rows[0][what].(string), "under_18")
			if is != strings.Contains(coarsened, "what:"+what) {
				t.Errorf("%s is told as %v; coarsened is said to be %s", what, rows[0][what], coarsened)
			}
		}
		if !strings.Contains(coarsened, "what:month") || result["k"] != 10.0 || result["people"] != float64(len(rows)) {
			t.Errorf("%v", result)
		}
		if again := o.evaluator.sees("/extracts/" + p); !bytes.Equal(again.bytes, h.bytes) {
			t.Errorf("asked again: %s", again.bytes)
		}
	}
}

// A person is the same one in every extract of a project, and another in another project.
func TestAPseudonymIsOfOneProject(t *testing.T) {
	o := aYearOfWork(t, nil)
	o.admits(project, "2013-06-30")
	o.admits(orphans, "2013-06-30")
	people := func(url string) map[string]bool {
		all := make(map[string]bool)
		for _, row := range rowsOf(o.evaluator.sees(url)) {
			person := row["person"].(string)
			if !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(person) {
				t.Errorf("%q is no pseudonym", person)
			}
			all[person] = true
		}
		return all
	}
	street, home := people("/extracts/"+project), people("/extracts/"+orphans)
	if len(street) != 30 || len(home) != 12 {
		t.Fatalf("%d and %d people", len(street), len(home))
	}
	for person := range home { // each of them has a case in the other project too
		if street[person] {
			t.Errorf("%s is found in both projects", person)
		}
	}
	for person := range people("/extracts/" + project + "?known_at=2012-12-31") {
		if !street[person] {
			t.Errorf("as known then, someone is called %s", person)
		}
	}
}

func TestAnExtractOfTooFewIsRefused(t *testing.T) {
	o := openOffice(t)
	o.wholeStory(o.a1)
	o.admits(project, "2013-06-30")
	o.clock.set(time.Date(2013, 1, 15, 9, 0, 0, 0, events.Zone))
	for _, query := range []string{"", "?from=2011-01-01", "?from=2013-01-01"} {
		h := o.evaluator.gets("/extracts/" + project + query)
		o.isProblem("GET an extract"+query, h, unfit)
		if h.body["code"] != codeTooFew {
			t.Errorf("GET an extract%s: %s", query, h.bytes)
		}
	}
}
