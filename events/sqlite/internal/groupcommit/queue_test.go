package groupcommit

import (
	"testing"
	"testing/synctest"
	"time"
)

// taking is a queue and one who takes from it, for ever.
type taking struct {
	*Queue[int]
	taken []int           // how many were taken each time
	after []time.Duration // and how long after the one who asked first
	hold  chan struct{}   // what the taker does with them ends when somebody receives
}

func open(t *testing.T) *taking {
	q := &taking{Queue: New(func(int) int { return 1 }), hold: make(chan struct{})}
	t.Cleanup(q.Close)
	go func() {
		for {
			batch := q.Take()
			if len(batch) == 0 {
				return
			}
			q.taken = append(q.taken, len(batch))
			q.after = append(q.after, time.Since(time.Unix(0, int64(batch[0]))))
			q.hold <- struct{}{}
		}
	}()
	return q
}

// ask adds so many who ask now.
func (q *taking) ask(many int) {
	for range many {
		q.Add(int(time.Now().UnixNano()))
	}
	synctest.Wait()
}

func (q *taking) done() {
	<-q.hold
	synctest.Wait()
}

func (q *taking) want(t *testing.T, taken int, after time.Duration) {
	t.Helper()
	if n := len(q.taken) - 1; n < 0 || q.taken[n] != taken || q.after[n] != after {
		t.Errorf("it took %v after %v, want %d after %v at last", q.taken, q.after, taken, after)
	}
}

func TestTheFirstAfterASilenceGoesAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t)
		defer q.Close()
		for range 3 {
			q.ask(1)
			q.want(t, 1, 0)
			q.done()
			time.Sleep(time.Hour)
		}
		if len(q.taken) != 3 {
			t.Errorf("it took %v", q.taken)
		}
	})
}

func TestThoseWhoWereAnsweredAndThoseWhoCameMeanwhileGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t)
		defer q.Close()
		q.ask(1)
		q.ask(2) // while the first is made durable
		q.done() // who asks again in a moment
		time.Sleep(time.Millisecond)
		q.ask(1)
		q.want(t, 3, time.Millisecond)
		q.done()
		for range 3 {
			time.Sleep(time.Millisecond / 2)
			q.ask(1)
		}
		q.want(t, 3, time.Millisecond)
		q.done()
	})
}

func TestNobodyWaitsLongForThoseWhoDoNotAskAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t)
		defer q.Close()
		q.ask(1)
		q.ask(4)
		q.done()
		time.Sleep(patience)
		synctest.Wait()
		q.want(t, 4, patience)
		q.done()
		time.Sleep(patience) // the four do not come back, and nobody is expected any more
		q.ask(1)
		q.want(t, 1, 0)
		q.done()
	})
}

func TestNobodyWaitsForMoreThanEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := open(t)
		defer q.Close()
		q.ask(1)
		q.ask(2 * enough)
		q.done()
		q.want(t, 2*enough, 0)
		q.ask(enough)
		q.done()
		q.want(t, enough, 0)
		q.done()
	})
}

func TestWhatIsInsideIsTakenWhenTheQueueIsClosed(t *testing.T) {
	q := New(func(int) int { return 1 })
	q.Add(1)
	q.Add(2)
	q.Close()
	if q.Add(3) {
		t.Error("it still takes requests")
	}
	if got := q.Take(); len(got) != 2 {
		t.Errorf("inside were %v", got)
	}
	if got := q.Take(); len(got) != 0 {
		t.Errorf("and then %v", got)
	}
}

func TestABatchIsNoLargerThanItMayBe(t *testing.T) {
	q := New(func(size int) int { return size })
	for _, size := range []int{mostSize - 1, 2, 5 * mostSize, 1} {
		q.Add(size)
	}
	q.Close()
	for n, want := range []int{1, 1, 1, 1} {
		if got := q.Take(); len(got) != want {
			t.Errorf("batch %d is %v, want %d", n, got, want)
		}
	}
}
