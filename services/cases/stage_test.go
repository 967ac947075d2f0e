package cases_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

func TestWhatHappenedWhileTheCaseWasClosedIsRefusedAndWhatHappenedBeforeIsNot(t *testing.T) {
	wrote := events.NoteRecorded{Entered: entry("new"), Kind: "process", Text: say("情绪平稳")}
	closedOn := given(serving, on("2012-07-05 10:00", closed))
	again := given(closedOn, on("2012-07-09 10:00", reopened))
	run(t, []rule{
		{Name: "a note in the intake", Given: takenIn, When: writeNote, Then: facts{wrote}},
		{Name: "a note in the open case", Given: open, When: writeNote, Then: facts{wrote}},
		{Name: "none where there is no case", When: writeNote, Err: cases.RefusedNoCase},
		{Name: "none in a case that was declined", Given: given(takenIn, declined), When: writeNote, Err: cases.RefusedUndecided},
		{Name: "none in a closed case", Given: ended, When: writeNote, Err: cases.RefusedClosed},
		{Name: "what happened before the closure is taken late", Given: closedOn, At: at("2012-07-05 09:59"), When: writeNote, Then: facts{wrote}},
		{Name: "and not what happened after it", Given: closedOn, At: at("2012-07-05 10:00"), When: writeNote, Err: cases.RefusedClosed},
		{Name: "nor, after a reopening, what happened in between", Given: again, At: at("2012-07-09 09:59"), When: writeNote, Err: cases.RefusedClosed},
		{Name: "but what happened after the reopening", Given: again, At: at("2012-07-09 10:00"), When: writeNote, Then: facts{wrote}},
		{Name: "an entry id is used once", Given: given(open, noted), When: cases.RecordNote{Entry: id("note"), Kind: "process", Text: "x"}, Err: services.RefusedEntry},
		{Name: "an entry has an id", Given: open, When: cases.RecordNote{Kind: "process", Text: "x"}, Err: cases.RefusedMissing},
		{Name: "a note says something", Given: open, When: cases.RecordNote{Entry: id("new"), Kind: "process", Text: " \n"}, Err: cases.RefusedMissing},
		{Name: "of a kind that is known", Given: open, When: cases.RecordNote{Entry: id("new"), Kind: "gossip", Text: "x"}, Err: cases.RefusedCode},
	})
}

func TestACaseIsAssignedWhileItRuns(t *testing.T) {
	assign := cases.AssignWorker{Entry: id("new"), Worker: id("zhou"), Role: "responsible", Reason: "会讲黄陂话"}
	assigned := events.WorkerAssigned{Entered: entry("new"), Worker: id("zhou"), Role: "responsible", Reason: say("会讲黄陂话")}
	run(t, []rule{
		{Name: "in the intake", Given: takenIn, When: assign, Then: facts{assigned}},
		{Name: "in the open case", Given: open, When: assign, Then: facts{assigned}},
		{Name: "not a closed one", Given: ended, When: assign, Err: cases.RefusedClosed},
		{Name: "not to nobody", Given: open, When: cases.AssignWorker{Entry: id("new"), Role: "responsible"}, Err: cases.RefusedMissing},
		{Name: "not in an unknown role", Given: open, When: cases.AssignWorker{Entry: id("new"), Worker: id("zhou"), Role: "boss"}, Err: cases.RefusedCode},
	})
}

func TestHowACaseStandsFollowsTheDayThingsHappenedThenTheOrderTheyWereWritten(t *testing.T) {
	responsible := func(name, who string) events.WorkerAssigned {
		return events.WorkerAssigned{Entered: entry(name), Worker: id(who), Role: "responsible"}
	}
	beside := func(name, who string) events.WorkerAssigned {
		return events.WorkerAssigned{Entered: entry(name), Worker: id(who), Role: "co_worker"}
	}
	risk := func(name, level string) events.RiskRated {
		return events.RiskRated{Entered: entry(name), Level: level}
	}
	c := fold(intake, accepted,
		on("2012-07-04 09:00", responsible("a", "zhou")), on("2012-07-03 09:00", responsible("b", "min")),
		on("2012-07-05 18:00", risk("c", "high")), on("2012-07-05 08:00", risk("d", "low")), on("2012-07-04 08:00", risk("e", "medium")),
		beside("f", "chen"), beside("g", "wu"), beside("h", "chen"))
	if c.Worker != id("zhou") {
		t.Error("an assignment that happened earlier took the case, because it was written later")
	}
	if c.Risk != "low" {
		t.Errorf("risk %q, want the last one written of the last day", c.Risk)
	}
	if len(c.CoWorkers) != 2 || c.OpenedBy == "" || c.Stage != cases.Open || c.Episode != 1 {
		t.Errorf("%+v", c.Standing)
	}
	c = fold(intake, accepted, beside("f", "chen"), responsible("a", "chen"))
	if len(c.CoWorkers) != 0 || c.Worker != id("chen") {
		t.Error("who becomes responsible is no longer beside")
	}
	zhou := reopened
	zhou.Worker = id("zhou")
	if c := fold(intake, accepted, responsible("a", "min"), closed, zhou); c.Stage != cases.Open || c.Episode != 2 || c.Worker != id("zhou") {
		t.Errorf("reopened: %+v", c.Standing)
	}
	if c := fold(intake, responsible("a", "min"), closed, reopened); c.Stage != cases.Intake || c.Worker != id("min") {
		t.Errorf("reopened before it was decided: %+v", c.Standing)
	}
	before := fold(intake, accepted, closed)
	before.Evolve(events.Recorded{Stream: spec.Stream, Version: 4, Event: reopened, Meta: events.Meta{OccurredAt: spec.Now}})
	if _, err := writeNote.Decide(before, events.Meta{OccurredAt: spec.Now}); err == nil {
		t.Error("a reopening changed how the case stood before it")
	}
	if owner := (cases.Case{}).Owner(); owner != "" {
		t.Errorf("an empty case belongs to %q", owner)
	}
	if owner := c.Owner(); owner != events.Stream("client", id("client")) {
		t.Errorf("the case belongs to %q, not to its client", owner)
	}
	if c.ID == uuid.Nil {
		t.Error("a case does not know its id")
	}
}
