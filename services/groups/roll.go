package groups

import (
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

var departures = []string{"finished", "left", "moved_away", "excluded"}

// JoinMember puts someone on the roll, from when it is said to have happened. A member joins once, and again only
// after leaving.
type JoinMember struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Member uuid.UUID `json:"member" format:"uuid" doc:"the client's id, or a new id for someone known to the group alone"`
	Case   uuid.UUID `json:"case,omitzero" format:"uuid" doc:"the client's case that the group is part of"`
	Name   string    `json:"name,omitempty" maxLength:"100" doc:"only of someone who is no client"`
}

func (cmd JoinMember) Decide(g Group, meta events.Meta) ([]events.Event, error) {
	if err := g.takesLate(cmd.Entry, meta.OccurredAt); err != nil {
		return nil, err
	}
	if cmd.Member == uuid.Nil {
		return nil, services.Refuse(RefusedMissing, "member")
	}
	if cmd.Case != uuid.Nil && cmd.Name != "" {
		return nil, services.Refuse(RefusedNamed, cmd.Member.String())
	}
	for _, m := range g.roll {
		if m.member == cmd.Member && !m.over(meta.OccurredAt) {
			return nil, services.Refuse(RefusedMember, cmd.Member.String())
		}
	}
	return []events.Event{events.MemberJoined{
		Entered: events.Entered{Entry: cmd.Entry}, Member: cmd.Member, Case: cmd.Case, Name: sealed.Say(cmd.Name),
	}}, nil
}

// LeaveMember takes a member off the roll, from when it is said to have happened.
type LeaveMember struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Member uuid.UUID `json:"member" format:"uuid" doc:"who left"`
	Why    string    `json:"why" enum:"finished,left,moved_away,excluded" doc:"why"`
	Remark string    `json:"remark,omitempty" maxLength:"2000" doc:"more on it"`
}

func (cmd LeaveMember) Decide(g Group, meta events.Meta) ([]events.Event, error) {
	if err := g.takesLate(cmd.Entry, meta.OccurredAt); err != nil {
		return nil, err
	}
	if err := known("why", cmd.Why, departures); err != nil {
		return nil, err
	}
	here := func(m membership) bool {
		return m.member == cmd.Member && m.left.IsZero() && !meta.OccurredAt.Before(m.joined)
	}
	if !slices.ContainsFunc(g.roll, here) {
		return nil, services.Refuse(RefusedNotMember, cmd.Member.String())
	}
	for _, session := range g.Sessions() {
		if !session.At.Before(meta.OccurredAt) && present(session.Attendance, cmd.Member) {
			return nil, services.Refuse(RefusedAttended, session.Entry.String())
		}
	}
	return []events.Event{events.MemberLeft{
		Entered: events.Entered{Entry: cmd.Entry}, Member: cmd.Member, Why: cmd.Why, Remark: sealed.Say(cmd.Remark),
	}}, nil
}

// membership is one stay of a member on the roll; left is zero while it lasts.
type membership struct {
	member       uuid.UUID
	joined, left time.Time
}

// on tells whether the member was there to be asked for at a time. Whoever joins in the course of a day is on the
// roll for that day: people come to a session and are put on the roll after it.
func (m membership) on(at time.Time) bool {
	return events.DayOf(m.joined) <= events.DayOf(at) && !m.over(at)
}

func (m membership) over(at time.Time) bool { return !m.left.IsZero() && !at.Before(m.left) }

// Roll lists who is on the roll at a time, as far as is known now. It is the caller's to keep.
func (g Group) Roll(at time.Time) (members []uuid.UUID) {
	for _, m := range g.roll {
		if m.on(at) && !slices.Contains(members, m.member) {
			members = append(members, m.member)
		}
	}
	return members
}

// left ends the stay of a member, in a copy of the roll.
func left(roll []membership, member uuid.UUID, at time.Time) []membership {
	roll = slices.Clone(roll)
	for i := range roll {
		if roll[i].member == member && roll[i].left.IsZero() {
			roll[i].left = at
		}
	}
	return roll
}
