package cases

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// RecordIncident writes down that something happened which others had to be told of, and who was told when. Every
// case takes it, also a closed one. Whom it still has to be told falls due; an amendment that names them settles it.
type RecordIncident struct {
	Entry uuid.UUID    `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Kind  string       `json:"kind" enum:"self_harm,missing,relapse,readmission,bullying,injury,rescued_again,death" doc:"what kind of incident"`
	Text  string       `json:"text,omitempty" maxLength:"20000" doc:"what happened"`
	Told  []PersonTold `json:"told,omitempty" maxItems:"20" doc:"who was told, and when"`
}

// PersonTold is who was told of an incident, and when.
type PersonTold struct {
	Who  string    `json:"who" enum:"guardian,police,supervisor,ward,school" doc:"who was told"`
	Name string    `json:"name,omitempty" maxLength:"100" doc:"name"`
	At   time.Time `json:"at" doc:"when"`
}

func (cmd RecordIncident) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.knows(cmd, cmd.Entry); err != nil {
		return nil, err
	}
	fact := events.IncidentRecorded{Entered: entered(cmd.Entry), Kind: cmd.Kind, Text: say(cmd.Text)}
	for _, told := range cmd.Told {
		if inFuture(told.At, meta) {
			return nil, services.Refuse(services.RefusedFuture, "told")
		}
		fact.Told = append(fact.Told, events.Told{Who: told.Who, Name: say(told.Name), At: told.At})
	}
	fact.Steps = c.endangered(cmd, meta.OccurredAt)
	return []events.Event{fact}, nil
}

// inFuture tells whether something is said to have happened later than it is said. A phone's clock may be ahead as
// far as the desk allows, and then it is in both.
func inFuture(t time.Time, meta events.Meta) bool {
	return t.After(meta.RecordedAt) && t.After(meta.OccurredAt)
}

// endangered is what an incident makes due: missing, the guardian at once and the police within a day; self-harm,
// a rating the same day and contact within a day. Who was told already settles what was owed to them.
func (c Case) endangered(cmd RecordIncident, at time.Time) (steps events.Steps) {
	owed := map[string][]string{
		"missing":   {stepMissingGuardian, stepMissingPolice},
		"self_harm": {stepRisk, stepSelfHarm},
	}[cmd.Kind]
	for who, settles := range map[string][]string{"guardian": {stepMissingGuardian}, "police": {stepMissingPolice, stepPolice}} {
		if slices.ContainsFunc(cmd.Told, func(t PersonTold) bool { return t.Who == who }) {
			owed = someOf(owed, func(step string) bool { return !slices.Contains(settles, step) })
			steps.Done = append(steps.Done, c.settled(settles...)...)
		}
	}
	slices.Sort(steps.Done)
	steps.Due = c.due(at, owed...)
	return steps
}
