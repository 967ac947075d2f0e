package events_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// FuzzDecode: whatever stands in a log under the name of a fact is read or refused, without a panic and without a word of
// it in the error. What is read is written as something that reads the same. What is read quickly the library reads too.
func FuzzDecode(f *testing.F) {
	golden, err := filepath.Glob("testdata/*.json")
	if err != nil || len(golden) < 40 {
		f.Fatalf("%d samples, %v", len(golden), err)
	}
	for _, file := range golden {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		var sample struct{ Data json.RawMessage }
		var compact bytes.Buffer
		if err := errors.Join(json.Unmarshal(text, &sample), json.Compact(&compact, sample.Data)); err != nil {
			f.Fatal(err)
		}
		data := compact.Bytes()
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		dot := strings.LastIndexByte(name, '.')
		schema, _ := strconv.Atoi(name[dot+1:])
		f.Add(name[:dot], schema, data)
		f.Add(name[:dot], schema, bytes.Replace(data, []byte(`:"`), []byte(`:"c0ffee5ec2e7`), 1))
		f.Add(name[:dot], schema+1, []byte(`{"c0ffee5ec2e7":"c0ffee5ec2e7"}`))
	}
	f.Fuzz(func(t *testing.T, name string, schema int, data []byte) {
		if fact, err := events.Empty(name); err == nil {
			events.HoldToTheLibrary(t, reflect.TypeOf(fact), data)
		}
		e, err := events.Decode(name, schema, data)
		if err != nil {
			if strings.Contains(err.Error(), "c0ffee5ec2e7") && !strings.Contains(name, "c0ffee5ec2e7") {
				t.Fatalf("it repeats what it read: %v", err)
			}
			return
		}
		again, version, err := events.Encode(e)
		if err != nil {
			t.Fatalf("%s is read and cannot be written: %v", name, err)
		}
		same, err := events.Decode(name, version, again)
		if err != nil {
			t.Fatalf("%s is written and cannot be read: %v", name, err)
		}
		if twice, _, err := events.Encode(same); err != nil || !bytes.Equal(again, twice) || reflect.TypeOf(same) != reflect.TypeOf(e) {
			t.Fatalf("%s is written as %s, then as %s, %v", name, again, twice, err)
		}
	})
}

// FuzzNames: positions and names of streams, as they come from outside, are read as what they were written from, or refused.
func FuzzNames(f *testing.F) {
	for _, seed := range []string{"0", "18446744073709551615", "18446744073709551616", "-1", "+1", " 1", "1_0", "case-20120712-0000-7000-8000-000000000001", "case-{20120712-0000-7000-8000-000000000001}", "-", "case-", "a-b-20120712-0000-7000-8000-000000000001", "c0ffee5ec2e7"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var at events.Position
		if err := at.UnmarshalText([]byte(text)); err != nil {
			if at != 0 || text != "" && strings.Contains(err.Error(), "c0ffee5ec2e7") {
				t.Fatalf("%q is %s, and %v", text, at, err)
			}
		} else if strings.TrimLeft(text, "0") != strings.TrimLeft(at.String(), "0") {
			t.Fatalf("%q is read as %s", text, at)
		}
		category, id, ok := events.SplitStream(text)
		if !ok {
			return
		}
		if again, same, ok := events.SplitStream(events.Stream(category, id)); !ok || again != category || same != id || category == "" || (id == uuid.Nil) != strings.HasSuffix(text, uuid.Nil.String()) {
			t.Fatalf("%q is %s and %s, then %s and %s", text, category, id, again, same)
		}
	})
}
