package rest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
)

// july is nine in the morning of a day in July 2012.
func july(day int) time.Time { return time.Date(2012, 7, day, 9, 0, 0, 0, events.Zone) }

// corner is a point on both axes: how things stood on a day, as was known on a day. Empty: not asked.
type corner struct{ asOf, knownAt string }

func (c corner) query() string {
	var parts []string
	if c.asOf != "" {
		parts = append(parts, "as_of="+c.asOf)
	}
	if c.knownAt != "" {
		parts = append(parts, "known_at="+c.knownAt)
	}
	return "?" + strings.Join(parts, "&")
}

// lateAndAmended is a case that is taken in on 2 July. On the 10th a note and a contact of the 3rd are recorded; on the
// 12th it turns out that the contact was on the 5th, and served two.
func (o *office) lateAndAmended() *story {
	o.Helper()
	s := o.story(o.a1)
	s.comes("/cases/{id}/decision")
	s.comes("/cases/{id}/consents")
	late := func(path string) {
		content := s.fills(path)
		content["happened_at"] = july(3)
		s.does(path, content)
	}
	o.clock.set(july(10))
	late("/cases/{id}/notes")
	late("/cases/{id}/interventions")
	o.clock.set(july(12))
	contact := s.fills("/cases/{id}/interventions")
	contact["person_times"] = 2
	contact["present"] = []body{{"who": "client", "served": true}, {"who": "guardian", "served": true}}
	s.does("/cases/{id}/amendments", body{
		"entry": newID(), "amends": s.id("/cases/{id}/interventions"), "why": secret, "happened_at": july(5), "now": body{"intervention": contact},
	})
	o.clock.set(july(20))
	s.arrives()
	return s
}

// What was so on a day, as was known on a day: person-times of the contact, 0 where there was none, and how many notes.
var corners = map[corner]struct{ personTimes, notes int }{
	{"2012-07-02", "2012-07-02"}: {0, 0},
	{"2012-07-04", "2012-07-04"}: {0, 0}, // then, as known then
	{"2012-07-04", "2012-07-10"}: {1, 1}, // then, when it was recorded
	{"2012-07-04", "2012-07-12"}: {0, 1}, // then, when it was corrected
	{"2012-07-04", ""}:           {0, 1}, // then, as known now
	{"2012-07-06", "2012-07-04"}: {0, 0},
	{"2012-07-06", "2012-07-11"}: {1, 1},
	{"2012-07-06", "2012-07-12"}: {2, 1},
	{"2012-07-20", "2012-07-09"}: {0, 0}, // now, as known then
	{"2012-07-20", "2012-07-10"}: {1, 1},
	{"", "2012-07-04"}:           {0, 0}, // the day of known_at
	{"", "2012-07-10"}:           {1, 1},
	{"", "2012-07-20"}:           {2, 1},
	{"", ""}:                     {2, 1}, // now, as known now
	{"2012-07-02", ""}:           {0, 0},
}

func TestACaseOnEveryCornerOfBothTimes(t *testing.T) {
	o := openOffice(t)
	s := o.lateAndAmended()
	for at, want := range corners {
		result := s.shows("/cases/"+s.id("cases"), at)["result"].(body)
		served := 0.0
		for _, contact := range listed(result["interventions"]) {
			served += contact["fact"].(body)["person_times"].(float64)
		}
		notes := listed(result["notes"])
		if int(served) != want.personTimes || len(notes) != want.notes {
			t.Errorf("%+v: %v person-times and %d notes, not %+v", at, served, len(notes), want)
		}
		for _, note := range notes {
			if note["day"] != "2012-07-03" || note["fact"].(body)["text"] != secret {
				t.Errorf("%+v: the note is %v", at, note)
			}
		}
	}
}

func TestANumberOnEveryCornerOfBothTimes(t *testing.T) {
	o := openOffice(t)
	s := o.lateAndAmended()
	for at, want := range corners {
		for _, filter := range []string{"", "&project=" + project, "&category=street_child", "&from=2012-07-01"} {
			result := s.shows("/outcomes", corner{at.asOf, at.knownAt + filter})["result"].(body)
			served := result["person_times"].(body)["cases"].(float64)
			if int(served) != want.personTimes || (result["contacts"].(float64) == 1) != (want.personTimes > 0) {
				t.Errorf("%+v%s: %v person-times in %v contacts, not %d", at, filter, served, result["contacts"], want.personTimes)
			}
			facts := listed(s.shows("/outcomes/facts?number=person_times", corner{at.asOf, at.knownAt + filter})["result"])
			sum := 0.0
			for _, fact := range facts {
				sum += fact["number"].(float64)
			}
			if int(sum) != want.personTimes {
				t.Errorf("%+v%s: the facts behind it come to %v, not %d", at, filter, sum, want.personTimes)
			}
		}
	}
}

// shows asks as the one who may, and checks the form of the answer.
func (s *story) shows(url string, at corner) body {
	s.Helper()
	query := at.query()
	if strings.Contains(url, "?") {
		query = "&" + query[1:]
	}
	by := s.a1
	if strings.HasPrefix(url, "/outcomes") || strings.HasPrefix(url, "/reports") {
		by = s.a
	}
	h := by.sees(url + query)
	cells++
	if names := slices.Sorted(maps.Keys(h.body)); !slices.Equal(names, []string{"asked", "position", "result"}) {
		s.Errorf("GET %s has %v", url+query, names)
	}
	asked := h.body["asked"].(body)
	known, _, _ := strings.Cut(at.knownAt, "&")
	day := at.asOf
	if day == "" {
		if day = known; day == "" {
			day = "2012-07-20"
		}
	}
	if asked["as_of"] != day || known != "" && asked["known_at"] != known {
		s.Errorf("GET %s was asked %v", url+query, asked)
	}
	if _, ok := h.body["position"].(string); !ok {
		s.Errorf("GET %s rests on %v", url+query, h.body["position"])
	}
	return h.body
}

func listed(list any) (all []body) {
	some, _ := list.([]any)
	for _, one := range some {
		all = append(all, one.(body))
	}
	return all
}

// A position is a point too: what was known when it was written, and nothing after.
func TestKnownAtAPosition(t *testing.T) {
	o := openOffice(t)
	s := o.lateAndAmended()
	url := "/cases/" + s.id("cases")
	late := s.done["/cases/{id}/notes"].body["position"].(string)
	for known, notes := range map[string]int{late: 1, fmt.Sprint(at64(late) - 1): 0, "9223372036854775807": 1, "18446744073709551615": 1} {
		h := s.a1.sees(url + "?known_at=" + known)
		if got := len(listed(h.body["result"].(body)["notes"])); got != notes {
			t.Errorf("known at %s: %d notes, not %d", known, got, notes)
		}
		if rests := at64(h.body["position"].(string)); float64(rests) > float64(at64(known)) {
			t.Errorf("known at %s rests on %d", known, rests)
		}
	}
	if h := s.a1.gets(url + "?known_at=0"); h.status != hidden {
		t.Errorf("before everything: %d %s", h.status, h.bytes)
	}
	for _, audit := range []string{url + "/audit", "/audit"} {
		for _, row := range listed(o.a.sees(audit + "?known_at=" + late).body["result"]) {
			if at64(row["position"].(string)) > at64(late) {
				t.Errorf("GET %s as known at %s shows %v", audit, late, row["position"])
			}
		}
	}
}

func at64(position string) uint64 {
	var p events.Position
	if err := p.UnmarshalText([]byte(position)); err != nil {
		panic(err)
	}
	return uint64(p)
}

// An audit goes by what was recorded when: with what an entry said before it was amended, and after.
func TestAnAuditShowsWhatWasSaidBeforeAndAfter(t *testing.T) {
	o := openOffice(t)
	s := o.lateAndAmended()
	rows := listed(s.a1.sees("/cases/" + s.id("cases") + "/audit").body["result"])
	last := rows[len(rows)-1]
	before, after := last["said_before"].(body), last["said_after"].(body)
	if last["type"] != "case.entry-amended" || before["day"] != "2012-07-03" || after["day"] != "2012-07-05" {
		t.Fatalf("%v", last)
	}
	if before["fact"].(body)["person_times"] != 1.0 || after["fact"].(body)["person_times"] != 2.0 || after["why"] != secret {
		t.Errorf("before %v, after %v", before, after)
	}
	for as, want := range map[string]int{"2012-07-09": 3, "2012-07-10": 5, "2012-07-12": 6} {
		if got := len(listed(s.a1.sees("/cases/" + s.id("cases") + "/audit?as_of=" + as).body["result"])); got != want {
			t.Errorf("up to %s there are %d facts, not %d", as, got, want)
		}
	}
}

// Whoever asks with the position of a command finds in every view what it recorded, at once.
func TestACommandIsSeenAfterItsPosition(t *testing.T) {
	o := openOffice(t)
	for range 20 {
		s := o.story(o.a1)
		s.comes("/cases/{id}/decision")
		assigned := o.a1.does(s.url("/cases/{id}/assignments"), body{"entry": newID(), "worker": o.a2.id, "role": "responsible"})
		after := "?after=" + assigned.body["position"].(string)
		for path, shows := range map[string]string{
			"/cases/" + s.id("cases"): o.a2.id.String(), "/cases/" + s.id("cases") + "/timeline": "case.worker-assigned",
			"/cases/" + s.id("cases") + "/audit": "case.worker-assigned", "/caseload": s.id("cases"), "/clients/" + s.id("clients"): secret,
		} {
			if h := o.a2.gets(path + after); h.status != http.StatusOK || !strings.Contains(string(h.bytes), shows) {
				t.Fatalf("GET %s%s by the new worker: %d %s", path, after, h.status, h.bytes)
			}
			cells++
		}
		counted := fmt.Sprint(listed(o.a.sees("/outcomes/facts?number=case_files&limit=1000" + strings.Replace(after, "?", "&", 1)).body["result"]))
		if !strings.Contains(counted, s.done["/cases/{id}/decision"].body["position"].(string)) {
			t.Fatalf("the new file is not counted: %s", counted)
		}
	}
}

func TestTheETagIsTheVersionThatIfMatchWants(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	for path, correct := range map[string]string{
		"/cases/{id}": "/cases/{id}/retractions", "/clients/{id}": "/clients/{id}/details", "/groups/{id}": "/groups/{id}/attendance-corrections",
		"/activities/{id}": "/activities/{id}/count-corrections",
	} {
		h := o.a1.sees(s.url(path))
		version := h.header.Get("ETag")
		if path == "/cases/{id}" && version != fmt.Sprintf(`"%v"`, h.body["result"].(body)["version"]) {
			t.Errorf("GET %s: ETag %s, version %v", path, version, h.body["result"].(body)["version"])
		}
		if last := s.seen[kindOf(path)]; version != last {
			t.Errorf("GET %s: ETag %s, and the last command was answered with %s", path, version, last)
		}
		content := s.fills(correct)
		content["entry"] = newID()
		if path == "/cases/{id}" {
			content["retracts"] = s.id("/cases/{id}/flags")
		}
		o.a1.does(s.url(correct), content, "If-Match", version)
		if then := o.a1.sees(s.url(path) + "?as_of=2012-07-01"); path == "/clients/{id}" && then.header.Get("ETag") == "" {
			t.Errorf("GET %s of a past day has no ETag", path)
		}
	}
}
