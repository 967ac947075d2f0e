package cases

import (
	"maps"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/google/uuid"
)

// RecordFollowUp says how things stand some time after the closure. One that reached the client is a person-time
// and settles its window; an attempt that failed leaves it due.
type RecordFollowUp struct {
	Entry    uuid.UUID         `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Window   string            `json:"window" minLength:"1" maxLength:"64" doc:"key of the follow-up of the category that was due; of a category without any: other"`
	Reached  bool              `json:"reached" doc:"false: an attempt that failed"`
	Findings map[string]string `json:"findings,omitempty" doc:"answers to the category's questions: yes, no or unknown"`
	Note     string            `json:"note,omitempty" maxLength:"20000" doc:"what was seen and heard"`
}

func (cmd RecordFollowUp) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.ended(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if err := cmd.asked(c.category()); err != nil {
		return nil, err
	}
	fact := events.FollowUpRecorded{
		Entered: entered(cmd.Entry), Window: cmd.Window, Reached: cmd.Reached, Findings: cmd.Findings, Note: say(cmd.Note),
	}
	if cmd.Reached {
		fact.PersonTimes = 1
		fact.Done = c.settled(FollowUp+cmd.Window, stepDischarge)
	}
	return []events.Event{fact}, nil
}

// asked refuses a window or a question that the category does not have, and findings on someone not reached.
func (cmd RecordFollowUp) asked(category categories.Category) error {
	if _, known := category.FollowUp(cmd.Window); !known && (len(category.FollowUps) > 0 || cmd.Window != "other") {
		return services.Refuse(RefusedCode, "window")
	}
	for _, question := range slices.Sorted(maps.Keys(cmd.Findings)) {
		known := slices.ContainsFunc(category.FollowUpAsks, func(q categories.Question) bool { return q.Key == question })
		if !known || !slices.Contains([]string{"yes", "no", "unknown"}, cmd.Findings[question]) {
			return services.Refuse(RefusedCode, "findings")
		}
	}
	return nil
}
