package export

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	seen "github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// ForGuardian is what a guardian is handed: who the client is, and of each case that a guardian agreed to, what they
// agreed to. A guardian may be the one whom a report is about, and nothing in here may tell that there is one. So it is
// not made by leaving out of everything what would tell: it is the same few facts of every case, which the guardian knows
// because they said them, and no other fact changes it. There are no positions, versions, counts, readers or times of
// recording in it, and no steps that fall due: a gap in any of them would tell too.
type ForGuardian struct {
	Recipient string    `json:"recipient" enum:"guardian"`
	Client    uuid.UUID `json:"client"`
	Made      time.Time `json:"made"`
	Is        Identity  `json:"is"`
	Cases     []Agreed  `json:"cases" doc:"those that a guardian agreed to"`
}

// Identity is who a client is. Where they live, how to reach them and who cares for them now is not for every guardian.
type Identity struct {
	Name           sealed.Text `json:"name,omitzero"`
	Sex            string      `json:"sex,omitempty"`
	Birth          sealed.Text `json:"birth,omitzero"`
	BirthEstimated bool        `json:"birth_estimated,omitempty"`
	IDKind         string      `json:"id_kind,omitempty"`
	IDNumber       sealed.Text `json:"id_number,omitzero"`
}

// Agreed is a case that a guardian agreed to: what it was opened as, and the consents.
type Agreed struct {
	Case     uuid.UUID `json:"case"`
	Category string    `json:"category"`
	Project  string    `json:"project"`
	Consents []Consent `json:"consents"`
}

// Consent is one that a guardian gave. Only a withdrawal by a guardian is shown.
type Consent struct {
	Purpose         string     `json:"purpose"`
	Form            string     `json:"form"`
	LimitsExplained bool       `json:"limits_explained"`
	GivenAt         time.Time  `json:"given_at"`
	WithdrawnAt     *time.Time `json:"withdrawn_at,omitempty"`
}

// handedToGuardians are the purposes of consents that a guardian is shown. With whom something is shared, and what is
// reported, is not among them: another guardian may have agreed to it.
var handedToGuardians = []string{"service", "photo"}

// CollectForGuardian finds it, sealed still; ok is false where nobody was registered under that id.
func CollectForGuardian(ctx context.Context, a *app.App, client uuid.UUID) (all ForGuardian, ok bool, err error) {
	all = ForGuardian{Recipient: Guardian, Client: client, Made: a.Now().UTC(), Cases: []Agreed{}}
	err = a.Clients.Look(ctx, events.Stream("client", client), func(c clients.Client, version int) { all.Is, ok = identity(c.Details), version > 0 })
	if err != nil || !ok {
		return all, false, err
	}
	head, err := a.Log.Head(ctx)
	if err != nil {
		return all, false, err
	}
	streams, err := streamsOf(ctx, a, client, head)
	if err != nil {
		return all, false, err
	}
	for _, stream := range streams {
		if category, _, _ := events.SplitStream(stream); category != "case" {
			continue
		}
		err := a.Cases.Look(ctx, stream, func(c cases.Case, _ int) {
			if agreed, any := agreedTo(c); any && c.Intake.Client == client {
				all.Cases = append(all.Cases, agreed)
			}
		})
		if err != nil {
			return all, false, fmt.Errorf("reading %s: %w", stream, err)
		}
	}
	slices.SortFunc(all.Cases, func(a, b Agreed) int {
		return cmp.Or(a.Consents[0].GivenAt.Compare(b.Consents[0].GivenAt), cmp.Compare(a.Case.String(), b.Case.String()))
	})
	return all, true, nil
}

func identity(d events.Details) Identity {
	return Identity{Name: d.Name, Sex: d.Sex, Birth: d.Birth, BirthEstimated: d.BirthEstimated, IDKind: d.IDKind, IDNumber: d.IDNumber}
}

// agreedTo is what a guardian agreed to in a case; any is false where that is nothing. The case is named as it was when it
// was opened: what it became may tell.
func agreedTo(c cases.Case) (agreed Agreed, any bool) {
	held := c.Entries.All()
	withdrawn := make(map[uuid.UUID]time.Time)
	for _, h := range held {
		if fact, is := h.Now.(events.ConsentWithdrawn); is && fact.By == Guardian {
			withdrawn[fact.Consent] = h.HappenedAt.UTC()
		}
	}
	agreed = Agreed{Case: c.ID}
	for _, h := range held {
		switch fact := h.Now.(type) {
		case events.IntakeRecorded:
			first := h.First.Event.(events.IntakeRecorded)
			agreed.Category, agreed.Project = first.Category, first.Project
		case events.ConsentRecorded:
			if fact.Capacity != Guardian || fact.Basis != "consent" || !slices.Contains(handedToGuardians, fact.Purpose) {
				continue
			}
			consent := Consent{Purpose: fact.Purpose, Form: fact.Form, LimitsExplained: fact.LimitsExplained, GivenAt: h.HappenedAt.UTC()}
			if at, is := withdrawn[fact.Entry]; is {
				consent.WithdrawnAt = &at
			}
			agreed.Consents = append(agreed.Consents, consent)
		}
	}
	slices.SortStableFunc(agreed.Consents, func(a, b Consent) int { return a.GivenAt.Compare(b.GivenAt) })
	return agreed, len(agreed.Consents) > 0
}

// Write writes it as JSON, the words opened.
func (g ForGuardian) Write(ctx context.Context, a *app.App, out io.Writer, saw *seen.Opened) error {
	return write(ctx, a, out, g.Client, g, saw, events.Stream("client", g.Client))
}
