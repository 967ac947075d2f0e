package events

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// Who, when and why are the bytes that the library makes of them, whatever they say and whatever is left out.
func TestWhoAndWhenAreWrittenAsTheLibraryWould(t *testing.T) {
	id := rapid.OneOf(rapid.Just(uuid.Nil), rapid.Custom(func(t *rapid.T) uuid.UUID {
		return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "bytes"))
	}))
	text := rapid.OneOf(rapid.StringMatching(`[a-z0-9-]{0,40}`), rapid.String(), rapid.SampledFrom([]string{"<a&b>", `"\`, "张三", "\xff", "\x7f", "\u2028"}))
	when := rapid.Custom(func(t *rapid.T) time.Time {
		at := time.Unix(rapid.Int64Range(-1<<38, 1<<38).Draw(t, "second"), rapid.SampledFrom([]int64{0, 1, 120_000_000, 999_999_999}).Draw(t, "nanoseconds"))
		return at.In(rapid.SampledFrom([]*time.Location{time.UTC, time.FixedZone("", 8*3600)}).Draw(t, "zone"))
	})
	rapid.Check(t, func(t *rapid.T) {
		m := Meta{
			EventID: id.Draw(t, "event"), CommandID: id.Draw(t, "command"), Correlation: id.Draw(t, "correlation"), Causation: id.Draw(t, "causation"),
			Actor: text.Draw(t, "actor"), OnBehalfOf: text.Draw(t, "on behalf of"), Agency: text.Draw(t, "agency"),
			OccurredAt: when.Draw(t, "occurred"), RecordedAt: when.Draw(t, "recorded"),
			CommandDigest: rapid.SliceOf(rapid.Byte()).Draw(t, "digest"), Schema: rapid.Int().Draw(t, "schema"),
		}
		got, failed := m.appendJSON([]byte("before"))
		want, err := jsonv1.Marshal(m)
		if (failed == nil) != (err == nil) || err == nil && !bytes.Equal(got, append([]byte("before"), want...)) {
			t.Fatalf("%s (%v)\nis not\n%s (%v)", got, failed, want, err)
		}
	})
}

// Nothing that Meta has is left out, also when it has more one day.
func TestEveryFieldOfWhoAndWhenIsWritten(t *testing.T) {
	for i := range reflect.TypeFor[Meta]().NumField() {
		var m Meta
		switch field := reflect.ValueOf(&m).Elem().Field(i); field.Interface().(type) {
		case uuid.UUID:
			field.Set(reflect.ValueOf(uuid.UUID{1}))
		case string:
			field.SetString("x")
		case time.Time:
			field.Set(reflect.ValueOf(time.Unix(1, 0).UTC()))
		case []byte:
			field.SetBytes([]byte{1})
		case int:
			field.SetInt(7)
		default:
			t.Fatalf("a new kind of field: %s", field.Type())
		}
		got, err := m.appendJSON(nil)
		want, _ := jsonv1.Marshal(m)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %s, not %s (%v)", reflect.TypeFor[Meta]().Field(i).Name, got, want, err)
		}
	}
}
