package events

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
)

// testdata has one sample of every shape that was ever written. A log has facts in those shapes for ever, so a sample
// is never edited: when a shape changes, the old sample must still be read, and a new one is added.
//
// Samples are made from the literals in samples_*_test.go by
//
//	go test -run TestEveryShapeHasASample -write-missing
//
// which writes what is missing and never touches a file that is there.
var writeMissing = flag.Bool("write-missing", false, "make the samples that testdata does not have yet")

// sample is a file of testdata: a fact as a store has it, and the words that it must open to.
type sample struct {
	Type   string          `json:"type"`
	Schema int             `json:"schema"`
	Stream string          `json:"stream"`
	Owner  string          `json:"owner"` // whose key, where a part of the fact has none of its own: sealedtest.Keys has it
	Event  uuid.UUID       `json:"event"`
	Data   json.RawMessage `json:"data"`
	Opened map[string]any  `json:"opened"` // by the field as first written
}

func sampleFile(name string, schema int) string {
	return filepath.Join("testdata", fmt.Sprintf("%s.%d.json", name, schema))
}

func TestEveryShapeHasASample(t *testing.T) {
	expected := map[string]bool{}
	for _, name := range catalogue.names {
		today := catalogue.byName[name].schema
		for schema := 1; schema <= today; schema++ {
			file := sampleFile(name, schema)
			expected[file] = true
			if _, err := os.Stat(file); err == nil {
				continue
			}
			if schema < today {
				t.Errorf("%s is missing: it was written before the shape changed, and belongs in the repository for ever", file)
				continue
			}
			if !*writeMissing {
				t.Errorf("%s is missing. Add a literal to samples_*_test.go, then: go test -run TestEveryShapeHasASample -write-missing", file)
				continue
			}
			if err := writeSample(t, name, today); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
	files, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !expected[file] {
			t.Errorf("%s is of no line of the catalogue: lines are never removed", file)
		}
	}
}

func writeSample(t *testing.T, name string, schema int) error {
	literals := slices.Concat(clientSamples, forgettingSamples, caseSamples, moreCaseSamples, groupSamples, programmeSamples, accessSamples)
	at := slices.IndexFunc(literals, func(e Event) bool { return e.Type() == name })
	if at < 0 {
		return fmt.Errorf("there is no literal in samples_*_test.go to make it from")
	}
	s := sample{Type: name, Schema: schema, Event: sampleID("event " + name)}
	s.Stream, s.Owner = sampleStream(name)
	closed, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, literals[at], sealed.Place{Stream: s.Stream, Event: s.Event}, s.Owner)
	if err != nil {
		return err
	}
	if s.Data, _, err = Encode(closed); err != nil {
		return err
	}
	if s.Opened, err = openAll(t, closed, s.Stream); err != nil {
		return err
	}
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	to.SetIndent("", "  ")
	if err := to.Encode(s); err != nil {
		return err
	}
	file, err := os.OpenFile(sampleFile(name, schema), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.Write(text.Bytes())
	return err
}

// sampleID is an id that is the same in every run.
func sampleID(name string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte("sample "+name)) }

// sampleStream tells in which stream the sample of a fact stands and under whose key: that of a case under its
// client's.
func sampleStream(name string) (stream, owner string) {
	category, _, _ := strings.Cut(name, ".")
	switch category {
	case "programme":
		return ProgrammeStream, ProgrammeStream
	case "case":
		return Stream("case", sampleID("case")), Stream("client", sampleID("client"))
	}
	stream = Stream(category, sampleID(category))
	return stream, stream
}

// openAll opens every word of a fact, by the field in which each was first written.
func openAll(t testing.TB, e Event, stream string) (map[string]any, error) {
	data, _, err := Encode(e)
	if err != nil {
		return nil, err
	}
	var tree any
	if err := json.Unmarshal(data, &tree); err != nil {
		return nil, err
	}
	opened := map[string]any{}
	var walk func(any) error
	walk = func(at any) error {
		switch at := at.(type) {
		case map[string]any:
			for _, inner := range at {
				if err := walk(inner); err != nil {
					return err
				}
			}
		case []any:
			for _, inner := range at {
				if err := walk(inner); err != nil {
					return err
				}
			}
		case string:
			var value sealed.Value[any]
			if value.UnmarshalJSON([]byte(`"`+at+`"`)) != nil {
				return nil // a plain one
			}
			said, err := value.Open(t.Context(), &sealedtest.Keys{}, stream)
			opened[strings.Split(at, ".")[2]] = said
			return err
		}
		return nil
	}
	return opened, walk(tree)
}

func readSamples(t *testing.T) map[string]sample {
	t.Helper()
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	samples := map[string]sample{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s sample
		from := json.NewDecoder(bytes.NewReader(text))
		from.DisallowUnknownFields()
		if err := from.Decode(&s); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if file != sampleFile(s.Type, s.Schema) {
			t.Errorf("%s is a sample of %s, shape %d", file, s.Type, s.Schema)
		}
		samples[file] = s
	}
	return samples
}

func TestEverySampleIsReadAndWrittenAgainAsTheSameBytes(t *testing.T) {
	for file, s := range readSamples(t) {
		fact, err := Decode(s.Type, s.Schema, s.Data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if s.Schema != catalogue.byName[s.Type].schema {
			continue // an older shape is written as today's
		}
		var before bytes.Buffer
		if err := json.Compact(&before, s.Data); err != nil {
			t.Fatal(err)
		}
		if after, schema, err := Encode(fact); err != nil || schema != s.Schema || !bytes.Equal(before.Bytes(), after) {
			t.Errorf("%s: %v\nwas %s\nis  %s", file, err, before.Bytes(), after)
		}
	}
}

func TestEverySampleOpensToTheSameWords(t *testing.T) {
	for file, s := range readSamples(t) {
		fact, err := Decode(s.Type, s.Schema, s.Data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		opened, err := openAll(t, fact, s.Stream)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		if !reflect.DeepEqual(opened, s.Opened) {
			t.Errorf("%s opens to\n%v, not to\n%v", file, slices.Sorted(maps.Keys(opened)), slices.Sorted(maps.Keys(s.Opened)))
		}
	}
}

func TestEverySampleFillsEveryField(t *testing.T) {
	for file, s := range readSamples(t) {
		if s.Schema != catalogue.byName[s.Type].schema {
			continue // complete when its shape was today's
		}
		fact, err := Decode(s.Type, s.Schema, s.Data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, field := range unfilled([]reflect.Value{reflect.ValueOf(fact)}) {
			t.Errorf("%s: %s is empty in every place: delete the new sample, fill the literal, write it again", file, field)
		}
	}
}

// unfilled lists the fields that are zero in all of some values of one type.
func unfilled(all []reflect.Value) (fields []string) {
	t := all[0].Type()
	if t.Kind() != reflect.Struct || t.PkgPath() != reflect.TypeFor[Recorded]().PkgPath() {
		return nil
	}
	for i := range t.NumField() {
		var said, inner []reflect.Value
		for _, v := range all {
			if v := v.Field(i); !v.IsZero() {
				said = append(said, v)
			}
		}
		if len(said) == 0 {
			fields = append(fields, t.Field(i).Name)
			continue
		}
		for _, v := range said {
			switch v.Kind() {
			case reflect.Slice:
				for j := range v.Len() {
					inner = append(inner, v.Index(j))
				}
			case reflect.Struct:
				inner = append(inner, v)
			case reflect.Interface:
				inner = append(inner, v.Elem())
			}
		}
		if len(inner) > 0 {
			for _, name := range unfilled(inner) {
				fields = append(fields, t.Field(i).Name+"."+name)
			}
		} else if said[0].Kind() == reflect.Slice {
			fields = append(fields, t.Field(i).Name)
		}
	}
	return fields
}

func TestASampleWithAnEmptyFieldIsFoundOut(t *testing.T) {
	fact := SessionHeld{Number: 1, Attendance: []Attendance{{Presence: "present"}, {Member: sampleID("a")}}}
	got := unfilled([]reflect.Value{reflect.ValueOf(fact)})
	if want := []string{"Entered", "Phase", "Minutes", "Attendance.Remark", "PersonTimes", "Note"}; !slices.Equal(got, want) {
		t.Errorf("finds %v", got)
	}
}
