// Package groupcommit is where requests wait that one goroutine makes durable, many at once: the log's writer, and the
// raw file that its speed is measured against.
package groupcommit

import (
	"runtime"
	"sync"
)

const (
	most     = 256     // requests at once
	mostSize = 4 << 20 // and about so many bytes
	patience = 50      // how often the taker lets others run before it goes with fewer than it expects
	enough   = 24      // it waits for no more: the sync is cheap for each of so many, and processors would idle meanwhile
)

// Queue is no longer than there are callers, because each of them waits for its answer.
type Queue[R any] struct {
	size    func(R) int
	mu      sync.Mutex
	filled  *sync.Cond
	waiting []R
	last    int // how many were taken last time
	closed  bool
}

// New is an empty queue of requests of some size in bytes.
func New[R any](size func(R) int) *Queue[R] {
	q := &Queue[R]{size: size}
	q.filled = sync.NewCond(&q.mu)
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
	if len(q.waiting) == 1 {
		q.filled.Signal()
	}
	return true
}

// Take waits for requests and takes as many as are made durable together; none when the queue is closed and empty.
// Those who were answered last time are about to ask again, and those who came meanwhile are here: letting others run until
// as many are here fills the batch, where a timer would only make everybody wait.
func (q *Queue[R]) Take() []R {
	q.mu.Lock()
	defer q.mu.Unlock()
	expect := min(q.last+len(q.waiting), enough)
	for len(q.waiting) == 0 && !q.closed {
		q.filled.Wait()
	}
	for n := 0; n < patience && len(q.waiting) < expect && !q.closed; n++ {
		q.mu.Unlock()
		runtime.Gosched()
		q.mu.Lock()
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

// Close lets nothing more in; what is inside can still be taken.
func (q *Queue[R]) Close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.filled.Broadcast()
}
