package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
)

func TestIntakeIsDecidedOnce(t *testing.T) {
	accept := cases.DecideIntake{Entry: id("decision"), Accepted: true}
	atHighRisk := accepted
	atHighRisk.Due = []events.Due{due("assessment", "2012-07-03 10:00"), due("contact_high_risk", "2012-07-10 00:00")}
	no := events.IntakeDecided{Entered: entry("decision"), Reason: say("有人照管"), Instead: say("社区"), Steps: events.Steps{
		Done: []string{"intake_decision", "safety_check", "health_check"},
	}}
	run(t, []rule{
		{Name: "accepted: an assessment falls due, of a street child within a day, and contact within 14", Given: takenIn, When: accept, Then: facts{accepted}},
		{Name: "accepted at high risk: contact within 7 days", Given: given(takenIn, highly), When: accept, Then: facts{atHighRisk}},
		{
			Name: "declined with the reason, and where to instead: nothing is due any more", Given: takenIn,
			When: cases.DecideIntake{Entry: id("decision"), Reason: "有人照管", Instead: "社区"}, Then: facts{no},
		},
		{Name: "not declined without a reason", Given: takenIn, When: cases.DecideIntake{Entry: id("decision")}, Err: cases.RefusedMissing},
		{Name: "not twice", Given: open, When: cases.DecideIntake{Entry: id("again"), Accepted: true}, Err: cases.RefusedDecided},
		{Name: "not after it was declined", Given: given(takenIn, declined), When: cases.DecideIntake{Entry: id("again"), Accepted: true}, Err: cases.RefusedDecided},
		{Name: "not of a closed case", Given: given(takenIn, closed), When: accept, Err: cases.RefusedClosed},
		{Name: "not where there is no case", When: accept, Err: cases.RefusedNoCase},
		{Name: "not under an entry id in use", Given: takenIn, When: cases.DecideIntake{Entry: id("intake"), Accepted: true}, Err: services.RefusedEntry},
		{Name: "not before the intake", Given: takenIn, When: accept, At: at("2012-07-01 10:00"), Err: cases.RefusedOrder},
		{
			Name:  "again when the case was closed before it was decided, and reopened",
			Given: given(takenIn, closed, reopened), When: accept,
			Then: facts{events.IntakeDecided{Entered: entry("decision"), Accepted: true, Steps: events.Steps{
				Done: []string{"intake_decision"}, Due: accepted.Due,
			}}},
		},
	})
}
