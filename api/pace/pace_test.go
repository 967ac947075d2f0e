package pace

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2012, 7, 2, 9, 0, 0, 0, time.UTC)

// Whatever the pattern: within any time nobody gets through more often than the rate allows for it, and whoever waits as
// long as they are told gets through.
func TestNobodyGetsThroughMoreOftenThanTheRate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := Rate{PerSecond: rapid.Float64Range(0.1, 1000).Draw(t, "per second"), AtOnce: rapid.IntRange(1, 50).Draw(t, "at once")}
		l, now := New[int](rate), start
		var through []time.Time
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 200).Draw(t, "pauses in ms") {
			now = now.Add(time.Duration(pause) * time.Millisecond)
			wait := l.Wait(1, now)
			if wait > 0 {
				if l.Wait(1, now.Add(wait-1)) == 0 {
					t.Fatalf("through before the %s were over", wait)
				}
				if now = now.Add(wait); l.Wait(1, now) != 0 {
					t.Fatalf("after %s there is more to wait", wait)
				}
			}
			through = append(through, now)
		}
		for i, from := range through {
			for j, to := range through[i:] {
				most := float64(rate.AtOnce) + rate.PerSecond*to.Sub(from).Seconds() + 1e-3
				if float64(j+1) > most {
					t.Fatalf("%d in %s, at %v", j+1, to.Sub(from), rate)
				}
			}
		}
	})
}

func TestOneDoesNotUseUpTheRateOfAnother(t *testing.T) {
	l := New[string](Rate{PerSecond: 1, AtOnce: 2})
	for _, step := range []struct {
		who     string
		through bool
	}{{"a", true}, {"a", true}, {"a", false}, {"b", true}, {"b", true}, {"b", false}, {"a", false}} {
		if got := l.Wait(step.who, start) == 0; got != step.through {
			t.Errorf("%s: %v", step.who, got)
		}
	}
	if wait := l.Wait("a", start); wait != time.Second {
		t.Errorf("a is told to wait %s", wait)
	}
}

func TestNoRateIsNoLimit(t *testing.T) {
	l := New[string](Rate{})
	for range 1000 {
		if l.Wait("a", start) != 0 {
			t.Fatal("a has to wait")
		}
	}
}

// However many come, it remembers so many; and it forgets whoever is owed nothing.
func TestItRemembersSoManyAtMost(t *testing.T) {
	l := New[int](Rate{PerSecond: 1, AtOnce: 100})
	for n := range 3 * Most {
		l.Wait(n, start)
		if len(l.due) > Most {
			t.Fatalf("after %d it remembers %d", n, len(l.due))
		}
	}
	if l.Wait(-1, start.Add(time.Hour)); len(l.due) != 1 {
		t.Errorf("after an hour it remembers %d", len(l.due))
	}
}

func TestManyAtOnceGetNoMoreThanOne(t *testing.T) {
	l := New[int](Rate{PerSecond: 1, AtOnce: 100})
	var through atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			for range 100 {
				if l.Wait(7, start) == 0 {
					through.Add(1)
				}
			}
		})
	}
	all.Wait()
	if through.Load() != 100 {
		t.Errorf("%d got through at once", through.Load())
	}
}
