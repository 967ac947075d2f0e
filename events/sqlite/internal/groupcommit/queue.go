// Package groupcommit is where requests wait that one goroutine makes durable, many at once: the log's writer, and the
// raw file that its speed is measured against.
package groupcommit

import (
	"sync"
	"time"
)

const (
	most     = 256     // requests at once
	mostSize = 4 << 20 // and about so many bytes
	enough   = 16      // the taker waits for no more: the sync is cheap for each of so many
	// patience is how long it waits for them, at most: two processors are through with so many commands in less. Who does not
	// come back costs those who wait no more than that, once.
	patience = 3 * time.Millisecond
)

// Queue is no longer than there are callers, because each of them waits for its answer.
type Queue[R any] struct {
	size    func(R) int
	mu      sync.Mutex
	filled  *sync.Cond // as many wait as the taker wants, or it has waited long enough
	waiting []R
	wanted  int
	late    bool
	alarm   *time.Timer
	last    int // how many were taken last time
	closed  bool
}

// New is an empty queue of requests of some size in bytes.
func New[R any](size func(R) int) *Queue[R] {
	q := &Queue[R]{size: size}
	q.filled = sync.NewCond(&q.mu)
	q.alarm = time.AfterFunc(patience, func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		q.late = true
		q.filled.Signal()
	})
	return q
}

// Add tells whether the queue still takes requests.
func (q *Queue[R]) Add(r R) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	q.waiting = append(q.waiting, r)
	if len(q.waiting) == q.wanted {
		q.filled.Signal()
	}
	return true
}

// Take waits for requests and takes as many as are made durable together; none when the queue is closed and empty.
// Those who were answered last time are about to ask again, and those who came meanwhile are here. It waits for as many
// and sleeps meanwhile: were it to look again and again, the runtime would run it before it asks the network for those
// whom it waits for. After a silence nobody is about to ask, and the first goes alone.
func (q *Queue[R]) Take() []R {
	q.mu.Lock()
	defer q.mu.Unlock()
	expect, began := min(q.last+len(q.waiting), enough), time.Now()
	q.until(1)
	if len(q.waiting) < expect && time.Since(began) < patience {
		q.late = false
		q.alarm.Reset(patience)
		q.until(expect)
		q.alarm.Stop()
	}
	n, size := 0, 0
	for n < min(len(q.waiting), most) && (n == 0 || size+q.size(q.waiting[n]) <= mostSize) {
		size += q.size(q.waiting[n])
		n++
	}
	batch := q.waiting[:n:n]
	q.waiting = append(make([]R, 0, max(n, 8)), q.waiting[n:]...)
	q.last = n
	return batch
}

// until waits until so many wait, or the alarm has rung; for the first it waits as long as it takes.
func (q *Queue[R]) until(wanted int) {
	q.wanted = wanted
	for len(q.waiting) < wanted && !q.closed && !(q.late && wanted > 1) {
		q.filled.Wait()
	}
}

// Close lets nothing more in; what is inside can still be taken.
func (q *Queue[R]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Broadcast()
}
