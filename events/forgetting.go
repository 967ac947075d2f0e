package events

import (
	"time"

	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of keeping and forgetting a person, in the client's stream. What people say in them is under the client's
// own key and is forgotten with it; what is plain outlives the person's words: codes, days, ids, counts.

// HoldPlaced keeps what is known of a client for the law, whatever is asked: nobody is forgotten while a hold stands.
type HoldPlaced struct {
	Entered
	Reason string      `json:"reason"` // litigation, investigation, inspection, complaint, other
	Why    sealed.Text `json:"why,omitzero" class:"S2"`
}

// HoldLifted ends a hold.
type HoldLifted struct {
	Entered
	Hold uuid.UUID   `json:"hold"`
	Why  sealed.Text `json:"why,omitzero" class:"S2"`
}

// ProcessingRestricted stops work with what is known of a client, but for keeping it and what the law needs.
type ProcessingRestricted struct {
	Entered
	Reason string      `json:"reason"` // retention_open, accuracy_contested, unlawful, claims, objection
	Why    sealed.Text `json:"why,omitzero" class:"S2"`
}

// RestrictionLifted lets the work go on.
type RestrictionLifted struct {
	Entered
	Why sealed.Text `json:"why,omitzero" class:"S2"`
}

// ForgettingRequested asks that a client be forgotten. The entry's id names the request from here on.
type ForgettingRequested struct {
	Entered
	By    string      `json:"by"`    // client, guardian, agency, court, authority
	Basis string      `json:"basis"` // retention_ended, consent_withdrawn, purpose_achieved, unlawful_processing, court_order
	Why   sealed.Text `json:"why,omitzero" class:"S2"`
}

// ForgettingChecked says that nothing stood in the way on that day: no hold, no open case, no retention that runs.
type ForgettingChecked struct {
	Request uuid.UUID `json:"request"`
	Cases   int       `json:"cases"`                // how many cases of the client there are, all of them ended
	Until   string    `json:"kept_until,omitempty"` // the last day of the longest retention; empty: there is no case
	Rules   int       `json:"rules"`                // the version of the retention rules
}

// ForgettingApproved is the word of a second person. Before Begins it can be withdrawn.
type ForgettingApproved struct {
	Request uuid.UUID `json:"request"`
	Begins  time.Time `json:"begins"` // the end of the cooling-off
}

// ForgettingWithdrawn ends a request before it was carried out.
type ForgettingWithdrawn struct {
	Entered
	Request uuid.UUID   `json:"request"`
	Why     sealed.Text `json:"why,omitzero" class:"S2"`
}

// ForgettingBegun is the point of no return: from here on the client's key is destroyed, and wherever it turns up
// again, out of a backup, it is destroyed again. Views drop the words of the person when they come to this fact. It may
// come twice: the second time for words that were sealed on other desks before the key was gone everywhere.
type ForgettingBegun struct {
	Request uuid.UUID `json:"request"`
}

// ClientForgotten says that it is done, and holds what the certificate says.
type ClientForgotten struct {
	Request     uuid.UUID `json:"request"`
	By          string    `json:"by"`
	Basis       string    `json:"basis"`
	RequestedAt time.Time `json:"requested_at"`
	RequestedBy string    `json:"requested_by"` // an actor, like those that follow
	CheckedAt   time.Time `json:"checked_at"`
	CheckedBy   string    `json:"checked_by"`
	ApprovedAt  time.Time `json:"approved_at"`
	ApprovedBy  string    `json:"approved_by"`
	BegunAt     time.Time `json:"begun_at"`
	DoneAt      time.Time `json:"done_at"`
	KeyEpoch    int       `json:"key_epoch"`  // this key and all before it are destroyed; 0: there never was one
	Streams     int       `json:"streams"`    // of the log, that have sealed values of theirs
	Values      int       `json:"values"`     // sealed values in them, that nobody can open any more
	Views       []string  `json:"views"`      // in which no sealed value of theirs was left
	PublicKey   []byte    `json:"public_key"` // ed25519, of who certifies
	Signature   []byte    `json:"signature"`  // of the certificate
}

func (HoldPlaced) Type() string           { return "client.hold-placed" }
func (HoldLifted) Type() string           { return "client.hold-lifted" }
func (ProcessingRestricted) Type() string { return "client.processing-restricted" }
func (RestrictionLifted) Type() string    { return "client.restriction-lifted" }
func (ForgettingRequested) Type() string  { return "client.forgetting-requested" }
func (ForgettingChecked) Type() string    { return "client.forgetting-checked" }
func (ForgettingApproved) Type() string   { return "client.forgetting-approved" }
func (ForgettingWithdrawn) Type() string  { return "client.forgetting-withdrawn" }
func (ForgettingBegun) Type() string      { return "client.forgetting-begun" }
func (ClientForgotten) Type() string      { return "client.forgotten" }
