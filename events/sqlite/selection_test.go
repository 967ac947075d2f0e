package sqlite

import (
	"iter"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Who looks at some categories gets their facts as everybody does, and those of others in their place, without what they say.
func TestASelectionHasEveryFactInItsPlace(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "log.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for range 200 {
		for _, category := range []string{"client", "case", "group"} {
			claim := events.ClaimPublished{About: category, Number: 1, Source: category}
			if _, err := s.Append(t.Context(), events.Stream(category, uuid.New()), 0, command(), claim); err != nil {
				t.Fatal(err)
			}
		}
	}
	some := s.Of("client", "group")
	for name, ways := range map[string][2]iter.Seq2[events.Recorded, error]{
		"read":   {s.ReadAll(t.Context(), 7), some.ReadAll(t.Context(), 7)},
		"follow": {s.Follow(t.Context(), 7), some.Follow(t.Context(), 7)},
	} {
		whole, part := gather(t, ways[0]), gather(t, ways[1])
		if len(whole) != 593 {
			t.Fatalf("%s: %d of 593 facts", name, len(whole))
		}
		for n, r := range whole {
			if category, _, _ := events.SplitStream(r.Stream); category == "case" {
				r.Event, r.Meta = events.Unread{Name: r.Event.Type()}, events.Meta{}
			}
			whole[n] = r
		}
		if !reflect.DeepEqual(whole, part) {
			t.Errorf("%s: %d facts of a selection are not those of the whole", name, len(part))
		}
	}
}

// gather takes what there is until now.
func gather(t *testing.T, from iter.Seq2[events.Recorded, error]) (all []events.Recorded) {
	t.Helper()
	for r, err := range from {
		if err != nil {
			t.Fatal(err)
		}
		if r.CaughtUp() {
			return all
		}
		all = append(all, r)
	}
	return all
}
