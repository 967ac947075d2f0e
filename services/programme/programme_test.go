package programme_test

import (
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/programme"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

type (
	rules = []spec.Spec[programme.Programme]
	facts = []events.Event
)

var (
	li, wang, zhao = spec.ID("li"), spec.ID("wang"), spec.ID("zhao")

	bureau  = events.CommissionerNamed{Commissioner: "civil-affairs", Names: events.Names{Zh: "市民政局"}}
	chuxin  = events.AgencyFounded{Agency: "chuxin", Names: events.Names{Zh: "楚馨"}, BackedBy: "江汉大学社会学系"}
	station = events.StationOpened{Station: "jiuzhu", Names: events.Names{Zh: "救助站社工站"}, Agency: "chuxin"}
	project = events.ProjectLaunched{
		Project: "bring-home", Names: events.Names{Zh: "接送流浪孩子回家"}, Commissioner: "civil-affairs", Agency: "chuxin",
		Category: "street_child",
	}
	site      = events.SiteAdded{Project: "bring-home", Site: "rescue-station", Names: events.Names{Zh: "市救助管理站"}}
	agreement = events.AgreementSigned{
		Agreement: "pos-1", Commissioner: "civil-affairs", Agency: "chuxin", Projects: []string{"bring-home"},
		Posts: 5, AmountFen: 20000000, From: "2012-05-18", Until: "2012-12-31",
	}
	post1     = post("post-1")
	post2     = post("post-2")
	post3     = post("post-3")
	liOn1     = worker(li, "post-1", uuid.Nil)
	wangOn2   = worker(wang, "post-2", li)
	structure = facts{bureau, chuxin, station, project, site, agreement, post1, post2, post3}
	staffed   = append(slices.Clone(structure), liOn1, wangOn2)
)

func post(code string) events.PostEstablished {
	return events.PostEstablished{
		Post: code, Kind: "institution", Employer: "civil-affairs", Project: "bring-home", Site: "rescue-station",
		Station: "jiuzhu", Duties: "接案", Goals: "返家", Standards: "年度考核", Badge: "A01",
	}
}

func worker(id uuid.UUID, post string, supervisor uuid.UUID) events.WorkerRegistered {
	return events.WorkerRegistered{Worker: id, Name: sealed.Say("某社工"), Post: post, Supervisor: supervisor}
}

func TestEveryRefusalHasARule(t *testing.T) {
	var spoken []string
	for _, rule := range slices.Concat(organisations, projects, workforce, figures, admissions) {
		spoken = append(spoken, rule.Err)
	}
	for _, code := range programme.Codes() {
		if !slices.Contains(spoken, code) {
			t.Errorf("no rule is refused with %q", code)
		}
	}
	for _, code := range spoken {
		if code != "" && !slices.Contains(programme.Codes(), code) {
			t.Errorf("Codes does not list %q", code)
		}
	}
}

func TestACodeIsSmallLettersAndDigitsJoinedByHyphens(t *testing.T) {
	for code, good := range map[string]bool{
		"a": true, "post-1": true, "1a-2b-3c": true,
		"": false, "Post": false, "-a": false, "a-": false, "a--b": false, "a_b": false, "a b": false, "站": false, "a\n": false,
	} {
		_, err := programme.NameCommissioner{Commissioner: code}.Decide(programme.Programme{}, events.Meta{})
		if (err == nil) != good {
			t.Errorf("%q: %v", code, err)
		}
	}
}

func TestTheSameSaidAgainBringsNothingNew(t *testing.T) {
	given := folded(whole...)
	for _, wish := range []services.Command[programme.Programme]{
		nameBureau, foundChuxin, openStation, launch, addSite, sign, establish, register, license, train, give, aimAt, publish, admit,
	} {
		facts, err := wish.Decide(given, events.Meta{})
		if err != nil || len(facts) > 0 {
			t.Errorf("%T said again: %d facts, %v", wish, len(facts), err)
		}
	}
}

func folded(given ...events.Event) (p programme.Programme) {
	for i, fact := range given {
		p = services.Fold(p, events.Recorded{Event: fact, Version: i + 1})
	}
	return p
}
