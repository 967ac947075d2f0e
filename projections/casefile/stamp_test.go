package casefile

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAStampReadsAsItWasWritten(t *testing.T) {
	at := rapid.Custom(func(t *rapid.T) time.Time { return time.Unix(0, rapid.Int64().Draw(t, "ns")).UTC() })
	rapid.Check(t, func(t *rapid.T) {
		s := stamp{
			version: rapid.Int().Draw(t, "version"), shape: rapid.Int().Draw(t, "shape"),
			name:     rapid.StringMatching(`[a-z]+\.[A-Za-z]+`).Draw(t, "name"),
			occurred: at.Draw(t, "occurred"), recorded: at.Draw(t, "recorded"),
			actor: rapid.String().Draw(t, "actor"), // also one with spaces, or none
		}
		if got, err := stamped(s.String()); err != nil || got != s {
			t.Fatalf("%q is read as %+v, %v", s, got, err)
		}
	})
}

func TestAStampThatIsCutOffIsAnError(t *testing.T) {
	whole := stamp{7, "case.NoteRecorded", 1, time.Unix(1, 0), time.Unix(2, 0), ""}.String()
	for n := range len(whole) {
		if s, err := stamped(whole[:n]); err == nil {
			t.Errorf("%q is read as %+v", whole[:n], s)
		}
	}
	if s, err := stamped(strings.Replace(whole, "7", "seven", 1)); err == nil {
		t.Errorf("a version in words is read as %+v", s)
	}
}
