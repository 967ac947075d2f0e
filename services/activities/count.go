package activities

import (
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

var (
	ways     = []string{"signed", "counted", "estimated"}
	partners = []string{"community", "social_worker", "social_organisation", "volunteers"}
)

// Heads is a head-count of one kind of people.
type Heads struct {
	People string `json:"people" minLength:"1" maxLength:"40" pattern:"^[a-z][a-z_]*$" doc:"kind of people: children, youth, elders, parents, residents …"`
	Number int    `json:"number" minimum:"0" maximum:"100000" doc:"how many were served; volunteers are counted apart"`
}

// HoldActivity says that it took place, who came, and how that is known.
type HoldActivity struct {
	Entry          uuid.UUID `json:"entry" format:"uuid" doc:"id of the count, made by the client (UUIDv7)"`
	Place          string    `json:"place" minLength:"1" maxLength:"200" doc:"where it took place; a public place, no person's address"`
	Heads          []Heads   `json:"heads" minItems:"1" maxItems:"50" doc:"head-count by kind of people"`
	PersonTimes    int       `json:"person_times" minimum:"0" maximum:"1000000" doc:"must be the sum of heads"`
	Counted        string    `json:"counted" enum:"signed,counted,estimated" doc:"how the count was got"`
	CostFen        int       `json:"cost_fen,omitempty" minimum:"0" doc:"what it cost, in fen"`
	FormsOut       int       `json:"forms_out,omitempty" minimum:"0" maximum:"100000" doc:"satisfaction forms handed out"`
	FormsBack      int       `json:"forms_back,omitempty" minimum:"0" maximum:"100000" doc:"of these, came back"`
	Satisfied      int       `json:"satisfied,omitempty" minimum:"0" maximum:"100000" doc:"of the forms back, say 4 or 5 of 5"`
	Volunteers     int       `json:"volunteers,omitempty" minimum:"0" maximum:"100000" doc:"volunteers who helped"`
	VolunteerHours int       `json:"volunteer_hours,omitempty" minimum:"0" maximum:"1000000" doc:"their hours together"`
	Partners       []string  `json:"partners,omitempty" maxItems:"4" enum:"community,social_worker,social_organisation,volunteers" doc:"who took part of the four (四社联动)"`
	Note           string    `json:"note,omitempty" maxLength:"20000" doc:"how it went"`
}

func (cmd HoldActivity) Decide(a Activity, _ events.Meta) ([]events.Event, error) {
	if err := a.takes(cmd.Entry, Planned); err != nil {
		return nil, err
	}
	if err := cmd.counts(); err != nil {
		return nil, err
	}
	return []events.Event{events.ActivityHeld{
		Entered: events.Entered{Entry: cmd.Entry}, Place: cmd.Place,
		Heads: written(cmd.Heads), PersonTimes: cmd.PersonTimes, Counted: cmd.Counted, CostFen: cmd.CostFen,
		FormsOut: cmd.FormsOut, FormsBack: cmd.FormsBack, Satisfied: cmd.Satisfied,
		Volunteers: cmd.Volunteers, VolunteerHours: cmd.VolunteerHours, Partners: slices.Clone(cmd.Partners),
		Note: sealed.Say(cmd.Note),
	}}, nil
}

// counts refuses numbers that cannot be true together.
func (cmd HoldActivity) counts() error {
	if err := sums(cmd.Heads, cmd.PersonTimes, cmd.Counted); err != nil {
		return err
	}
	for _, partner := range cmd.Partners {
		if err := known("partners", partner, partners); err != nil {
			return err
		}
	}
	for _, n := range []struct {
		field  string
		number int
	}{
		{"cost_fen", cmd.CostFen},
		{"forms_out", cmd.FormsOut},
		{"forms_back", cmd.FormsBack},
		{"satisfied", cmd.Satisfied},
		{"volunteers", cmd.Volunteers},
		{"volunteer_hours", cmd.VolunteerHours},
	} {
		if n.number < 0 {
			return services.Refuse(RefusedNegative, n.field)
		}
	}
	if cmd.FormsBack > cmd.FormsOut || cmd.Satisfied > cmd.FormsBack {
		return services.Refuse(RefusedForms)
	}
	return nil
}

// CorrectCount says the head-count anew, as a whole, and why. A second correction names the count again, not the
// first correction.
type CorrectCount struct {
	Entry       uuid.UUID `json:"entry" format:"uuid" doc:"id of the correction, made by the client (UUIDv7)"`
	Held        uuid.UUID `json:"held" format:"uuid" doc:"the entry of the count"`
	Heads       []Heads   `json:"heads" minItems:"1" maxItems:"50" doc:"head-count by kind of people"`
	PersonTimes int       `json:"person_times" minimum:"0" maximum:"1000000" doc:"must be the sum of heads"`
	Counted     string    `json:"counted" enum:"signed,counted,estimated" doc:"how the count was got"`
	Why         string    `json:"why" minLength:"1" maxLength:"2000" doc:"why it is corrected"`
}

func (cmd CorrectCount) Decide(a Activity, _ events.Meta) ([]events.Event, error) {
	if err := a.takes(cmd.Entry, Held); err != nil {
		return nil, err
	}
	if cmd.Held != a.count {
		return nil, services.Refuse(RefusedUnknown, cmd.Held.String())
	}
	if strings.TrimSpace(cmd.Why) == "" {
		return nil, services.Refuse(RefusedWhy)
	}
	if err := sums(cmd.Heads, cmd.PersonTimes, cmd.Counted); err != nil {
		return nil, err
	}
	return []events.Event{events.ActivityCountCorrected{
		Entered: events.Entered{Entry: cmd.Entry}, Held: cmd.Held,
		Heads: written(cmd.Heads), PersonTimes: cmd.PersonTimes, Counted: cmd.Counted, Why: sealed.Say(cmd.Why),
	}}, nil
}

// sums refuses heads that do not add up to the person-times.
func sums(heads []Heads, personTimes int, counted string) error {
	if err := known("counted", counted, ways); err != nil {
		return err
	}
	if len(heads) == 0 {
		return services.Refuse(RefusedHeads)
	}
	sum := 0
	for _, h := range heads {
		if h.Number < 0 {
			return services.Refuse(RefusedNegative, "heads")
		}
		sum += h.Number
	}
	if sum != personTimes {
		return services.Refuse(RefusedPersonTimes)
	}
	return nil
}

func written(heads []Heads) []events.Heads {
	lines := make([]events.Heads, len(heads))
	for i, h := range heads {
		lines[i] = events.Heads(h)
	}
	return lines
}
