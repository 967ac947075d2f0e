package events

import (
	"time"

	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// The facts of the read log: who was shown what, who was refused, and who broke the glass. They are kept in a log of
// their own, beside that of the cases, and say nothing of anyone but ids, codes and classes; the words of a broken
// glass are sealed under the client's key.
//
// A reader has one stream, a case under a broken glass another: see Reader and Glass.

// Reader is the stream of what one reader was shown. A worker is found by id, an account by its name.
func Reader(actor string) string {
	if id, err := uuid.Parse(actor); err == nil {
		return Stream("access", id)
	}
	return Stream("access", uuid.NewSHA1(uuid.NameSpaceOID, []byte("casestream reader "+actor)))
}

// Glass is the stream of the glass over one case.
func Glass(id uuid.UUID) string { return Stream("glass", id) }

// Asking is how something was asked for.
type Asking struct {
	Role    string    `json:"role"`
	Route   string    `json:"route"`             // its name, never a URL
	Purpose string    `json:"purpose,omitempty"` // a code
	Glass   uuid.UUID `json:"glass,omitzero"`    // the broken glass that let the reader in
}

// Shown is what was opened for a reader: in which streams it had been sealed, of which classes it is.
type Shown struct {
	Classes []sealed.Class `json:"classes"` // S1, S2, S3, those that there were
	Streams []string       `json:"streams"`
}

// Disclosed: somebody was shown words about people. It is recorded before they leave.
type Disclosed struct {
	Asking
	Shown []Shown  `json:"shown"`
	Marks []string `json:"marks,omitempty"` // the rules that found it unusual
}

// Searched: somebody looked for people; what for is not kept.
type Searched struct {
	Asking
	Found int `json:"found"`
}

// Exported: somebody took data away, in a file.
type Exported struct {
	Asking
	What  string  `json:"what"` // a code: a person, an extract …
	Rows  int     `json:"rows"`
	Shown []Shown `json:"shown,omitempty"`
}

// Denied: somebody asked for what is not there, or not theirs. Nobody can tell from it which.
type Denied struct {
	Asking
	Right  string `json:"right,omitempty"`  // that was missing, where the rules said no
	Stream string `json:"stream,omitempty"` // that was asked for, whether there is one or not
}

// GlassBroken: somebody without a relation to a case opened it for a while, because it could not wait.
type GlassBroken struct {
	Entered
	Role     string      `json:"role"`
	Client   uuid.UUID   `json:"client"` // of the case: whose key seals the words
	Reason   string      `json:"reason"`
	Words    sealed.Text `json:"words,omitzero" class:"S2"`
	Until    time.Time   `json:"until"`
	ReviewBy time.Time   `json:"review_by"`
}

// GlassReviewed: someone else looked at why the glass was broken.
type GlassReviewed struct {
	Entered
	Glass   uuid.UUID   `json:"glass"`
	Role    string      `json:"role"`
	Finding string      `json:"finding"`
	Words   sealed.Text `json:"words,omitzero" class:"S2"`
}

func (Disclosed) Type() string     { return "access.disclosed" }
func (Searched) Type() string      { return "access.searched" }
func (Exported) Type() string      { return "access.exported" }
func (Denied) Type() string        { return "access.denied" }
func (GlassBroken) Type() string   { return "glass.broken" }
func (GlassReviewed) Type() string { return "glass.reviewed" }
