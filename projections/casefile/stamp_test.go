package casefile

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"pgregory.net/rapid"
)

func TestAStampReadsAsItWasWritten(t *testing.T) {
	at := rapid.Custom(func(t *rapid.T) time.Time { return time.Unix(0, rapid.Int64().Draw(t, "ns")).UTC() })
	rapid.Check(t, func(t *rapid.T) {
		s := stamp{
			position: events.Position(rapid.Uint64Range(0, math.MaxInt64).Draw(t, "position")),
			version:  rapid.Int().Draw(t, "version"), shape: rapid.Int().Draw(t, "shape"),
			name:     rapid.StringMatching(`[a-z]+\.[A-Za-z]+`).Draw(t, "name"),
			occurred: at.Draw(t, "occurred"), recorded: at.Draw(t, "recorded"),
			actor: rapid.String().Draw(t, "actor"), behalf: rapid.String().Draw(t, "behalf"), // also with blanks and line breaks
		}
		line := string(s.appendTo(nil))
		if got, err := stamped(line); err != nil || got != s || strings.ContainsAny(line, "\"\n") {
			t.Fatalf("%q is read as %+v, %v", line, got, err)
		}
	})
}

func TestAStampThatIsCutOffIsAnError(t *testing.T) {
	whole := string(stamp{123, 7, "case.NoteRecorded", 1, time.Unix(1, 0), time.Unix(2, 0), "", ""}.appendTo(nil))
	for n := range len(whole) {
		if s, err := stamped(whole[:n]); err == nil {
			t.Errorf("%q is read as %+v", whole[:n], s)
		}
	}
	for good, bad := range map[string]string{" 7 ": " seven ", " 1 ": " one ", "123": "123.5", "  ": " % "} {
		if s, err := stamped(strings.Replace(whole, good, bad, 1)); err == nil {
			t.Errorf("%q for %q is read as %+v", bad, good, s)
		}
	}
}
