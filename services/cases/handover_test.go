package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
)

func TestSendingHomeRestsOnAnAssessmentOfTheGuardian(t *testing.T) {
	hand := func(change ...func(*cases.RecordHandover)) cases.RecordHandover {
		cmd := cases.RecordHandover{
			Entry: id("new"), Kind: "escorted_home", Guardianship: id("able"), ChildsWish: "想坐火车", Escorts: []string{"周敏"},
			Destination: "黄陂", ReceivedBy: "外祖父", ReceivedAs: "grandparent", Receipt: true, Beside: years(9),
		}
		for _, c := range change {
			c(&cmd)
		}
		return cmd
	}
	handed := func(change ...func(*events.HandoverRecorded)) facts {
		fact := events.HandoverRecorded{
			Entered: entry("new"), Kind: "escorted_home", Guardianship: id("able"), ChildsWish: say("想坐火车"), Escorts: []sealed.Text{say("周敏")},
			Destination: say("黄陂"), ReceivedBy: say("外祖父"), ReceivedAs: "grandparent", Receipt: true,
		}
		for _, c := range change {
			c(&fact)
		}
		return facts{fact}
	}
	unassessed := func(c *cases.RecordHandover) { c.Guardianship = uuid.Nil }
	allowed := func(c *cases.RecordHandover) { c.AllowedReason = "外祖父当天无法来汉" }
	supervisor := func(c *cases.RecordHandover) { c.Supervisor = true }
	alone := func(age cases.Beside) func(*cases.RecordHandover) {
		return func(c *cases.RecordHandover) { c.ReceivedAs, c.Kind, c.Beside = "self", "handed_over", age }
	}
	unsafe := able
	unsafe.Entry, unsafe.Guardianship = id("unsafe"), "unsafe"
	health := able
	health.Entry, health.Guardianship = id("health"), ""
	noAge := intake
	noAge.AgeYears = nil
	run(t, []rule{
		{Name: "escorted home to a guardian found able", Given: planned, When: hand(), Then: handed()},
		{Name: "not without an assessment", Given: planned, When: hand(unassessed), Err: cases.RefusedGuardianship},
		{Name: "collected neither", Given: planned, When: hand(unassessed, func(c *cases.RecordHandover) { c.Kind = "collected" }), Err: cases.RefusedGuardianship},
		{Name: "not on one that found them a danger", Given: given(serving, unsafe), When: hand(func(c *cases.RecordHandover) { c.Guardianship = id("unsafe") }), Err: cases.RefusedGuardianship},
		{Name: "not on one that a later one overtook", Given: given(planned, unsafe), When: hand(), Err: cases.RefusedGuardianship},
		{Name: "not on one that found them a danger, though a later one found them able", Given: given(serving, unsafe, able), When: hand(func(c *cases.RecordHandover) { c.Guardianship = id("unsafe") }), Err: cases.RefusedGuardianship},
		{Name: "a later one that did not look at the guardian overtakes nothing", Given: given(planned, health), When: hand(), Then: handed()},
		{Name: "not on one that came later", Given: given(serving, on("2012-07-03 10:00", able)), When: hand(), Err: cases.RefusedGuardianship},
		{Name: "not on an entry that is none", Given: serving, When: hand(), Err: cases.RefusedUnknown},
		{
			Name: "without one when a supervisor says why", Given: serving, When: hand(unassessed, allowed, supervisor),
			Then: handed(func(h *events.HandoverRecorded) {
				h.Guardianship, h.AllowedReason = uuid.Nil, say("外祖父当天无法来汉")
			}),
		},
		{Name: "not when a worker says why", Given: serving, When: hand(unassessed, allowed), Err: cases.RefusedSupervisor},
		{Name: "not when a supervisor says nothing", Given: serving, When: hand(unassessed, supervisor), Err: cases.RefusedGuardianship},
		{
			Name: "handed over to another authority without one", Given: serving, When: hand(unassessed, func(c *cases.RecordHandover) { c.Kind, c.ReceivedAs = "handed_over", "institution" }),
			Then: handed(func(h *events.HandoverRecorded) {
				h.Kind, h.ReceivedAs, h.Guardianship = "handed_over", "institution", uuid.Nil
			}),
		},
		{Name: "somebody escorts who is escorted home", Given: planned, When: hand(func(c *cases.RecordHandover) { c.Escorts = nil }), Err: cases.RefusedEscorts},
		{Name: "an escort has a name", Given: planned, When: hand(func(c *cases.RecordHandover) { c.Escorts = []string{" "} }), Err: cases.RefusedMissing},
		{Name: "nobody under 16 leaves alone", Given: planned, When: hand(alone(years(15))), Err: cases.RefusedAge},
		{Name: "nor somebody whose age is not known", Given: began(noAge, accepted, agreed, able), When: hand(alone(cases.Beside{})), Err: cases.RefusedAgeUnknown},
		{Name: "from 16 they may", Given: planned, When: hand(alone(years(16))), Then: handed(func(h *events.HandoverRecorded) { h.Kind, h.ReceivedAs = "handed_over", "self" })},
		{Name: "not from a closed case", Given: given(planned, closed), When: hand(), Err: cases.RefusedClosed},
	})
}
