package rest

import (
	"bytes"
	"reflect"
	"time"

	"github.com/casestream/casestream/services/cases"
	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
)

// said is the body of a command: the command itself, and when it happened.
type said[C any] struct {
	HappenedAt time.Time `json:"happened_at,omitzero"`
	Command    C         `json:",embed"`

	raw  []byte // as it came
	read bool   // and nothing is wrong with it
}

// keep takes the body as it came. decode gives it to whatever reads itself.
func (s *said[C]) keep(raw []byte) { s.raw = raw }

// Resolve reads it. huma would make any value of it first, to hold that to the contract; it does so only where the form
// of the contract is not sure.
func (s *said[C]) Resolve(ctx huma.Context) []error {
	if s.raw == nil {
		return nil // huma has refused it
	}
	raw := bytes.TrimSpace(s.raw)
	if to := ctx.Operation().Metadata[contract].(held); !to.form.holds(raw) {
		if faults := to.faults(raw); len(faults) > 0 {
			return faults
		}
	}
	if err := json.Unmarshal(raw, s, strictly); err != nil {
		return []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}}
	}
	s.read = true
	return nil
}

// Schema is the command's own, with when it happened.
func (said[C]) Schema(r huma.Registry) *huma.Schema {
	own := huma.SchemaFromType(r, reflect.TypeFor[C]())
	with := *own
	with.Properties = map[string]*huma.Schema{"happened_at": {
		Type: huma.TypeString, Format: "date-time", Description: "when it happened, if that is not now; it may be days before",
	}}
	for name, property := range own.Properties {
		with.Properties[name] = property
	}
	with.PrecomputeMessages()
	return &with
}

// happened is when it happened: as it is said, else now. The happened_at of an amendment is that of the entry which it
// says anew; the amendment itself happens now.
func (s *said[C]) happened(now time.Time) time.Time {
	if s.HappenedAt.IsZero() {
		return now
	}
	if amendment, ok := any(&s.Command).(*cases.AmendEntry); ok {
		amendment.HappenedAt = &s.HappenedAt
		return now
	}
	return s.HappenedAt
}

// contract is where an operation has what its body is held to.
const contract = "contract"

type held struct {
	form     *form
	schema   *huma.Schema
	registry huma.Registry
}

func contractOf[B huma.SchemaProvider](r *router) held {
	var body B
	registry := r.api.OpenAPI().Components.Schemas
	schema := body.Schema(registry)
	return held{newForm(registry, schema), schema, registry}
}

// faults are what huma finds wrong.
func (h held) faults(raw []byte) []error {
	var value any
	if err := decode(raw, &value); err != nil {
		return []error{&huma.ErrorDetail{Location: "body", Message: err.Error()}}
	}
	var found huma.ValidateResult
	path := huma.NewPathBuffer([]byte{}, 0)
	path.Push("body")
	huma.Validate(h.registry, h.schema, path, huma.ModeWriteToServer, value, &found)
	return found.Errors
}
