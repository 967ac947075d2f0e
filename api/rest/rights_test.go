package rest

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

func TestThePurposesOfTheContractAreThoseOfTheRules(t *testing.T) {
	field, _ := reflect.TypeFor[Purposed]().FieldByName("Purpose")
	if got := strings.Split(field.Tag.Get("enum"), ","); !slices.Equal(got, rights.Purposes) {
		t.Errorf("%v", got)
	}
}

func TestAPurposeIsACodeAndNothingElse(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	for _, path := range []string{"/cases/{id}", "/cases/{id}/timeline", "/cases/{id}/audit", "/cases/{id}/duty"} {
		for _, purpose := range []string{secret, "c0ffee5ec2e7", "CARE", "care,crisis", " "} {
			r := request(http.MethodGet, s.url(path), nil)
			query := r.URL.Query()
			query.Set("purpose", purpose)
			r.URL.RawQuery = query.Encode()
			h := o.a1.asks(r)
			o.isProblem("GET "+path, h, unfit)
			o.isSilent("GET "+path, h)
			cells++
		}
	}
}

// Who is let in for a time is in until that time, by the clock of the request, and in no list after it.
func TestWhatIsGrantedEndsByItself(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/assignments")
	url := "/cases/" + s.id("cases")
	until := o.clock.now().Add(time.Hour)
	o.a.does(url+"/grants", body{"entry": newID(), "worker": o.b1.id, "until": until, "purpose": "cover"})
	o.arrives()
	in := func(when string, status, rows int) {
		t.Helper()
		if h := o.b1.gets(url); h.status != status {
			t.Errorf("%s: %d", when, h.status)
		}
		if list := o.b1.sees("/caseload").body["result"].([]any); len(list) != rows {
			t.Errorf("%s: %d in the caseload", when, len(list))
		}
	}
	in("when it is granted", http.StatusOK, 1)
	o.clock.set(until.Add(-time.Minute))
	in("just before it ends", http.StatusOK, 1)
	o.clock.set(until)
	in("when it has ended", hidden, 0)
}

// The list of a past day has nothing that may not be seen today.
func TestTheCaseloadOfAPastDayIsWhatMayBeSeenToday(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/assignments")
	o.clock.set(o.clock.now().AddDate(0, 0, 7))
	o.a.does(s.url("/cases/{id}/assignments"), body{"entry": newID(), "worker": o.b1.id, "role": "responsible"})
	o.arrives()
	for _, p := range []person{o.a1, o.a} {
		if list := p.sees("/caseload?as_of=2012-07-03").body["result"].([]any); len(list) != 0 {
			t.Errorf("%s still finds a case that was handed over", p.who)
		}
	}
	if list := o.b1.sees("/caseload").body["result"].([]any); len(list) != 1 {
		t.Errorf("who has it now finds %d cases", len(list))
	}
}

// Declaring a conflict of interest is the last that someone does in a case; nobody undoes their own.
func TestAConflictOfInterestClosesTheCaseAtOnce(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/assignments")
	url := "/cases/" + s.id("cases")
	declare := func(by person, of uuid.UUID) heard {
		return by.sends(url+"/conflicts", body{"entry": newID(), "worker": of, "kind": "kin", "reason": secret})
	}
	if h := declare(o.a1, o.a2.id); h.status != hidden {
		t.Errorf("a worker declares a conflict of another: %d", h.status)
	}
	if h := declare(o.a1, o.a1.id); h.status != http.StatusCreated {
		t.Fatalf("a worker declares their own: %d %s", h.status, h.bytes)
	}
	lift := body{"entry": newID(), "worker": o.a1.id, "reason": secret}
	for path, h := range map[string]heard{"GET": o.a1.gets(url), "POST": o.a1.sends(url+"/notes", body{"entry": newID(), "kind": "process", "text": secret}), "lifting it": o.a1.sends(url+"/conflict-liftings", lift)} {
		if h.status != hidden {
			t.Errorf("afterwards, %s: %d", path, h.status)
		}
	}
	if h := o.a.sends(url+"/assignments", body{"entry": newID(), "worker": o.a1.id, "role": "co_worker"}); h.body["code"] != "conflict" {
		t.Errorf("they are assigned again: %s", h.bytes)
	}
	if h := declare(o.a, o.a.id); h.status != http.StatusCreated {
		t.Fatalf("a supervisor declares their own: %d", h.status)
	}
	if h := o.a.gets(url); h.status != hidden {
		t.Errorf("the supervisor still sees it: %d", h.status)
	}
	if h := o.a.sends(url+"/conflict-liftings", lift); h.status != hidden {
		t.Errorf("a supervisor in conflict lifts the conflict of another: %d", h.status)
	}
}

// An agency answers what was referred to it, and not what was referred to another.
func TestTheReceiverOfAReferralAnswersTheirOwn(t *testing.T) {
	m := openMatrix(t, [][]string{{"receiver of a referral"}})
	s, me := m.scenes[0], m.me["supervisor"]
	theirs, mine := newID(), s.id("/cases/{id}/referrals")
	m.other.does(s.url("/cases/{id}/referrals"), body{
		"entry": theirs, "to": otherAgency, "reason": secret, "basis": "minors_act_2006_rescue", "basis_reason": secret,
	})
	m.arrives()
	answer := func(referral string) heard {
		return me.sends(s.url("/cases/{id}/referral-answers"), body{"entry": newID(), "referral": referral, "answer": "accepted"})
	}
	m.isNothing("an answer to what was referred to others", answer(theirs))
	m.isNothing("an answer to nothing", answer(newID()))
	if text := string(me.sees(s.url("/cases/{id}/referrals")).bytes); strings.Contains(text, theirs) || !strings.Contains(text, mine) {
		t.Errorf("what was referred to them is shown as %s", text)
	}
	if h := answer(mine); h.status != http.StatusCreated {
		t.Errorf("an answer to their own: %d %s", h.status, h.bytes)
	}
}

// A no takes the same time of a case of years that has to be read, of one that is known, and of none.
func TestANoTakesItsTimeWhateverThereIs(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/assignments")
	for range 200 {
		o.a1.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret})
	}
	noTakes = 50 * time.Millisecond
	defer func() { noTakes = 0 }()
	there, note := "/cases/"+s.id("cases"), body{"entry": newID(), "kind": "process", "text": secret}
	asks := map[string]func(url string) heard{
		"GET":  func(url string) heard { return o.b1.gets(url) },
		"POST": func(url string) heard { return o.b1.sends(url+"/notes", note) },
		"an intake": func(string) heard {
			return o.b1.sends("/cases/"+newID()+"/intake", o.story(o.b1).fills("/cases/{id}/intake"))
		},
		"a role": func(url string) heard { return o.administrator.gets(url) },
	}
	o.app.Cases = services.NewDesk[cases.Case](o.app.Log, o.app.Keys) // as after a restart
	for what, ask := range asks {
		for _, url := range []string{there, there, "/cases/" + newID()} {
			began := time.Now()
			h := ask(url)
			if took := time.Since(began); h.status != hidden && h.status != http.StatusConflict || took < noTakes {
				t.Errorf("%s: %d after %s", what, h.status, took)
			}
			cells++
		}
	}
}
