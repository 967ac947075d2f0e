package bench

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// openedFacts is how many facts openCase leaves in the stream of a case.
const openedFacts = 4

// openCase registers a client and takes a case as far as its first note: intake, decision, consent, worker. All of it
// happened some days before a time.
func (o *office) openCase(ctx context.Context, who worker, at time.Time) (uuid.UUID, error) {
	client, id := newID(), newID()
	actor, eleven := who.id.String(), 11
	register := clients.RegisterClient{Entry: newID(), Details: clients.Details{Name: "小龙", Sex: "male", Birth: "2001-05"}}
	if err := decide(ctx, o.Clients, events.Stream("client", client), actor, at, register); err != nil {
		return id, err
	}
	for n, cmd := range []services.Command[cases.Case]{
		cases.RecordIntake{
			Entry: newID(), Client: client, Category: "street_child", Project: project, Site: place, Source: "outreach", Urgency: "routine",
			Problem: said[0], Answers: map[string]any{"found_place": "汉口火车站出站口", "company": "alone", "injuries": "no"}, Beside: cases.Beside{Age: &eleven},
		},
		cases.DecideIntake{Entry: newID(), Accepted: true},
		cases.RecordConsent{
			Entry: newID(), Purpose: "service", Basis: cases.Consent, Capacity: "guardian", GivenBy: "祖母", Form: "signed",
			LimitsExplained: true, Beside: cases.Beside{Age: &eleven},
		},
		cases.AssignWorker{Entry: newID(), Worker: who.id, Role: "responsible"},
	} {
		if err := decide(ctx, o.Cases, events.Stream("case", id), actor, at.Add(time.Duration(n)*time.Hour), cmd); err != nil {
			return id, err
		}
	}
	return id, nil
}

// longCase opens a case and works on it until its stream has so many facts.
func (o *office) longCase(ctx context.Context, who worker, facts int) (uuid.UUID, error) {
	at := time.Now().AddDate(0, 0, -120)
	id, err := o.openCase(ctx, who, at)
	if err != nil {
		return id, err
	}
	for n := openedFacts; n < facts; n++ {
		at = at.Add(4 * time.Hour)
		if err := decide(ctx, o.Cases, events.Stream("case", id), who.id.String(), at, step(n)); err != nil {
			return id, err
		}
	}
	return id, nil
}

// step is the n-th thing that is done in a case: mostly contacts with a note, some notes, now and then a rating.
func step(n int) services.Command[cases.Case] {
	switch n % 10 {
	case 3, 6, 8:
		return cases.RecordNote{Entry: newID(), Kind: "process", Text: words(n)}
	case 9:
		return cases.RateRisk{Entry: newID(), Level: []string{"high", "medium", "low"}[n/10%3], Reason: said[n%len(said)]}
	}
	return cases.RecordIntervention{
		Entry: newID(), Kind: "home_visit", Mode: "in_person", Minutes: 45, Reached: true, PersonTimes: 2, Note: words(n),
		Present: []cases.PersonPresent{{Who: "client", Served: true}, {Who: "family", Name: "祖母", Served: true}},
	}
}

// words is a note of about 600 bytes, 200 characters, as people write them.
func words(n int) string {
	var b strings.Builder
	for i := 0; b.Len() < 570; i++ {
		b.WriteString(said[(n+i)%len(said)])
	}
	return b.String()
}

var said = []string{
	"孩子在火车站独自过夜三天，由巡查同工护送到站。",
	"今日家访，祖母在家，孩子情绪比上周平稳，愿意谈起学校的事。",
	"与班主任通话，约定下周三到校，一同商量补课与午餐的安排。",
	"孩子说夜里仍会惊醒；已请值班同事留意，并与医院心理科联系。",
	"父亲在外务工，电话已接通，表示月底回来办理接领手续。",
	"一起画了家庭图，孩子第一次提到妹妹，谈话约四十分钟。",
}

// noteBody is the body of POST /cases/{id}/notes.
func noteBody(text string) []byte {
	return fmt.Appendf(nil, `{"entry":"%s","kind":"process","text":"%s"}`, newID(), text)
}
