package events

import (
	"github.com/casestream/casestream/events/sealed"
)

// The facts of a client: one person, whose identity is written here once. Cases, groups and activities refer to
// it by id. Everything personal is under the client's own key.

// Details is who a client is, as far as known.
type Details struct {
	Name           sealed.Text `json:"name,omitzero" class:"S1"`
	OtherNames     sealed.Text `json:"other_names,omitzero" class:"S1"`
	Sex            string      `json:"sex,omitempty"`             // male, female, unknown
	Birth          sealed.Text `json:"birth,omitzero" class:"S1"` // 2006-01-02, or a shorter part of it
	BirthEstimated bool        `json:"birth_estimated,omitempty"`
	IDKind         string      `json:"id_kind,omitempty"` // resident_id, household_register, none …
	IDNumber       sealed.Text `json:"id_number,omitzero" class:"S1"`
	Address        sealed.Text `json:"address,omitzero" class:"S1"`
	Phone          sealed.Text `json:"phone,omitzero" class:"S1"`
	Guardian       Guardian    `json:"guardian,omitzero"`
}

// Guardian is whom to ask and to call.
type Guardian struct {
	Name     sealed.Text `json:"name,omitzero" class:"S1"`
	Relation string      `json:"relation,omitempty"` // father, mother, grandparent, institution, unknown …
	Phone    sealed.Text `json:"phone,omitzero" class:"S1"`
}

// ClientRegistered opens a client's stream.
type ClientRegistered struct {
	Entered
	Details
}

// ClientDetailsAmended says all details anew, and why.
type ClientDetailsAmended struct {
	Entered
	Details
	Why sealed.Text `json:"why,omitzero" class:"S2"`
}

func (ClientRegistered) Type() string     { return "client.registered" }
func (ClientDetailsAmended) Type() string { return "client.details-amended" }
