package demo_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/demo"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

func programmeOf(t *testing.T, log events.Store) (p programme.Programme) {
	t.Helper()
	if err := desks(log, keys).Programme.Look(t.Context(), events.ProgrammeStream, func(state programme.Programme, _ int) { p = state }); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTheProgrammeIsThePublishedOne(t *testing.T) {
	p := programmeOf(t, loaded(t))
	if len(p.Commissioners()) != 6 || len(p.Agencies()) != 4 || len(p.Projects()) != 10 || len(p.Grants()) != 4 || len(p.Stations()) != 20 {
		t.Errorf("%d commissioners, %d agencies, %d projects, %d grants, %d stations", len(p.Commissioners()), len(p.Agencies()), len(p.Projects()), len(p.Grants()), len(p.Stations()))
	}
	for kind, want := range map[string]int{"institution": 41, "community": 20, "dispatched": 39} {
		if got := len(p.PostsOf(kind)); got != want {
			t.Errorf("%d %s posts, %d are published", got, kind, want)
		}
	}
	for _, project := range p.Projects() {
		if len(p.Sites(project.Project)) == 0 {
			t.Errorf("%s has no site", project.Project)
		}
	}
	for _, post := range p.Posts() {
		if _, held := p.Holder(post.Post); !held {
			t.Errorf("nobody is on %s", post.Post)
		}
	}
	for _, grant := range p.Grants() {
		if grant.AmountFen != 35_000_00 || !grant.Assumed {
			t.Errorf("grant %+v", grant)
		}
	}
	var training []int
	for _, claim := range p.Claims(2012) {
		if claim.About == "training" && claim.Source != "" {
			training = append(training, claim.Number)
		}
	}
	if !slices.Equal(training, []int{2530, 2000}) {
		t.Errorf("claims about training: %v, published are 2530 and 2000", training)
	}
	founded := slices.ContainsFunc(p.Projects(), func(project programme.Project) bool { return project.Agency == "xinxing" })
	if founded {
		t.Error("an agency that was only founded has a project")
	}
}

func TestWhoeverHasACaseHasASupervisor(t *testing.T) {
	log := loaded(t)
	p := programmeOf(t, log)
	for r, err := range log.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if assigned, ok := r.Event.(events.WorkerAssigned); ok {
			worker, known := p.Worker(assigned.Worker)
			if !known || worker.Supervisor == uuid.Nil {
				t.Errorf("%s is given to a worker without a supervisor", r.Stream)
			}
		}
	}
}

func TestTheChildOfTheExamplesIsThere(t *testing.T) {
	log, known := loaded(t), demo.Notable()
	p := programmeOf(t, log)
	err := desks(log, keys).Cases.Look(t.Context(), events.Stream("case", known.Case), func(c cases.Case, _ int) {
		if c.Worker != known.Worker || c.Intake.Client != known.Child || c.Intake.Project != known.Project || c.Intake.Site != known.Site {
			t.Errorf("worker %s, client %s, %s at %s", c.Worker, c.Intake.Client, c.Intake.Project, c.Intake.Site)
		}
		if c.Stage != cases.Open || c.Episode != 2 {
			t.Errorf("it is %s in episode %d; it was closed and reopened", c.Stage, c.Episode)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Supervises(known.Supervisor, known.Worker) || !p.Supervises(known.Supervisor, known.Colleague) || p.Supervises(known.Supervisor, known.Elsewhere) {
		t.Error("the supervisor supervises the worker and the colleague, and not who is elsewhere")
	}
	err = desks(log, keys).Clients.Look(t.Context(), events.Stream("client", known.Child), func(c clients.Client, _ int) {
		if name, err := c.Details.Name.Open(t.Context(), keys, events.Stream("client", known.Child)); err != nil || name != "龙𠮷生" {
			t.Errorf("the name is %q (%v)", name, err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestNobodyRealIsInIt(t *testing.T) {
	log := loaded(t)
	for r, err := range log.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		registered, ok := r.Event.(events.ClientRegistered)
		if !ok {
			continue
		}
		number, _ := registered.IDNumber.Open(t.Context(), keys, r.Stream)
		phone, _ := registered.Phone.Open(t.Context(), keys, r.Stream)
		if number != "" && checks(number) {
			t.Errorf("the identity number in %s could be somebody's", r.Stream)
		}
		if phone != "" && !strings.HasPrefix(phone, "027-0") {
			t.Errorf("the telephone number in %s could be somebody's", r.Stream)
		}
	}
}

// checks tells whether the check digit of an identity number is right (GB 11643, ISO 7064 MOD 11-2).
func checks(number string) bool {
	rest := 0
	for _, digit := range number[:17] {
		rest = (rest + int(digit-'0')) * 2 % 11
	}
	return "0123456789X"[(12-rest)%11] == number[17]
}

func TestTheTotalsAreThoseOfTheAccount(t *testing.T) {
	text, err := os.ReadFile("data/wuhan-2012.json")
	if err != nil {
		t.Fatal(err)
	}
	var account struct {
		Totals map[string]int `json:"service_totals_2012"`
	}
	if err := json.Unmarshal(text, &account); err != nil {
		t.Fatal(err)
	}
	got := count(t, loaded(t), "2012-12-31", "2013-01-03")
	for key, n := range map[string]int{
		"community_activities": got.activities, "group_sessions": got.sessions, "case_files": got.caseFiles, "person_times_served": got.personTimes,
	} {
		if account.Totals[key] != n {
			t.Errorf("%s: %d counted, %d published", key, n, account.Totals[key])
		}
	}
}

func TestSomeOfItIsCorrected(t *testing.T) {
	log := loaded(t)
	said, amendments := map[string]int{}, map[uuid.UUID]bool{}
	for r, err := range log.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		said[r.Event.Type()]++
		switch fact := r.Event.(type) {
		case events.EntryAmended:
			amendments[fact.Entry] = true
			said["amended "+fact.Now.Type()]++
		case events.EntryRetracted:
			if amendments[fact.Retracts] {
				said["an amendment retracted"]++
			}
		}
	}
	for _, what := range []string{
		"amended case.measure-taken", "amended case.intervention-recorded", "amended case.note-recorded", "case.entry-retracted",
		"an amendment retracted", "group.attendance-corrected", "activity.count-corrected",
	} {
		if said[what] == 0 {
			t.Errorf("no %s", what)
		}
	}
}
