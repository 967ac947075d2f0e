package groups

import (
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

var (
	phases    = []string{"preparing", "forming", "turning", "mature", "ending"} // in their order
	presences = []string{"present", "excused", "absent"}
)

// Attendance of one member at one session.
type Attendance struct {
	Member   uuid.UUID `json:"member" format:"uuid" doc:"who"`
	Presence string    `json:"presence" enum:"present,excused,absent" doc:"was there, was excused, or stayed away"`
	Remark   string    `json:"remark,omitempty" maxLength:"2000" doc:"on this member; goes when the member is forgotten"`
}

// HoldSession writes down one session (节) and who was there.
type HoldSession struct {
	Entry       uuid.UUID    `json:"entry" format:"uuid" doc:"id of the session, made by the client (UUIDv7)"`
	Number      int          `json:"number" minimum:"1" maximum:"1000" doc:"the number after the last session's; the first is 1"`
	Phase       string       `json:"phase" enum:"preparing,forming,turning,mature,ending" doc:"a group goes forward through its phases, never back"`
	Minutes     int          `json:"minutes" minimum:"1" maximum:"1440" doc:"how long"`
	Attendance  []Attendance `json:"attendance" maxItems:"500" doc:"everyone on the roll at that time, each once"`
	PersonTimes int          `json:"person_times" minimum:"0" maximum:"500" doc:"members present; must be what attendance says"`
	Note        string       `json:"note,omitempty" maxLength:"20000" doc:"the process of the group; never shown in a member's case"`
}

func (cmd HoldSession) Decide(g Group, meta events.Meta) ([]events.Event, error) {
	if err := g.takes(cmd.Entry, Running); err != nil {
		return nil, err
	}
	if err := known("phase", cmd.Phase, phases); err != nil {
		return nil, err
	}
	sessions := g.Sessions()
	if cmd.Number != len(sessions)+1 {
		return nil, services.Refuse(RefusedNumber)
	}
	if cmd.Number > 1 && slices.Index(phases, cmd.Phase) < slices.Index(phases, sessions[cmd.Number-2].Phase) {
		return nil, services.Refuse(RefusedPhase)
	}
	if err := g.accounts(cmd.Attendance, cmd.PersonTimes, meta.OccurredAt); err != nil {
		return nil, err
	}
	return []events.Event{events.SessionHeld{
		Entered: events.Entered{Entry: cmd.Entry}, Number: cmd.Number, Phase: cmd.Phase, Minutes: cmd.Minutes,
		Attendance: written(cmd.Attendance), PersonTimes: cmd.PersonTimes, Note: sealed.Say(cmd.Note),
	}}, nil
}

// CorrectAttendance says the attendance of a session anew, as a whole, and why. A second correction names the
// session again, not the first correction. It asks for the roll at the time of the session as it is known now.
type CorrectAttendance struct {
	Entry       uuid.UUID    `json:"entry" format:"uuid" doc:"id of the correction, made by the client (UUIDv7)"`
	Session     uuid.UUID    `json:"session" format:"uuid" doc:"the entry of the session"`
	Attendance  []Attendance `json:"attendance" maxItems:"500" doc:"everyone on the roll at that time, each once"`
	PersonTimes int          `json:"person_times" minimum:"0" maximum:"500" doc:"members present; must be what attendance says"`
	Why         string       `json:"why" minLength:"1" maxLength:"2000" doc:"why it is corrected"`
}

func (cmd CorrectAttendance) Decide(g Group, _ events.Meta) ([]events.Event, error) {
	if err := g.takes(cmd.Entry, Running, Evaluated); err != nil {
		return nil, err
	}
	held, ok := g.Entries.Find(cmd.Session)
	if !ok || !held.Original(cmd.Session) {
		return nil, services.Refuse(RefusedUnknown, cmd.Session.String())
	}
	if _, ok := held.Now.(events.SessionHeld); !ok {
		return nil, services.Refuse(RefusedUnknown, cmd.Session.String())
	}
	if strings.TrimSpace(cmd.Why) == "" {
		return nil, services.Refuse(RefusedWhy)
	}
	if err := g.accounts(cmd.Attendance, cmd.PersonTimes, held.HappenedAt); err != nil {
		return nil, err
	}
	return []events.Event{events.AttendanceCorrected{
		Entered: events.Entered{Entry: cmd.Entry}, Session: cmd.Session,
		Attendance: written(cmd.Attendance), PersonTimes: cmd.PersonTimes, Why: sealed.Say(cmd.Why),
	}}, nil
}

// accounts refuses an attendance that is not one line for each member of the roll at that time, and person-times
// that are not the members present.
func (g Group) accounts(attendance []Attendance, personTimes int, at time.Time) error {
	roll, named, there := g.Roll(at), make(map[uuid.UUID]bool, len(attendance)), 0
	for _, line := range attendance {
		if err := known("presence", line.Presence, presences); err != nil {
			return err
		}
		if !slices.Contains(roll, line.Member) {
			return services.Refuse(RefusedNotMember, line.Member.String())
		}
		if named[line.Member] {
			return services.Refuse(RefusedTwice, line.Member.String())
		}
		named[line.Member] = true
		if line.Presence == "present" {
			there++
		}
	}
	for _, member := range roll {
		if !named[member] {
			return services.Refuse(RefusedIncomplete, member.String())
		}
	}
	if personTimes != there {
		return services.Refuse(RefusedPersonTimes)
	}
	return nil
}

func written(attendance []Attendance) []events.Attendance {
	lines := make([]events.Attendance, len(attendance))
	for i, line := range attendance {
		lines[i] = events.Attendance{Member: line.Member, Presence: line.Presence, Remark: sealed.Say(line.Remark)}
	}
	return lines
}

func present(attendance []events.Attendance, member uuid.UUID) bool {
	return slices.ContainsFunc(attendance, func(a events.Attendance) bool {
		return a.Member == member && a.Presence == "present"
	})
}
