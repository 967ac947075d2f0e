// Package canonical reads JSON in the one form in which facts are written: every field where the type has it or left out, no
// space, no escape, no letter beyond ASCII outside of envelopes. Nearly every fact is of that form, and reading it takes half
// of what a library needs that must expect anything. Of all else it says only that it is not of that form: then the library
// reads it, and its word is the one that counts. A property and a fuzz hold them to each other.
package canonical

import (
	"reflect"
	"slices"
	"strings"
	"time"
	"unsafe"

	"github.com/google/uuid"
)

// Envelope is a value that is closed: it tells whether text is an envelope, and then keeps it, without a copy.
type Envelope interface{ Take(text string) bool }

// reader reads one value from the beginning of text and gives the rest. It is not ok if text does not begin so.
type reader func(text string, into reflect.Value) (rest string, ok bool)

// Of reads values of a type, into one that is zero. It is nil for a type that may hold more than this package knows. When it
// is not ok, what was read is of no use. Envelopes stay pieces of data, which nobody may change from then on.
func Of(t reflect.Type) func(data []byte, into reflect.Value) (ok bool) {
	read := readerOf(t, 0)
	if read == nil {
		return nil
	}
	return func(data []byte, into reflect.Value) bool {
		rest, ok := read(unsafe.String(unsafe.SliceData(data), len(data)), into)
		return ok && rest == ""
	}
}

// deep is more than any fact is, and less than one that has itself as a part.
const deep = 12

func readerOf(t reflect.Type, depth int) reader {
	switch {
	case depth > deep:
		return nil
	case t == reflect.TypeFor[uuid.UUID]():
		return readID
	case t == reflect.TypeFor[time.Time]():
		return readTime
	case reflect.PointerTo(t).Implements(reflect.TypeFor[Envelope]()):
		return readEnvelope
	case readsItself(t):
		return nil
	}
	switch t.Kind() {
	case reflect.String:
		return readText
	case reflect.Bool:
		return readBool
	case reflect.Int, reflect.Int64:
		return readInt
	case reflect.Pointer:
		return pointerTo(readerOf(t.Elem(), depth+1))
	case reflect.Slice:
		if t.Elem().Kind() != reflect.Uint8 { // base64
			return listOf(readerOf(t.Elem(), depth+1))
		}
	case reflect.Struct:
		return structOf(t, depth)
	}
	return nil
}

// readsItself tells of a type how a library would read it: with a method of its own.
func readsItself(t reflect.Type) bool {
	for i := range reflect.PointerTo(t).NumMethod() {
		if strings.HasPrefix(reflect.PointerTo(t).Method(i).Name, "Unmarshal") {
			return true
		}
	}
	return false
}

// field is where in a struct, perhaps in one that is embedded, and how it begins: "name":
type field struct {
	begins string
	index  []int
	read   reader
}

func structOf(t reflect.Type, depth int) reader {
	fields, ok := fieldsOf(t, depth)
	if !ok {
		return nil
	}
	return func(text string, into reflect.Value) (string, bool) {
		text, ok := strings.CutPrefix(text, "{")
		if !ok {
			return "", false
		}
		if rest, ok := strings.CutPrefix(text, "}"); ok {
			return rest, true
		}
		for i := range fields {
			f := &fields[i]
			rest, ok := strings.CutPrefix(text, f.begins)
			if !ok {
				continue
			}
			at := into
			for _, n := range f.index {
				at = at.Field(n)
			}
			if rest, ok = f.read(rest, at); !ok || rest == "" {
				return "", false
			}
			switch text = rest[1:]; rest[0] {
			case ',':
			case '}':
				return text, true
			default:
				return "", false
			}
		}
		return "", false // a field that is unknown, out of order, or comes twice
	}
}

// fieldsOf lists fields in the order in which they are written.
func fieldsOf(t reflect.Type, depth int) (fields []field, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" && options == "":
			continue
		case options != "" && options != "omitempty" && options != "omitzero":
			return nil, false
		case f.Anonymous && name == "":
			inner, ok := fieldsOf(f.Type, depth+1)
			if !ok || f.Type.Kind() != reflect.Struct || !f.IsExported() || readsItself(f.Type) {
				return nil, false
			}
			for _, in := range inner {
				fields = append(fields, field{in.begins, append([]int{i}, in.index...), in.read})
			}
			continue
		case !f.IsExported():
			continue
		case name == "":
			name = f.Name
		}
		read := readerOf(f.Type, depth+1)
		if read == nil {
			return nil, false
		}
		fields = append(fields, field{`"` + name + `":`, []int{i}, read})
	}
	names := make(map[string]bool, len(fields))
	for _, f := range fields {
		names[f.begins] = true
	}
	return fields, len(names) == len(fields) // else one hides another
}

func listOf(read reader) reader {
	if read == nil {
		return nil
	}
	return func(text string, into reflect.Value) (string, bool) {
		text, ok := strings.CutPrefix(text, "[")
		if !ok {
			return "", false
		}
		if rest, ok := strings.CutPrefix(text, "]"); ok {
			into.Set(reflect.MakeSlice(into.Type(), 0, 0))
			return rest, true
		}
		for n := 0; ; n++ {
			into.Grow(1)
			into.SetLen(n + 1)
			rest, ok := read(text, into.Index(n))
			if !ok || rest == "" {
				return "", false
			}
			switch text = rest[1:]; rest[0] {
			case ',':
			case ']':
				return text, true
			default:
				return "", false
			}
		}
	}
}

func pointerTo(read reader) reader {
	if read == nil {
		return nil
	}
	return func(text string, into reflect.Value) (string, bool) {
		into.Set(reflect.New(into.Type().Elem()))
		return read(text, into.Elem())
	}
}

// quoted is what stands between quotes, if none of it is escaped.
func quoted(text string) (said, rest string, ok bool) {
	if text, ok = strings.CutPrefix(text, `"`); !ok {
		return "", "", false
	}
	return strings.Cut(text, `"`)
}

func readText(text string, into reflect.Value) (string, bool) {
	said, rest, ok := quoted(text)
	if !ok || !isPlain(said) {
		return "", false
	}
	into.SetString(strings.Clone(said)) // without the words around it
	return rest, true
}

func isPlain(said string) bool {
	for i := range len(said) {
		if c := said[i]; c < ' ' || c > '~' || c == '\\' {
			return false
		}
	}
	return true
}

func readEnvelope(text string, into reflect.Value) (string, bool) {
	said, rest, ok := quoted(text)
	return rest, ok && into.Addr().Interface().(Envelope).Take(said)
}

func readBool(text string, into reflect.Value) (string, bool) {
	rest, yes := strings.CutPrefix(text, "true")
	if !yes {
		var no bool
		if rest, no = strings.CutPrefix(text, "false"); !no {
			return "", false
		}
	}
	into.SetBool(yes)
	return rest, true
}

// digits of a whole number are few enough to fit.
const digits = 18

func readInt(text string, into reflect.Value) (string, bool) {
	rest, negative := strings.CutPrefix(text, "-")
	n, length := int64(0), 0
	for length < len(rest) && '0' <= rest[length] && rest[length] <= '9' {
		n = n*10 + int64(rest[length]-'0')
		if length++; length > digits {
			return "", false
		}
	}
	if length == 0 || rest[0] == '0' && (length > 1 || negative) {
		return "", false
	}
	if negative {
		n = -n
	}
	if into.OverflowInt(n) {
		return "", false
	}
	into.SetInt(n)
	return rest[length:], true // what comes next decides whether it was whole
}

func readID(text string, into reflect.Value) (string, bool) {
	said, rest, ok := quoted(text)
	if !ok {
		return "", false
	}
	id, err := uuid.Parse(said)
	*into.Addr().Interface().(*uuid.UUID) = id
	return rest, err == nil
}

// readTime takes times as they are written: 2012-07-01T09:30:00.25+08:00.
func readTime(text string, into reflect.Value) (string, bool) {
	said, rest, ok := quoted(text)
	if !ok || !isPlain(said) || len(said) < len("2006-01-02T15:04:05Z") || !slices.Contains([]byte(".Z+-"), said[19]) {
		return "", false
	}
	err := into.Addr().Interface().(*time.Time).UnmarshalText([]byte(said))
	return rest, err == nil
}
