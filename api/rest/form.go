package rest

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// form is a schema, made ready to be held against JSON while it is read. What it says yes to, huma would find nothing wrong
// with; of all else it does not know, and huma has the last word, and the words for what is wrong. So it knows only
// what the commands need, and nearly every body is read once less, and not made into maps before it is a command.
type form struct {
	kind     string // of JSON, as in a schema; empty: any
	nullable bool

	fields   map[string]field // of an object
	required int              // so many of them
	rest     *form            // what the others are; nil: there are none

	items       *form // of an array
	least, most int   // items of an array, characters of a text

	format  string         // of a text
	pattern *regexp.Regexp // nil: any
	oneOf   []string       // if not empty

	from, to float64 // of a number
}

type field struct {
	*form
	required bool
}

// unsure fits nothing.
var unsure = &form{kind: "unsure"}

// newForm makes the form of a schema whose references are in r. What it does not know makes it unsure.
func newForm(r huma.Registry, s *huma.Schema) *form {
	return compiled(r, s, map[*huma.Schema]*form{})
}

func compiled(r huma.Registry, s *huma.Schema, begun map[*huma.Schema]*form) *form {
	for s != nil && s.Ref != "" {
		s = r.SchemaFromRef(s.Ref)
	}
	if s == nil || s.OneOf != nil || s.AnyOf != nil || s.AllOf != nil || s.Not != nil || s.Discriminator != nil ||
		s.ExclusiveMaximum != nil || s.MultipleOf != nil || s.UniqueItems ||
		s.ContentEncoding != "" || s.MinProperties != nil || s.MaxProperties != nil || len(s.DependentRequired) > 0 {
		return unsure
	}
	if f := begun[s]; f != nil {
		return f
	}
	f := &form{kind: s.Type, nullable: s.Nullable, format: s.Format, most: math.MaxInt, from: math.Inf(-1), to: math.Inf(1)}
	begun[s] = f
	least, most := s.MinLength, s.MaxLength
	if s.Type == huma.TypeArray {
		least, most = s.MinItems, s.MaxItems
		f.items = compiled(r, s.Items, begun)
	}
	if least != nil {
		f.least = *least
	}
	if most != nil {
		f.most = *most
	}
	if s.Minimum != nil {
		f.from = *s.Minimum
	}
	if s.ExclusiveMinimum != nil {
		f.from = max(f.from, math.Nextafter(*s.ExclusiveMinimum, math.Inf(1)))
	}
	if s.Maximum != nil {
		f.to = *s.Maximum
	}
	if s.Pattern != "" {
		f.pattern = regexp.MustCompile(s.Pattern) // as huma did
	}
	for _, value := range s.Enum {
		text, ok := value.(string)
		if !ok || s.Type != huma.TypeString {
			return unsure
		}
		f.oneOf = append(f.oneOf, text)
	}
	if s.Type == huma.TypeObject {
		switch rest := s.AdditionalProperties.(type) {
		case *huma.Schema:
			f.rest = compiled(r, rest, begun)
		case bool:
			if rest {
				return unsure
			}
		default:
			return unsure
		}
		f.fields = make(map[string]field, len(s.Properties))
		for name, property := range s.Properties {
			f.fields[name] = field{form: compiled(r, property, begun)}
		}
		for _, name := range s.Required {
			one, ok := f.fields[name]
			if !ok || one.required {
				return unsure
			}
			one.required = true
			f.fields[name] = one
			f.required++
		}
	}
	return f
}

// holds tells whether JSON is sure to fit.
func (f *form) holds(data []byte) bool {
	return json.Unmarshal(data, (*reading)(f)) == nil
}

// reading is a form for the decoder: what does not surely fit it is an error.
type reading form

var errUnsure = errors.New("it is not sure that this fits")

func (r *reading) UnmarshalJSONFrom(from *jsontext.Decoder) error {
	if !(*form)(r).fits(from) {
		return errUnsure
	}
	return nil
}

// fits reads the next value, as far as it fits.
func (f *form) fits(from *jsontext.Decoder) bool {
	kind := from.PeekKind()
	if f.kind == "" || kind == 'n' && f.nullable {
		return from.SkipValue() == nil
	}
	switch f.kind {
	case huma.TypeObject:
		return kind == '{' && f.fitsObject(from)
	case huma.TypeArray:
		return kind == '[' && f.fitsArray(from)
	case huma.TypeString:
		return kind == '"' && f.fitsText(from)
	case huma.TypeNumber, huma.TypeInteger:
		return kind == '0' && f.fitsNumber(from)
	case huma.TypeBoolean:
		return (kind == 't' || kind == 'f') && from.SkipValue() == nil
	}
	return false
}

// fitsObject relies on the decoder, which reads no name twice.
func (f *form) fitsObject(from *jsontext.Decoder) bool {
	if _, err := from.ReadToken(); err != nil {
		return false
	}
	missing := f.required
	for from.PeekKind() == '"' {
		name, err := from.ReadValue()
		if err != nil {
			return false
		}
		one, known := f.fields[string(name[1:len(name)-1])] // one that is escaped is none
		switch {
		case !known && f.rest == nil, !known && bytes.IndexByte(name, '\\') >= 0:
			return false
		case !known:
			one.form = f.rest
		case one.required:
			missing--
		case from.PeekKind() == 'n': // as if it was left out
			if from.SkipValue() != nil {
				return false
			}
			continue
		}
		if !one.fits(from) {
			return false
		}
	}
	end, err := from.ReadToken()
	return err == nil && end.Kind() == '}' && missing == 0
}

func (f *form) fitsArray(from *jsontext.Decoder) bool {
	if _, err := from.ReadToken(); err != nil {
		return false
	}
	n := 0
	for kind := from.PeekKind(); kind != ']' && kind != jsontext.KindInvalid; kind = from.PeekKind() {
		if n++; !f.items.fits(from) {
			return false
		}
	}
	_, err := from.ReadToken()
	return err == nil && f.least <= n && n <= f.most
}

func (f *form) fitsText(from *jsontext.Decoder) bool {
	text, err := from.ReadValue()
	if err != nil {
		return false
	}
	if bytes.IndexByte(text, '\\') < 0 {
		text = text[1 : len(text)-1]
	} else if text, err = jsontext.AppendUnquote(nil, text); err != nil {
		return false
	}
	if n := len(text); n > f.most || n < f.least*utf8.UTFMax { // else it need not be counted
		if n = utf8.RuneCount(text); n > f.most || n < f.least {
			return false
		}
	}
	if f.pattern != nil && !f.pattern.Match(text) {
		return false
	}
	switch f.format {
	case "":
	case "uuid":
		if _, err = uuid.ParseBytes(text); len(text) != 36 { // other ways to write one are huma's to judge
			return false
		}
	case "date-time":
		_, err = time.Parse(time.RFC3339, string(text))
	case "date":
		_, err = time.Parse(time.DateOnly, string(text))
	default:
		return false
	}
	for _, value := range f.oneOf {
		if string(text) == value {
			return err == nil
		}
	}
	return err == nil && len(f.oneOf) == 0
}

// fitsNumber leaves to huma what a float64 cannot tell from its neighbours.
func (f *form) fitsNumber(from *jsontext.Decoder) bool {
	token, err := from.ReadToken()
	if err != nil {
		return false
	}
	n, err := token.Float()
	return err == nil && math.Abs(n) < 1<<53 && f.from <= n && n <= f.to && (f.kind == huma.TypeNumber || n == math.Trunc(n))
}
