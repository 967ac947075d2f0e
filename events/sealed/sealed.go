// Package sealed keeps what is said of a person under that person's key.
//
// A fact declares a personal field as sealed.Text (or sealed.Value of something else) with a class:
//
//	Name sealed.Text `json:"name,omitzero" class:"S1"`
//
// In the hands of whoever wrote it the field is open. Seal closes every such field of a fact before a store sees
// it; a fact with a field still open does not encode, so nothing plain can reach a disk by accident. Views copy the
// closed value as it is, and Open reads it for one request of someone who may. To forget a person, destroy the key:
// the rows and their hash chain stay as they were.
//
// A new personal field needs nothing but its type and its class; a test over the catalogue refuses one without.
package sealed

import (
	"context"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
	json "github.com/go-json-experiment/json/v1"
	"github.com/google/uuid"
)

// Class says how much harm a value does in the wrong hands.
type Class string

const (
	Plain      Class = "S0" // codes, scores, days, counts: not sealed, survives erasure
	Identity   Class = "S1" // who it is: name, number, address, phone, relations
	Clinical   Class = "S2" // clinical and social: problems, notes, diagnoses, answers to single items
	Disclosure Class = "S3" // abuse, HIV, sexual violence, self-harm, who reported, where someone is sheltered
)

// sealed tells whether values of this class are sealed at all.
func (c Class) sealed() bool { return c == Identity || c == Clinical || c == Disclosure }

var (
	// ErrOpen: a personal field was about to be written down unsealed.
	ErrOpen = errors.New("a personal field is not sealed")
	// ErrForgotten: the person's key was destroyed; nobody can read this any more.
	ErrForgotten = errors.New("forgotten: the key was destroyed")
	// ErrEmptied: the words are not here, but where the value was read from.
	ErrEmptied = errors.New("an envelope was emptied")
	// ErrTampered: the value does not belong where it stands, or was changed.
	ErrTampered = errors.New("a sealed value does not fit its place")
)

// Text is a sealed string.
type Text = Value[string]

// Value is something said of a person: open where it was written, sealed everywhere else. The zero Value says nothing.
type Value[T any] struct {
	open  *T // a pointer, because fmt looks into a struct for %p, whatever its methods say
	class Class
	box   string // an envelope, as in envelope.go
}

// New is a value as its writer said it. Its class is that of the field it is put into.
func New[T any](said T) Value[T] { return Value[T]{open: &said} }

// Say is a Text as its writer said it; nothing said is the zero Text.
func Say(said string) Text {
	if said == "" {
		return Text{}
	}
	return New(said)
}

// Graded is a value whose class is data, such as an answer to a form: its field's tag need not name one.
func Graded[T any](class Class, said T) Value[T] { return Value[T]{open: &said, class: class} }

// IsZero tells that nothing was said.
func (v Value[T]) IsZero() bool { return v.open == nil && v.box == "" }

// Class is how sensitive a sealed value is; of an open one it is known only if it was Graded.
func (v Value[T]) Class() Class {
	if v.box != "" {
		class, _ := headOf(v.box)
		return class
	}
	return v.class
}

// Field is the field of a sealed value, by the name it was first written under; of an open one it is not known.
func (v Value[T]) Field() string {
	_, field := headOf(v.box)
	return field
}

// Open reads a value that was sealed in this stream, under whichever key its envelope names.
func (v Value[T]) Open(ctx context.Context, keys Keys, stream string) (T, error) {
	var said T
	switch {
	case v.open != nil:
		return *v.open, nil
	case v.box == "":
		return said, nil
	}
	plain, err := unseal(ctx, keys, stream, v.box)
	if err != nil {
		return said, err
	}
	defer clear(plain)
	if err := json.Unmarshal(plain, &said); err != nil {
		return said, ErrTampered // the parser's words would repeat what is inside
	}
	return said, nil
}

// OpenJSON is Open for whoever passes it on: what was said, as JSON. Of what was not said it is null.
func (v Value[T]) OpenJSON(ctx context.Context, keys Keys, stream string) ([]byte, error) {
	switch {
	case v.open != nil:
		return json.Marshal(*v.open)
	case v.box == "":
		return []byte("null"), nil
	}
	return unseal(ctx, keys, stream, v.box)
}

// String never shows what was said: values end up in logs and in test output.
func (v Value[T]) String() string {
	if v.IsZero() {
		return ""
	}
	return "[sealed]"
}

// GoString is String, for %#v.
func (v Value[T]) GoString() string { return v.String() }

// Format is String for every verb.
func (v Value[T]) Format(s fmt.State, _ rune) { fmt.Fprint(s, v.String()) }

// MarshalJSON writes the envelope, or null where nothing was said. An open value is ErrOpen.
func (v Value[T]) MarshalJSON() ([]byte, error) {
	switch {
	case v.open != nil:
		return nil, ErrOpen
	case v.box == "":
		return []byte("null"), nil
	case isEmpty(v.box):
		return nil, ErrEmptied
	}
	quoted := make([]byte, 0, len(v.box)+2)
	quoted = append(quoted, '"')
	quoted = append(quoted, v.box...) // an envelope has no character that JSON escapes
	return append(quoted, '"'), nil
}

// UnmarshalJSON takes an envelope as it stands; it is looked into when it is opened.
func (v *Value[T]) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*v = Value[T]{}
		return nil
	}
	if len(data) < 2 || data[0] != '"' || data[len(data)-1] != '"' || !v.Take(string(data[1:len(data)-1])) {
		return fmt.Errorf("sealed value: %w", ErrTampered)
	}
	return nil
}

// Take makes it the value of an envelope, and tells whether text is one.
func (v *Value[T]) Take(text string) bool {
	if !isEnvelope(text) {
		return false
	}
	*v = Value[T]{box: text}
	return true
}

func (v *Value[T]) isOpen() bool { return v.open != nil }

// sealIn closes an open value. It is how Seal reaches values of any type.
func (v *Value[T]) sealIn(s sealer, field string, declared Class) error {
	class := declared
	if class == "" {
		class = v.class
	}
	plain, err := json.Marshal(*v.open)
	if err != nil { // whose words might repeat what was said
		return fmt.Errorf("sealing %s: what was said cannot be written as JSON", field)
	}
	box, err := s.seal(class, field, plain)
	if err != nil {
		return fmt.Errorf("sealing %s: %w", field, err)
	}
	*v = Value[T]{box: box}
	return nil
}

type sealable interface {
	isOpen() bool
	empty()
	sealIn(s sealer, field string, declared Class) error
}

// Place is where a fact will stand: an envelope is bound to it and opens nowhere else.
type Place struct {
	Stream string
	Event  uuid.UUID
}

// MarshalJSONTo is MarshalJSON without a copy.
func (v Value[T]) MarshalJSONTo(enc *jsontext.Encoder) error {
	switch {
	case v.open != nil:
		return ErrOpen
	case v.box == "":
		return enc.WriteToken(jsontext.Null)
	case isEmpty(v.box):
		return ErrEmptied
	}
	return enc.WriteToken(jsontext.String(v.box))
}

// UnmarshalJSONFrom is UnmarshalJSON without a copy.
func (v *Value[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	raw, err := dec.ReadValue()
	if err != nil {
		return err
	}
	return v.UnmarshalJSON(raw)
}
