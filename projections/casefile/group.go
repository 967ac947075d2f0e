package casefile

import (
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Group is a group as it stood at a point.
type Group struct {
	Planned  *Entry[events.GroupPlanned]   `json:"planned,omitempty"`
	Contract *Entry[events.ContractAgreed] `json:"contract,omitempty"` // the latest
	// Roll lists every membership, also those that ended, in the order in which they began.
	Roll      []*Member                     `json:"roll,omitempty"`
	Sessions  []*Entry[events.SessionHeld]  `json:"sessions,omitempty"` // with attendance as it holds
	Evaluated *Entry[events.GroupEvaluated] `json:"evaluated,omitempty"`

	PersonTimes int `json:"person_times"` // members present, over all sessions
}

// Member is someone on the roll.
type Member struct {
	Member uuid.UUID                  `json:"member"`
	Joined Entry[events.MemberJoined] `json:"joined"`
	Left   *Entry[events.MemberLeft]  `json:"left,omitempty"`
	// How often present, excused and absent, over all sessions.
	Present int `json:"present"`
	Excused int `json:"excused"`
	Absent  int `json:"absent"`
}

func group(held []happened) *Group {
	g := &Group{}
	for _, h := range held {
		switch fact := h.Now.(type) {
		case events.GroupPlanned:
			g.Planned = noted(h, fact)
		case events.ContractAgreed:
			g.Contract = noted(h, fact)
		case events.MemberJoined:
			g.Roll = append(g.Roll, &Member{Member: fact.Member, Joined: entry(h, fact)})
		case events.MemberLeft:
			if m := g.latest(fact.Member); m != nil {
				m.Left = noted(h, fact)
			}
		case events.SessionHeld:
			g.Sessions = append(g.Sessions, noted(h, fact))
			g.PersonTimes += fact.PersonTimes
		case events.GroupEvaluated:
			g.Evaluated = noted(h, fact)
		}
	}
	for _, session := range g.Sessions {
		g.count(session.Fact.Attendance)
	}
	return g
}

// latest is the last membership of someone; nil for a stranger.
func (g *Group) latest(member uuid.UUID) *Member {
	for _, m := range slices.Backward(g.Roll) {
		if m.Member == member {
			return m
		}
	}
	return nil
}

func (g *Group) count(attendance []events.Attendance) {
	for _, a := range attendance {
		m := g.latest(a.Member)
		switch {
		case m == nil:
		case a.Presence == "present":
			m.Present++
		case a.Presence == "excused":
			m.Excused++
		case a.Presence == "absent":
			m.Absent++
		}
	}
}
