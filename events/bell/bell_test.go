package bell_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/bell"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// never is a tick that does not come while a test runs: what is heard was told.
const never = time.Hour

func embedded(t testing.TB) *bell.Bell {
	t.Helper()
	b, err := bell.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// listen gives the news one by one, once it hears.
func listen(t testing.TB, b *bell.Bell, on bell.Subject, tick time.Duration) (next func() (bell.News, bool)) {
	t.Helper()
	next, stop := iter.Pull(b.Listen(t.Context(), on, tick))
	t.Cleanup(stop)
	if n, ok := next(); !ok || n != (bell.News{}) {
		t.Fatalf("it begins with %v, %v", n, ok)
	}
	return next
}

func TestWhatIsRungIsHeardByEveryListener(t *testing.T) {
	b := embedded(t)
	for _, on := range []bell.Subject{bell.Log, bell.Views} {
		one, other := listen(t, b, on, never), listen(t, b, on, never)
		said := bell.News{Position: 7, Stream: "case-1", Type: "case.note-recorded"}
		b.Ring(on, said)
		for _, next := range []func() (bell.News, bool){one, other} {
			if n, _ := next(); n != said {
				t.Errorf("%s: heard %v", on, n)
			}
		}
	}
}

func TestNewsOfTheLogIsNotHeardAsNewsOfTheViews(t *testing.T) {
	b := embedded(t)
	views := listen(t, b, bell.Views, never)
	b.Ring(bell.Log, bell.News{Position: 1})
	b.Ring(bell.Views, bell.News{Position: 2})
	if n, _ := views(); n.Position != 2 {
		t.Errorf("heard %v", n)
	}
}

func TestOfTheLogOnlyTheNewestCounts(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Log, never)
	const last = 20_000
	for p := range last {
		b.Ring(bell.Log, bell.News{Position: events.Position(p + 1)})
	}
	heard, before := 0, events.Position(0)
	for before < last {
		n, ok := next()
		if !ok || n.Position <= before {
			t.Fatalf("after %s came %v, %v", before, n, ok)
		}
		heard, before = heard+1, n.Position
	}
	if heard > last/10 {
		t.Errorf("%d rings were told %d times", last, heard)
	}
}

func TestManyWhoRingAtOnceAreHeardUpToTheNewest(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Log, never)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for p := w; p < 8000; p += 8 {
				b.Ring(bell.Log, bell.News{Position: events.Position(p + 1)})
			}
		})
	}
	for before := events.Position(0); before < 8000; {
		n, ok := next()
		if !ok {
			t.Fatal("it fell silent")
		}
		before = max(before, n.Position)
	}
	all.Wait()
}

// noted is a fact of which only the name counts here.
var noted = events.NoteRecorded{}

func TestOfTheViewsTheNewestOfEachStreamCounts(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Views, never)
	var facts []events.Recorded
	for p := range 90 {
		facts = append(facts, events.Recorded{Position: events.Position(p + 1), Stream: fmt.Sprintf("case-%d", p%3), Event: noted})
	}
	b.Arrived(90, facts)
	for _, want := range []bell.News{{88, "case-0", noted.Type()}, {89, "case-1", noted.Type()}, {90, "case-2", noted.Type()}} {
		if n, _ := next(); n != want {
			t.Errorf("heard %v, not %v", n, want)
		}
	}
}

func TestOfTooManyStreamsItSaysOnlyHowFarTheyGo(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Views, never)
	var facts []events.Recorded
	for p := range 1000 {
		facts = append(facts, events.Recorded{Position: events.Position(p + 1), Stream: fmt.Sprintf("case-%d", p), Event: noted})
	}
	b.Arrived(1000, facts)
	if n, _ := next(); n != (bell.News{Position: 1000}) {
		t.Errorf("heard %v", n)
	}
	b.Arrived(1001, facts[:1])
	if n, _ := next(); n.Stream != "case-0" {
		t.Errorf("and then %v", n)
	}
}

func TestViewsThatArrivedWithNothingForAnyStreamSayHowFarTheyAre(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Views, never)
	b.Arrived(12, []events.Recorded{{}}) // caught up
	if n, _ := next(); n != (bell.News{Position: 12}) {
		t.Errorf("heard %v", n)
	}
}

func TestASilentBellTicks(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Log, time.Millisecond)
	for range 3 {
		if n, ok := next(); !ok || n != (bell.News{}) {
			t.Fatalf("heard %v, %v", n, ok)
		}
	}
}

func TestASlowListenerHearsTheNewestNext(t *testing.T) {
	b := embedded(t)
	slow, quick := listen(t, b, bell.Log, never), listen(t, b, bell.Log, never)
	for p := events.Position(1); p <= 50; p++ {
		b.Ring(bell.Log, bell.News{Position: p})
		for n, _ := quick(); n.Position < p; n, _ = quick() {
		}
	}
	first, _ := slow()
	for n := first; n.Position < 50; n, _ = slow() { // the last may still be on its way to this one
		if n.Position < first.Position {
			t.Fatalf("heard %s after %s", n.Position, first.Position)
		}
	}
}

func TestListenEndsWithItsContext(t *testing.T) {
	b := embedded(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	times := 0
	for range b.Listen(ctx, bell.Log, never) {
		times++
		cancel()
	}
	if times != 1 {
		t.Errorf("it yielded %d times", times)
	}
}

func TestAListenerMayStop(t *testing.T) {
	b := embedded(t)
	for range b.Listen(t.Context(), bell.Log, never) {
		break
	}
	b.Ring(bell.Log, bell.News{Position: 1}) // and nobody hears it
}

func TestCloseEndsEveryListen(t *testing.T) {
	b := embedded(t)
	next := listen(t, b, bell.Log, never)
	ended := make(chan bool)
	go func() { _, more := next(); ended <- !more }()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if !<-ended {
		t.Error("it goes on")
	}
	b.Ring(bell.Log, bell.News{Position: 1}) // harmless
	for range b.Listen(t.Context(), bell.Log, never) {
		t.Error("a closed bell is heard")
	}
	if err := b.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
}

func TestBellsOfTwoProcessesAreTwo(t *testing.T) {
	here, there := embedded(t), embedded(t)
	next := listen(t, here, bell.Log, never)
	there.Ring(bell.Log, bell.News{Position: 99})
	here.Ring(bell.Log, bell.News{Position: 1})
	if n, _ := next(); n.Position != 1 {
		t.Errorf("heard %v", n)
	}
}

func TestABellThatNobodyWaitsForDoesNotStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if b, err := bell.Embedded(ctx); err == nil {
		b.Close()
		t.Error("it started")
	}
}

// Whatever is rung in whatever order: the listener of the log ends at the highest, that of the views has heard the
// highest of every stream, or of all.
func TestNothingNewestIsEverLeftOut(t *testing.T) {
	b := embedded(t)
	log, views := listen(t, b, bell.Log, never), listen(t, b, bell.Views, never)
	base := events.Position(0)
	rapid.Check(t, func(t *rapid.T) {
		high, want := events.Position(0), map[string]events.Position{}
		for _, n := range rapid.SliceOfN(rapid.IntRange(1, 2000), 1, 600).Draw(t, "positions") {
			p, stream := base+events.Position(n), fmt.Sprintf("case-%d", n*7%400)
			high, want[stream] = max(high, p), max(want[stream], p)
			b.Ring(bell.Log, bell.News{Position: p, Stream: stream})
			b.Ring(bell.Views, bell.News{Position: p, Stream: stream})
		}
		base = high
		for n, _ := log(); n.Position < high; n, _ = log() {
		}
		for len(want) > 0 {
			n, _ := views()
			for stream, p := range want {
				if (n.Stream == "" || n.Stream == stream) && n.Position >= p {
					delete(want, stream)
				}
			}
		}
	})
}

func BenchmarkRing(b *testing.B) {
	bl := embedded(b)
	listen(b, bl, bell.Log, never)
	b.ReportAllocs()
	p := events.Position(0)
	for b.Loop() {
		p++
		bl.Ring(bell.Log, bell.News{Position: p, Stream: "case-018f0000-0000-7000-8000-000000000001", Type: "case.note-recorded"})
	}
}

func BenchmarkRingToHeard(b *testing.B) {
	bl := embedded(b)
	next := listen(b, bl, bell.Log, never)
	p := events.Position(0)
	for b.Loop() {
		p++
		bl.Ring(bell.Log, bell.News{Position: p})
		for n, _ := next(); n.Position < p; n, _ = next() {
		}
	}
}
