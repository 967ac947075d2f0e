package events

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

var (
	anyID       = rapid.Custom(func(t *rapid.T) uuid.UUID { return uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")) })
	anyCategory = rapid.StringMatching(`[a-z]{1,12}`)
)

func TestARetryHasTheSameEventIDs(t *testing.T) {
	// What stores have kept under these ids, they must know again: never change the numbers here.
	command := uuid.MustParse("018f0000-0000-7000-8000-0000000000c1")
	for n, want := range map[int]string{0: "1fc0ca91-c21d-571d-82f5-806e250b9a14", 1: "bda1719c-f6d0-57bd-a9c0-33d2bd4cce20", 300: "30ffa186-88eb-59c7-a895-177ebaea3ca4"} {
		if got := ID(command, "case-018f0000-0000-7000-8000-000000000001", n).String(); got != want {
			t.Errorf("event %d is %s, was %s", n, got, want)
		}
	}
}

func TestNoTwoEventsShareAnID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type event struct {
			command uuid.UUID
			stream  string
			n       int
		}
		one := rapid.Custom(func(t *rapid.T) event {
			return event{anyID.Draw(t, "command"), Stream(anyCategory.Draw(t, "category"), anyID.Draw(t, "stream")), rapid.IntRange(0, 2000).Draw(t, "n")}
		})
		a := one.Draw(t, "a")
		b := rapid.OneOf(one,
			rapid.Map(one, func(e event) event { return event{a.command, a.stream, e.n} }),
			rapid.Map(one, func(e event) event { return event{a.command, e.stream, a.n} }),
			rapid.Map(one, func(e event) event { return event{e.command, a.stream, a.n} }),
		).Draw(t, "b")
		if same := ID(a.command, a.stream, a.n) == ID(b.command, b.stream, b.n); same != (a == b) {
			t.Fatalf("%v and %v: same id %v", a, b, same)
		}
	})
}

func TestAStreamNameSplitsIntoWhatItWasMadeOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		category, id := anyCategory.Draw(t, "category"), anyID.Draw(t, "id")
		c, i, ok := SplitStream(Stream(category, id))
		if !ok || c != category || i != id {
			t.Fatalf("%s, %s, %v", c, i, ok)
		}
	})
}

func TestWhatIsNoStreamNameDoesNotSplit(t *testing.T) {
	id := "018f0000-0000-7000-8000-000000000001"
	for _, name := range []string{"", "case", "case-", "-" + id, id, "case-x-" + id, "case-" + id + "0", "case-{" + id + "}", "case-urn:uuid:" + id, "case-" + strings.ReplaceAll(id, "-", "")} {
		if category, id, ok := SplitStream(name); ok {
			t.Errorf("%q is %s of %s", name, category, id)
		}
	}
}

func TestAPositionIsAStringOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Position(rapid.Uint64().Draw(t, "position"))
		data, err := json.Marshal(map[Position]Position{p: p}) // also as the key of an object
		if want := fmt.Sprintf(`{"%d":"%d"}`, uint64(p), uint64(p)); err != nil || string(data) != want {
			t.Fatalf("%s, %v", data, err)
		}
		var back map[Position]Position
		if err := json.Unmarshal(data, &back); err != nil || back[p] != p {
			t.Fatalf("%v, %v", back, err)
		}
	})
	if s := Position(math.MaxUint64).String(); s != "18446744073709551615" {
		t.Error(s)
	}
}

func TestWhatIsNoPositionIsRefusedAndNotRepeated(t *testing.T) {
	for _, text := range []string{``, `-1`, `+1`, `1.0`, `0x1f`, `1e3`, ` 1`, `18446744073709551616`, `王小明`} {
		var p Position
		if err := json.Unmarshal([]byte(`"`+text+`"`), &p); err == nil {
			t.Errorf("%q is position %s", text, p)
		} else if len(text) > 4 && strings.Contains(err.Error(), text) {
			t.Errorf("the error repeats it: %v", err)
		}
	}
	var p Position
	if err := json.Unmarshal([]byte(`12`), &p); err == nil {
		t.Error("a number was taken, which JavaScript may have rounded")
	}
}

func TestADayEndsAtMidnightInShanghai(t *testing.T) {
	for text, want := range map[string]string{
		"2012-12-31T15:59:59Z": "2012-12-31", "2012-12-31T16:00:00Z": "2013-01-01", "2012-02-29T23:30:00+08:00": "2012-02-29", "2012-02-29T23:30:00-08:00": "2012-03-01",
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if day := DayOf(at); day != want {
			t.Errorf("%s is on %s", text, day)
		}
	}
}

func TestCaughtUpIsNoFact(t *testing.T) {
	if !(Recorded{}).CaughtUp() || (Recorded{Event: sampleNote}).CaughtUp() {
		t.Error("a fact is taken for the end of the past, or the end for a fact")
	}
}

func TestAConflictIsAConflictAndSaysHowFarTheStreamIs(t *testing.T) {
	err := error(&Conflict{Stream: "case-1", Expected: 3, Actual: 5})
	if err.(*Conflict).Unwrap() != ErrConflict || !strings.Contains(err.Error(), "expected version 3, is at 5") {
		t.Error(err)
	}
}
