package sqlite

import (
	"context"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Time passes here only while everybody waits.
func TestWhoFollowsSeesWhatComesAfterASilenceAtOnceAndTheRestTogether(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		seen := make(chan time.Time, 100)
		go func() {
			defer close(seen)
			for r, err := range s.Follow(ctx, 0) {
				if err == nil && !r.CaughtUp() {
					seen <- time.Now()
				}
			}
		}()
		appends := func() {
			t.Helper()
			meta := events.Meta{CommandID: uuid.New(), Actor: "a", OccurredAt: time.Now(), RecordedAt: time.Now()}
			if _, err := s.Append(t.Context(), events.Stream("case", uuid.New()), 0, meta, events.IntakeDecided{}); err != nil {
				t.Error(err)
			}
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		began := time.Now()
		appends()
		first := <-seen
		if after := first.Sub(began); after != 0 {
			t.Errorf("what came after a silence was seen %v later", after)
		}
		for range 20 {
			appends()
			time.Sleep(apart / 10)
		}
		looks := map[time.Time]int{}
		for range 20 {
			looks[<-seen]++
		}
		if len(looks) > 4 { // in two times apart
			t.Errorf("for 20 commits it looked %d times", len(looks))
		}
		stop()
		for range seen {
			t.Error("more was seen than there is")
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
