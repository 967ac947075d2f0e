package events

import (
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of a group (MZ/T 095-2017). Its own text is under the group's key and outlasts the erasure of one
// member; what is said of a member is under that member's.

// GroupPlanned opens a group.
type GroupPlanned struct {
	Entered
	Project string      `json:"project"`
	Site    string      `json:"site"`
	Kind    string      `json:"kind"` // education, growth, support, therapy, mutual_aid
	Title   sealed.Text `json:"title,omitzero" class:"S2"`
	Goals   sealed.Text `json:"goals,omitzero" class:"S2"`
	Worker  uuid.UUID   `json:"worker"`
	Planned int         `json:"planned"` // sessions
}

// MemberJoined: a client, with a case or without, or someone known to the group alone.
type MemberJoined struct {
	Entered
	Member uuid.UUID   `json:"member"` // a client's id, or an id of the group's making
	Case   uuid.UUID   `json:"case,omitzero"`
	Name   sealed.Text `json:"name,omitzero" class:"S1"` // only of someone who is no client
}

// MemberLeft ends a membership.
type MemberLeft struct {
	Entered
	Member uuid.UUID   `json:"member"`
	Why    string      `json:"why"` // finished, left, moved_away, excluded
	Remark sealed.Text `json:"remark,omitzero" class:"S2"`
}

// ContractAgreed: the rules that a group gave itself.
type ContractAgreed struct {
	Entered
	Text sealed.Text `json:"text,omitzero" class:"S2"`
}

// SessionHeld is one session (节) with who was there.
type SessionHeld struct {
	Entered
	Number      int          `json:"number"`
	Phase       string       `json:"phase"` // preparing, forming, turning, mature, ending
	Minutes     int          `json:"minutes"`
	Attendance  []Attendance `json:"attendance"`
	PersonTimes int          `json:"person_times"` // members present
	Note        sealed.Text  `json:"note,omitzero" class:"S2"`
}

// Attendance of one member at one session.
type Attendance struct {
	Member   uuid.UUID   `json:"member"`
	Presence string      `json:"presence"` // present, excused, absent
	Remark   sealed.Text `json:"remark,omitzero" class:"S2"`
}

// AttendanceCorrected says the attendance of a session anew, as a whole.
type AttendanceCorrected struct {
	Entered
	Session     uuid.UUID    `json:"session"` // its entry
	Attendance  []Attendance `json:"attendance"`
	PersonTimes int          `json:"person_times"`
	Why         sealed.Text  `json:"why,omitzero" class:"S2"`
}

// GroupEvaluated ends a group.
type GroupEvaluated struct {
	Entered
	Reached string      `json:"reached"` // goals: fully, partly, not
	Text    sealed.Text `json:"text,omitzero" class:"S2"`
}

// Owner is the member: what is said of one member goes when that member is forgotten.
func (a Attendance) Owner() string   { return Stream("client", a.Member) }
func (m MemberJoined) Owner() string { return Stream("client", m.Member) }
func (m MemberLeft) Owner() string   { return Stream("client", m.Member) }

func (GroupPlanned) Type() string        { return "group.planned" }
func (MemberJoined) Type() string        { return "group.member-joined" }
func (MemberLeft) Type() string          { return "group.member-left" }
func (ContractAgreed) Type() string      { return "group.contract-agreed" }
func (SessionHeld) Type() string         { return "group.session-held" }
func (AttendanceCorrected) Type() string { return "group.attendance-corrected" }
func (GroupEvaluated) Type() string      { return "group.evaluated" }
