package rest

import (
	"context"
	"slices"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/google/uuid"
)

// DutyShown is what whoever is on duty at a site needs of a case, and nothing else of it.
type DutyShown struct {
	ID       uuid.UUID        `json:"id"`
	Stage    casefile.Stage   `json:"stage"`
	Category string           `json:"category,omitempty"`
	Client   *casefile.Client `json:"client,omitempty" doc:"who it is, and the guardian to call"`

	Flags []*casefile.Entry[events.FlagRaised] `json:"flags,omitempty" doc:"raised and not cleared"`
	// Guardianship is what the last assessment found; who is unsafe or unable may not collect.
	Guardianship string                                   `json:"guardianship,omitempty" doc:"able, unable, unsafe or unknown, as assessed last: who may collect"`
	LastHandover *casefile.Entry[events.HandoverRecorded] `json:"last_handover,omitempty" doc:"where to and to whom the client left last"`
}

func showDuty(file seen) DutyShown {
	_, id, _ := events.SplitStream(file.Stream)
	c := file.Case
	shown := DutyShown{ID: id, Stage: c.Stage, Client: file.Client, Flags: c.Flags}
	if c.Intake != nil {
		shown.Category = c.Intake.Fact.Category
	}
	if c.Assessment != nil {
		shown.Guardianship = c.Assessment.Fact.Guardianship
	}
	if n := len(c.Handovers); n > 0 {
		shown.LastHandover = c.Handovers[n-1]
	}
	return shown
}

// ReferredShown is what an agency sees of a case that was referred to it.
type ReferredShown struct {
	ID        uuid.UUID            `json:"id"`
	Name      sealed.Text          `json:"name,omitzero" doc:"the client's"`
	Referrals []*casefile.Referral `json:"referrals" doc:"those to the reader's own agency"`
}

// referred shows the receiver of a referral what was referred to them.
func (r *router) referred(ctx context.Context, in *oneID) (*opened[shown[ReferredShown]], error) {
	place, err := r.door.place(ctx)
	if err != nil {
		return nil, err
	}
	return one(r, rights.SeeReferral, "case", r.seeCase, func(file seen) ReferredShown {
		_, id, _ := events.SplitStream(file.Stream)
		shown := ReferredShown{ID: id, Referrals: slices.DeleteFunc(slices.Clone(file.Case.Referrals), func(referral *casefile.Referral) bool {
			return referral.Fact.To != place.Agency
		})}
		if file.Client != nil {
			shown.Name = file.Client.Details.Name
		}
		return shown
	})(ctx, in)
}
