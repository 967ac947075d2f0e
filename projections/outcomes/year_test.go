package outcomes

import (
	"errors"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
)

// pilot is a small pilot year: two projects, two targets, figures as published.
func pilot(t *testing.T) *given {
	g := newLog(t)
	for _, fact := range []events.Event{
		events.AgencyFounded{Agency: "chuxin"},
		events.AgencyFounded{Agency: "xinxing"},
		events.ProjectLaunched{Project: "home", Agency: "chuxin", Category: "street_child"},
		events.ProjectLaunched{Project: "growth", Agency: "chuxin", Category: "orphan"},
		events.PostEstablished{Post: "1", Kind: "institution"},
		events.PostEstablished{Post: "2", Kind: "community"},
		events.PostEstablished{Post: "2", Kind: "institution"}, // said anew
		events.TargetSet{Project: "home", Year: 2012, Count: "case_files", Number: 4},
		events.TargetSet{Year: 2012, Count: "person_times", Number: 0},
		events.TargetSet{Project: "home", Year: 2013, Count: "case_files", Number: 9},
		events.ClaimPublished{About: "case_files", Year: 2012, Number: 2, Unit: "个", Source: "长江日报"},
		events.ClaimPublished{About: "training", Year: 2012, Number: 2530, Unit: "名", Source: "长江日报"},
		events.ClaimPublished{About: "training", Year: 2012, Number: 2000, Unit: "人次", Source: "长江日报"},
		events.ClaimPublished{About: "posts_institution", Year: 2012, Number: 3, Unit: "个", Source: "长江日报"},
	} {
		g.on("2012-05-18", events.ProgrammeStream, fact)
	}
	g.open("2012-06-01", "home")
	g.contact("2012-06-02", g.open("2012-06-01", "growth"), 2)
	g.open("2013-01-02", "home")
	return g
}

func TestAYearStandsBesideWhatWasPublished(t *testing.T) {
	g := pilot(t)
	g.report(t, Asked{})
	y, _, err := Year(t.Context(), g.db, 2012, "2013-01-04", projections.Latest)
	if err != nil {
		t.Fatal(err)
	}
	if y.CaseFiles != 2 || y.PersonTimes != 2 || y.Projects != 2 || y.Agencies != 2 || y.AgenciesAtWork != 1 || y.Posts != 2 {
		t.Errorf("counted %s", text(y))
	}
	claims := map[string]string{}
	for _, c := range y.Claims {
		said := "not counted"
		if c.Agrees != nil {
			said = map[bool]string{true: "agrees", false: "differs"}[*c.Agrees]
		}
		claims[c.About+" "+c.Unit] = said
	}
	want := map[string]string{"case_files 个": "agrees", "training 名": "not counted", "training 人次": "not counted", "posts_institution 个": "differs"}
	if text(claims) != text(want) {
		t.Errorf("got %s, want %s", text(claims), text(want))
	}
}

func TestDeliveryIsMeasuredByTheTargetsOfTheYear(t *testing.T) {
	g := pilot(t)
	year := Asked{From: "2012-01-01", To: "2012-12-31", AsOf: "2012-07-01", KnownAt: projections.Latest}
	home := Delivery{Project: "home", Year: 2012, Count: "case_files", Target: 4, Reached: 1, Share: score(0.25), Gone: 0.5}
	whole := Delivery{Year: 2012, Count: "person_times", Reached: 2, Gone: 0.5}
	for _, c := range []struct {
		name string
		ask  func(Asked) Asked
		want []Delivery
	}{
		{"of the whole programme", func(a Asked) Asked { return a }, []Delivery{whole, home}},
		{"of one project", func(a Asked) Asked { a.Project = "home"; return a }, []Delivery{home}},
		{"of one category", func(a Asked) Asked { a.Category = "orphan"; return a }, []Delivery{}},
		{"of an agency", func(a Asked) Asked { a.Agency = "chuxin"; return a }, []Delivery{home}},
		{"of a site there are no targets", func(a Asked) Asked { a.Site = "station"; return a }, []Delivery{}},
		{"of half a year there are no targets", func(a Asked) Asked { a.From = "2012-06-01"; return a }, []Delivery{}},
	} {
		if got := g.report(t, c.ask(year)).Delivery; text(got) != text(c.want) {
			t.Errorf("%s: got %s, want %s", c.name, text(got), text(c.want))
		}
	}
}

func TestANumberOpensIntoItsFacts(t *testing.T) {
	g := pilot(t)
	g.report(t, Asked{})
	asked := Asked{Project: "growth", KnownAt: projections.Latest}
	list, _, err := Facts(t.Context(), g.db, asked, "contacts", 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 1 || list[0].Day != "2012-06-02" || list[0].Project != "growth" || list[0].Kind != "contact" || *list[0].Number != 2 || list[0].Entry == "" {
		t.Errorf("got %s", text(list))
	}
	if _, _, err := Facts(t.Context(), g.db, asked, "happiness", 0, 10); !errors.Is(err, ErrNoNumber) {
		t.Errorf("asked for a number that there is not, got %v", err)
	}
}
