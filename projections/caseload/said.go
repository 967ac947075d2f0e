package caseload

import (
	"encoding/json"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// value is what an entry says of one thing that has one value at a time.
type value struct {
	what, rank, day, value string
}

// intake is the value of "intake".
type intake struct {
	Client   uuid.UUID `json:"client"`
	Category string    `json:"category"`
	Project  string    `json:"project"`
	Site     string    `json:"site"`
	Urgency  string    `json:"urgency"`
	OpenedBy string    `json:"opened_by"`
}

// stages beside those of Row.Stage
const reopened = "reopened" // open, or an intake again if it was never accepted

// said is what an entry says, and the marks that it gives to its case.
func said(h *events.Held) (values []value, marks []string) {
	day := h.Day()
	says := func(what, v string) { values = append(values, value{what, day, day, v}) }
	stands := func(what, v string) { values = append(values, value{what, "", day, v}) }
	assigns := func(worker uuid.UUID) {
		says("worker", worker.String())
		says("co "+worker.String(), "")
		marks = append(marks, "worker "+worker.String())
	}
	switch fact := h.Now.(type) {
	case events.IntakeRecorded:
		in := intake{fact.Client, fact.Category, fact.Project, fact.Site, fact.Urgency, h.First.Meta.Actor}
		text, _ := json.Marshal(in) // codes and ids
		says("intake", string(text))
		says("stage", "intake")
		marks = append(marks, "case", "project "+in.Project, "category "+in.Category, "client "+in.Client.String(), "by "+in.OpenedBy)
	case events.IntakeDecided:
		if fact.Accepted {
			says("stage", "open")
			says("accepted", "yes")
		} else {
			says("stage", "declined")
		}
	case events.CaseClosed:
		says("stage", "closed")
		if fact.Reason == "duplicate" || fact.Reason == "opened_in_error" {
			values = append(values, value{"void", "", "", fact.Reason}) // it should not have been opened, on any day
		}
	case events.CaseReopened:
		says("stage", reopened)
		if fact.Worker != uuid.Nil {
			assigns(fact.Worker)
		}
	case events.WorkerAssigned:
		if fact.Role == "co_worker" {
			says("co "+fact.Worker.String(), "yes")
			marks = append(marks, "worker "+fact.Worker.String())
		} else {
			assigns(fact.Worker)
		}
	case events.RiskRated:
		says("risk", fact.Level)
	case events.FlagRaised:
		stands("flag "+h.First.Event.(events.Entry).EntryID().String(), fact.Kind)
	case events.FlagCleared:
		stands("cleared "+fact.Flag.String(), "yes")
	case events.AccessGranted:
		stands("granted "+fact.Worker.String(), fact.Until.UTC().Format(time.RFC3339Nano))
		marks = append(marks, "granted "+fact.Worker.String())
	case events.AccessEnded:
		stands("granted "+fact.Worker.String(), "")
	case events.ConflictDeclared:
		stands("conflict "+fact.Worker.String(), "yes")
	case events.ConflictLifted:
		stands("conflict "+fact.Worker.String(), "")
	case events.InterventionRecorded:
		if fact.Reached {
			says("contact", fact.Kind)
		} else {
			says("work", "")
		}
	default:
		says("work", "")
	}
	if stepped, ok := h.Now.(events.Stepped); ok {
		for step, by := range steps(stepped.Next()) {
			stands("step "+step, by)
		}
	}
	return values, marks
}

// steps yields what a fact says of each step last: by when it is due, or nothing where it is settled.
func steps(s events.Steps) func(func(step, by string) bool) {
	return func(yield func(string, string) bool) {
		for _, step := range s.Done {
			if !due(s, step) && !yield(step, "") {
				return
			}
		}
		for i, d := range s.Due {
			if due(events.Steps{Due: s.Due[i+1:]}, d.Step) {
				continue
			}
			by := d.By.UTC().Format(time.RFC3339Nano)
			if d.Unsure {
				by += unsure
			}
			if !yield(d.Step, by) {
				return
			}
		}
	}
}

// unsure ends the time of a step when the work days of that year were not known.
const unsure = "?"

func due(s events.Steps, step string) bool {
	for _, d := range s.Due {
		if d.Step == step {
			return true
		}
	}
	return false
}
