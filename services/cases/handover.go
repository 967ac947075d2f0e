package cases

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// RecordHandover writes down into whose care the client left. Sending home rests on an assessment that found the
// guardian able, or on a supervisor's reason; nobody under 16 leaves alone.
type RecordHandover struct {
	Entry         uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Kind          string    `json:"kind" enum:"collected,escorted_home,handed_over" doc:"collected by kin, escorted home, or handed over to another authority"`
	Guardianship  uuid.UUID `json:"guardianship,omitempty,omitzero" format:"uuid" doc:"the assessment that found the guardian able"`
	AllowedReason string    `json:"allowed_reason,omitempty" maxLength:"4000" doc:"where there is none: why a supervisor allows it"`
	ChildsWish    string    `json:"childs_wish,omitempty" maxLength:"4000" doc:"what the child wishes"`
	Escorts       []string  `json:"escorts,omitempty" maxItems:"10" minLength:"1" maxLength:"100" doc:"who escorted"`
	Destination   string    `json:"destination,omitempty" maxLength:"300" doc:"where to"`
	ReceivedBy    string    `json:"received_by,omitempty" maxLength:"300" doc:"who received"`
	ReceivedAs    string    `json:"received_as" enum:"father,mother,grandparent,relative,institution,self" doc:"in what relation"`
	Receipt       bool      `json:"receipt" doc:"signed for"`
	Beside        `json:"-"`
}

func (cmd RecordHandover) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if cmd.ReceivedAs == "self" {
		if err := c.oldEnough(cmd.Beside, leavesAlone); err != nil {
			return nil, err
		}
	}
	if cmd.Kind == "escorted_home" && len(cmd.Escorts) == 0 {
		return nil, services.Refuse(RefusedEscorts)
	}
	guardianship, err := cmd.safe(c, day(meta.OccurredAt))
	if err != nil {
		return nil, err
	}
	var escorts []sealed.Text
	for _, escort := range cmd.Escorts {
		escorts = append(escorts, say(escort))
	}
	return []events.Event{events.HandoverRecorded{
		Entered: entered(cmd.Entry), Kind: cmd.Kind, Guardianship: guardianship, AllowedReason: say(cmd.AllowedReason),
		ChildsWish: say(cmd.ChildsWish), Escorts: escorts, Destination: say(cmd.Destination),
		ReceivedBy: say(cmd.ReceivedBy), ReceivedAs: cmd.ReceivedAs, Receipt: cmd.Receipt,
	}}, nil
}

// safe answers with the assessment that a handover rests on. Sending home is refused without one, unless a
// supervisor says why; an assessment counts as long as no later one found otherwise.
func (cmd RecordHandover) safe(c Case, on string) (uuid.UUID, error) {
	if !blank(cmd.AllowedReason) && !cmd.Supervisor {
		return uuid.Nil, services.Refuse(RefusedSupervisor)
	}
	guardianship := uuid.Nil
	able := false
	if cmd.Guardianship != uuid.Nil {
		held, found, err := find[events.AssessmentRecorded](c, cmd.Guardianship)
		if err != nil {
			return uuid.Nil, err
		}
		guardianship = original(held)
		able = found.Guardianship == "able" && held.Day() <= on && c.guardianship(on) == "able"
	}
	if cmd.Kind != "handed_over" && !able && blank(cmd.AllowedReason) {
		return uuid.Nil, services.Refuse(RefusedGuardianship)
	}
	return guardianship, nil
}

// oldEnough refuses what a child may not do; an age that is not known could be a child's.
func (c Case) oldEnough(b Beside, least int) error {
	age, known := c.age(b)
	switch {
	case !known:
		return services.Refuse(RefusedAgeUnknown)
	case age < least:
		return services.Refuse(RefusedAge)
	}
	return nil
}
