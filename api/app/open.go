package app

import (
	"context"
	"errors"
	"io"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events/sealed"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// JSON is how answers are written: fields in their order, maps by their keys, and what is marked as left out when it is
// empty left out as encoding/json does it.
var JSON = json.JoinOptions(json.Deterministic(true), jsonv1.OmitEmptyWithLegacySemantics(true))

// Write writes an answer as JSON and opens the sealed values in it on the way, for this one reader. They were sealed
// in one of these streams. What is not for this reader must not be in v. The words of someone who was forgotten are null.
//
// What was opened is noted in saw. Whoever calls this records that in the read log, and only then lets go of what was
// written: see access.Log.
func (a *App) Write(ctx context.Context, w io.Writer, v any, saw *access.Opened, streams ...string) error {
	return a.Show(ctx, w, v, func(sealed.Class) bool { return true }, saw, streams...)
}

// Shows tells whether values of a class are opened for a reader.
type Shows func(sealed.Class) bool

// Show is Write for a reader who may not see everything: in the place of a value of a class that is not shown stands
// {"masked": class}, and it is not opened.
func (a *App) Show(ctx context.Context, w io.Writer, v any, shows Shows, saw *access.Opened, streams ...string) error {
	return json.MarshalWrite(w, v, JSON, json.WithMarshalers(json.JoinMarshalers(
		opened[string](ctx, a.Keys, shows, saw, streams),
		opened[any](ctx, a.Keys, shows, saw, streams),
		opened[map[string]int](ctx, a.Keys, shows, saw, streams),
	)))
}

type masking struct {
	Masked sealed.Class `json:"masked"`
}

func opened[T any](ctx context.Context, keys sealed.Keys, shows Shows, saw *access.Opened, streams []string) *json.Marshalers {
	return json.MarshalToFunc(func(enc *jsontext.Encoder, value sealed.Value[T]) error {
		if value.IsZero() {
			return enc.WriteToken(jsontext.Null)
		}
		if class := value.Class(); !shows(class) {
			return json.MarshalEncode(enc, masking{class})
		}
		err := sealed.ErrTampered
		for _, stream := range streams {
			var said []byte
			if said, err = value.OpenJSON(ctx, keys, stream); err == nil {
				saw.Saw(stream, value, said)
				err = enc.WriteValue(said)
				clear(said) // it was copied, and memory that is freed is not overwritten
				return err
			}
			if errors.Is(err, sealed.ErrForgotten) {
				return enc.WriteToken(jsontext.Null)
			}
		}
		return err
	})
}
