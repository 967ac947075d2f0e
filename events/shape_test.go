package events

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/casestream/casestream/events/sealed"
)

// What every fact must be like, whoever adds one.

func TestFactsAreNamedLikeFacts(t *testing.T) {
	named := regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z]+)*$`)
	for _, name := range Types() {
		if !named.MatchString(name) {
			t.Errorf("%s: a fact is called like case.intake-recorded", name)
		}
	}
}

func TestEveryPersonalFieldHasAClass(t *testing.T) {
	for name, s := range catalogue.byName {
		for _, field := range sealed.Unclassed(s.typ) {
			t.Errorf("%s: %s names no class: S1 identity, S2 clinical and social, S3 disclosure", name, field)
		}
	}
}

func TestAPersonalFieldThatSaysNothingIsNotWritten(t *testing.T) {
	eachField(func(owner reflect.Type, f reflect.StructField) {
		if isSealed(f.Type) && !strings.HasSuffix(f.Tag.Get("json"), ",omitzero") {
			t.Errorf("%s.%s: a sealed field is omitzero", owner.Name(), f.Name)
		}
	})
}

func TestFieldsAreSnakeCaseAndUnique(t *testing.T) {
	snake := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	eachField(func(owner reflect.Type, f reflect.StructField) {
		if name := fieldName(f); !f.Anonymous && !snake.MatchString(name) {
			t.Errorf("%s.%s is written as %q", owner.Name(), f.Name, name)
		}
	})
	for name, s := range catalogue.byName {
		for field, twice := range writtenNames(s.typ, map[string]bool{}) {
			if twice {
				t.Errorf("%s has two fields %q: encoding/json would write neither", name, field)
			}
		}
	}
}

// writtenNames are the names at the top level of a fact, embedded structs included; true for one that is there twice.
func writtenNames(t reflect.Type, names map[string]bool) map[string]bool {
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("json") == "" {
			writtenNames(f.Type, names)
			continue
		}
		_, there := names[fieldName(f)]
		names[fieldName(f)] = there
	}
	return names
}

func TestAPlainStringWasDecidedOn(t *testing.T) {
	decided := map[string]bool{}
	for _, field := range strings.Fields(codes + names + days + public + fromTheForm + certified) {
		if decided[field] {
			t.Errorf("%s is decided on twice", field)
		}
		decided[field] = true
	}
	found := map[string]bool{}
	eachField(func(owner reflect.Type, f reflect.StructField) {
		if field := owner.Name() + "." + fieldName(f); holdsWords(f.Type) && !found[field] {
			found[field] = true
			if !decided[field] {
				t.Errorf("%s is plain text: for ever, in every backup, after the person was forgotten. Make it a sealed.Text with a class, or add it to plain_test.go with others of its kind", field)
			}
		}
	})
	for field := range decided {
		if !found[field] {
			t.Errorf("plain_test.go has %s, which no fact has", field)
		}
	}
}

// holdsWords tells whether anything that a person types could stand in a field as it is.
func holdsWords(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String:
		return true
	case reflect.Slice, reflect.Pointer:
		return holdsWords(t.Elem())
	case reflect.Array:
		return t != reflect.TypeFor[uuid.UUID]() && holdsWords(t.Elem())
	case reflect.Map:
		return holdsWords(t.Key()) || holdsWords(t.Elem())
	case reflect.Interface: // but one with methods has a type of the catalogue in it
		return t.NumMethod() == 0
	}
	return t.Kind() == reflect.Uint8 // []byte, json.RawMessage
}

func TestWhatCouldHoldWordsIsSeen(t *testing.T) {
	type note string
	for _, typ := range []reflect.Type{
		reflect.TypeFor[string](), reflect.TypeFor[note](), reflect.TypeFor[*string](), reflect.TypeFor[[]string](), reflect.TypeFor[map[string]int](),
		reflect.TypeFor[map[int][]string](), reflect.TypeFor[any](), reflect.TypeFor[[]byte](), reflect.TypeFor[[2]string](),
	} {
		if !holdsWords(typ) {
			t.Errorf("%s is overlooked", typ)
		}
	}
}

// eachField visits every field of every fact and of every struct in it.
func eachField(visit func(owner reflect.Type, f reflect.StructField)) {
	seen := map[reflect.Type]bool{}
	var walk func(reflect.Type)
	walk = func(t reflect.Type) {
		for slices.Contains([]reflect.Kind{reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map}, t.Kind()) {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[Recorded]().PkgPath() || seen[t] {
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			visit(t, t.Field(i))
			walk(t.Field(i).Type)
		}
	}
	for _, name := range catalogue.names {
		walk(catalogue.byName[name].typ)
	}
}

func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

func isSealed(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[sealed.Text]().PkgPath() && strings.HasPrefix(t.Name(), "Value[")
}
