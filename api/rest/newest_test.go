package rest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
)

func TestALongCaseIsShownWithItsNewestEntries(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/intake")
	o.clock.set(time.Date(2012, 12, 31, 9, 0, 0, 0, events.Zone))
	first := time.Date(2012, 7, 3, 9, 0, 0, 0, events.Zone)
	var last heard
	for n := range 120 { // a note a day
		last = o.a1.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": fmt.Sprint("note ", n), "happened_at": first.AddDate(0, 0, n)})
	}
	seventieth := "as_of=" + first.AddDate(0, 0, 69).Format(time.DateOnly)
	after := "after=" + last.body["position"].(string)
	for query, want := range map[string]struct {
		from, to int
		older    string
	}{
		"":                                      {70, 120, "map[notes:70]"},
		"&all=false":                            {70, 120, "map[notes:70]"},
		"&all=true":                             {0, 120, "<nil>"},
		"&" + seventieth:                        {20, 70, "map[notes:20]"},
		"&all=true&" + seventieth:               {0, 70, "<nil>"},
		"&as_of=" + first.Format(time.DateOnly): {0, 1, "<nil>"},
	} {
		result := o.a1.sees(s.url("/cases/{id}") + "?" + after + query).body["result"].(body)
		notes := listed(result["notes"])
		if len(notes) != want.to-want.from || fmt.Sprint(result["older"]) != want.older {
			t.Errorf("GET /cases/{id} with %q: %d notes and %v older, not %+v", query, len(notes), result["older"], want)
			continue
		}
		for i, note := range notes {
			if said := note["fact"].(body)["text"]; said != fmt.Sprint("note ", want.from+i) {
				t.Errorf("GET /cases/{id} with %q: note %d of %d says %q", query, i, len(notes), said)
			}
		}
	}
	if every := string(o.a1.sees(s.url("/cases/{id}/timeline") + "?" + after).bytes); strings.Count(every, `"note `) != 120 {
		t.Error("the timeline has not every note")
	}
	if h := o.a1.gets(s.url("/cases/{id}") + "?all=everything"); h.status != http.StatusUnprocessableEntity {
		t.Errorf("?all=everything: %d %s", h.status, h.bytes)
	}
}

// What was computed counts the entries that are left out.
func TestWhatIsLeftOutCounts(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	contact := s.before("/cases/{id}/interventions").body(s)
	contact["reached"], contact["happened_at"] = true, time.Date(2012, 7, 2, 10, 0, 0, 0, events.Zone)
	o.clock.set(time.Date(2012, 7, 9, 9, 0, 0, 0, events.Zone))
	s.does("/cases/{id}/interventions", contact)
	var last heard
	for range newest {
		contact["entry"], contact["reached"] = newID(), false
		contact["happened_at"] = time.Date(2012, 7, 8, 9, 0, 0, 0, events.Zone)
		contact["person_times"], contact["present"] = 0, []body{}
		last = s.does("/cases/{id}/interventions", contact)
	}
	result := o.a1.sees(s.url("/cases/{id}") + "?after=" + last.body["position"].(string)).body["result"].(body)
	if len(listed(result["interventions"])) != newest || fmt.Sprint(result["older"]) != "map[interventions:1]" || result["last_contact"] != "2012-07-02" {
		t.Errorf("%d interventions, older %v, the last contact on %v", len(listed(result["interventions"])), result["older"], result["last_contact"])
	}
}
