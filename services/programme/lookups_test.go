package programme_test

import (
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

var whole = given(staffed, worker(zhao, "post-3", wang), licensed, trained,
	events.TrainingRecorded{Worker: li, Kind: "专题讲座", Hours: 4, Day: "2012-09-01"},
	grant, target, events.TargetSet{Year: 2013, Count: "case_files", Number: 500}, claim, admitted)

func TestWhatIsThereIsFoundAndWhatIsNotIsNot(t *testing.T) {
	p := folded(whole...)
	for name, ok := range map[string][2]bool{
		"commissioner": {found(p.Commissioner("civil-affairs")), found(p.Commissioner("chuxin"))},
		"agency":       {found(p.Agency("chuxin")), found(p.Agency("boya"))},
		"station":      {found(p.Station("jiuzhu")), found(p.Station(""))},
		"project":      {found(p.Project("bring-home")), found(p.Project("home"))},
		"site":         {found(p.Site("bring-home", "rescue-station")), found(p.Site("other", "rescue-station"))},
		"post":         {found(p.Post("post-1")), found(p.Post("post-9"))},
		"worker":       {found(p.Worker(li)), found(p.Worker(uuid.Nil))},
		"holder":       {found(p.Holder("post-1")), found(p.Holder("post-9"))},
		"target":       {found(p.Target("bring-home", 2012, "case_files")), found(p.Target("", 2012, "case_files"))},
	} {
		if ok != [2]bool{true, false} {
			t.Errorf("%s: found %t, and what is not there %t", name, ok[0], ok[1])
		}
	}
}

func found[V any](_ V, ok bool) bool { return ok }

func TestListsAreInTheOrderInWhichThingsCame(t *testing.T) {
	p := folded(whole...)
	var posts []string
	for _, post := range p.Posts() {
		posts = append(posts, post.Post)
	}
	if !slices.Equal(posts, []string{"post-1", "post-2", "post-3"}) {
		t.Errorf("posts %v", posts)
	}
	for name, n := range map[string][2]int{
		"commissioners":           {len(p.Commissioners()), 1},
		"agencies":                {len(p.Agencies()), 1},
		"stations":                {len(p.Stations()), 1},
		"projects":                {len(p.Projects()), 1},
		"sites of the project":    {len(p.Sites("bring-home")), 1},
		"sites of another":        {len(p.Sites("other")), 0},
		"agreements":              {len(p.Agreements()), 1},
		"posts in institutions":   {len(p.PostsOf("institution")), 3},
		"posts in communities":    {len(p.PostsOf("community")), 0},
		"workers":                 {len(p.Workers()), 3},
		"trainings of one worker": {len(p.Trainings(li)), 2},
		"trainings of another":    {len(p.Trainings(wang)), 0},
		"grants":                  {len(p.Grants()), 1},
		"targets of a year":       {len(p.Targets(2012)), 1},
		"claims about a year":     {len(p.Claims(2012)), 1},
		"claims about another":    {len(p.Claims(2013)), 0},
	} {
		if n[0] != n[1] {
			t.Errorf("%d %s, want %d", n[0], name, n[1])
		}
	}
	if nothing := (programme.Programme{}); nothing.Projects() == nil || nothing.Team(li) == nil {
		t.Error("an empty list is null")
	}
}

func TestATeamIsTheSupervisorAndAllWhoReport(t *testing.T) {
	p := folded(whole...) // li ← wang ← zhao
	for _, of := range []struct {
		supervisor uuid.UUID
		team       []uuid.UUID
	}{
		{li, []uuid.UUID{li, wang, zhao}},
		{wang, []uuid.UUID{wang, zhao}},
		{zhao, []uuid.UUID{zhao}},
		{uuid.Max, nil},
	} {
		if got := p.Team(of.supervisor); !slices.Equal(got, of.team) {
			t.Errorf("team %v, want %v", got, of.team)
		}
	}
	if !p.Supervises(li, zhao) || p.Supervises(zhao, li) || p.Supervises(li, li) || p.Supervises(uuid.Nil, li) {
		t.Error("who supervises whom is wrong")
	}
}

func TestACycleInTheLogEnds(t *testing.T) {
	p := folded(given(staffed, worker(li, "post-1", wang))...)
	if got := p.Team(li); !slices.Equal(got, []uuid.UUID{li, wang}) {
		t.Errorf("team %v", got)
	}
	if p.Supervises(zhao, li) {
		t.Error("a stranger supervises")
	}
}

func TestAWorkerIsAsLastRegistered(t *testing.T) {
	p := folded(given(whole, worker(li, "post-1", zhao))...)
	w, _ := p.Worker(li)
	if w.ID != li || w.Post != "post-1" || w.Supervisor != zhao || w.Name.IsZero() {
		t.Errorf("worker %+v", w)
	}
	if len(w.Licences) != 1 || w.TrainingHours != 20 {
		t.Errorf("%d licences and %d hours after a move, want 1 and 20", len(w.Licences), w.TrainingHours)
	}
}

func TestAnswersAreTheCallersToKeep(t *testing.T) {
	p := folded(whole...)
	w, _ := p.Worker(li)
	w.Licences[0].Licence = "changed"
	p.Workers()[0].Licences[0].Licence = "changed"
	h, _ := p.Holder("post-1")
	h.Licences[0].Licence = "changed"
	p.Agreements()[0].Projects[0] = "changed"
	p.Team(li)[0] = zhao
	p.Projects()[0].Project = "changed"
	w, _ = p.Worker(li)
	if w.Licences[0].Licence != "social_worker" || p.Agreements()[0].Projects[0] != "bring-home" ||
		p.Team(li)[0] != li || p.Projects()[0].Project != "bring-home" {
		t.Error("changing an answer changed the programme")
	}
}
