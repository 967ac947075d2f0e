package events

import (
	"bytes"
	stdjson "encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/internal/canonical"
	"github.com/go-json-experiment/json"
	"pgregory.net/rapid"
)

// compact are the samples as a log has them, by type.
func compact(t *testing.T) map[reflect.Type][]byte {
	all := map[reflect.Type][]byte{}
	for file, s := range readSamples(t) {
		var data bytes.Buffer
		if err := stdjson.Compact(&data, s.Data); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if shape := catalogue.byName[s.Type]; shape.schema == s.Schema {
			all[shape.typ] = data.Bytes()
		}
	}
	return all
}

func TestDailyWorkIsReadQuickly(t *testing.T) {
	samples := compact(t)
	for _, fact := range []Event{NoteRecorded{}, InterventionRecorded{}, RiskRated{}, ActivityHeld{}, SessionHeld{}, WorkerAssigned{}, Disclosed{}} {
		typ := reflect.TypeOf(fact)
		read := canonical.Of(typ)
		if read == nil || !read(samples[typ], reflect.New(typ).Elem()) {
			t.Errorf("%s: %s", fact.Type(), samples[typ])
		}
	}
}

// What is read quickly the library reads, and as the same: of every fact, as it is written and with something wrong.
func TestWhatIsReadQuicklyTheLibraryReadsAsTheSame(t *testing.T) {
	samples := compact(t)
	for _, name := range catalogue.names {
		typ := catalogue.byName[name].typ
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) { HoldToTheLibrary(t, typ, wrong(t, samples[typ])) }))
	}
}

// HoldToTheLibrary compares what is read quickly, if it is.
func HoldToTheLibrary(t rapid.TB, typ reflect.Type, data []byte) {
	quick, library := reflect.New(typ), reflect.New(typ)
	if read := canonical.Of(typ); read == nil || !read(slices.Clone(data), quick.Elem()) {
		return
	}
	if err := json.Unmarshal(data, library.Interface()); err != nil {
		t.Fatalf("the library does not read %q: %v", data, err)
	}
	if !reflect.DeepEqual(quick.Interface(), library.Interface()) {
		t.Fatalf("%q is read as\n%+v, and by the library as\n%+v", data, quick, library)
	}
}

var tokens = regexp.MustCompile(`"[^"]*":?|-?[0-9]+|true|false|.`)

// wrong changes up to three places.
func wrong(t *rapid.T, data []byte) []byte {
	parts := tokens.FindAllString(string(data), -1)
	for range rapid.IntRange(0, 3).Draw(t, "places") {
		at := rapid.IntRange(0, len(parts)-1).Draw(t, "at")
		switch rapid.IntRange(0, 3).Draw(t, "how") {
		case 0:
			parts[at] = rapid.SampledFrom([]string{
				"", " ", "\n", ",", ":", "}", "]", `"`, `\`, "null", "true", "0", "-0", "007", "-12", "1e3", "0.5", "9223372036854775808",
				`"\u0041"`, `"é"`, "\"\x80\"", "\"\x00\"", "\x7f", "{}", "[]", `"kind":`, `"2012-07-01T09:30:00.5+08:00"`,
				`"2012-07-01T9:30:00Z"`, `"2012-07-01T09:30:00,5Z"`, `"2012-07-01T09:30:00+25:00"`, `""`,
			}).Draw(t, "put")
		case 1:
			parts = slices.Insert(parts, at, parts[rapid.IntRange(0, len(parts)-1).Draw(t, "again")])
		case 2: // a list or a struct has nothing more, or misses something
			parts = slices.Delete(parts, at, min(len(parts), at+rapid.IntRange(0, 8).Draw(t, "length")))
		case 3:
			inside := rapid.IntRange(0, len(parts[at])).Draw(t, "inside")
			parts[at] = parts[at][:inside] + rapid.SampledFrom([]string{"", `\`, "é", "\x80", "x", "1", " "}).Draw(t, "put") + parts[at][inside:]
		}
		if len(parts) == 0 {
			break
		}
	}
	return []byte(strings.Join(parts, ""))
}
