// Package pace says when somebody asks too often. It remembers one moment for each who asked lately, and forgets whoever
// it owes nothing; it remembers so many at most, and then forgets some at random: it is a guard of the server's time,
// not of anybody's secrets.
package pace

import (
	"sync"
	"time"
)

// Rate is how often: so many a second in the long run, and so many at once. The zero Rate is no limit.
type Rate struct {
	PerSecond float64
	AtOnce    int
}

// Most is how many are remembered.
const Most = 100_000

// Limit keeps a rate for each K. Many goroutines may use it.
type Limit[K comparable] struct {
	each, room time.Duration // between two in the long run; how far ahead of that one may be

	mu    sync.Mutex
	due   map[K]time.Time // when the next would come if all came evenly
	sweep time.Time       // not before then are the others looked at again
}

// New begins to keep a rate; nil keeps none.
func New[K comparable](rate Rate) *Limit[K] {
	if rate.PerSecond <= 0 {
		return nil
	}
	each := time.Duration(float64(time.Second) / rate.PerSecond)
	return &Limit[K]{each: each, room: each * time.Duration(max(rate.AtOnce, 1)-1), due: make(map[K]time.Time)}
}

// Wait is how long somebody has to wait before they may ask: 0 lets them through and counts it. What has to wait is not
// counted, so that asking all the time makes nobody wait longer.
func (l *Limit[K]) Wait(who K, now time.Time) time.Duration {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	due, known := l.due[who]
	if due.Before(now) {
		due = now
	}
	if wait := due.Sub(now) - l.room; wait > 0 {
		return wait
	}
	if !known {
		l.makeRoom(now)
	}
	l.due[who] = due.Add(l.each)
	return 0
}

// makeRoom forgets whoever is owed nothing, now and then; and when there is still no room, a few at random.
func (l *Limit[K]) makeRoom(now time.Time) {
	full := len(l.due) >= Most
	if now.After(l.sweep) {
		l.sweep = now.Add(l.room + l.each + time.Second)
		for who, due := range l.due {
			if due.Before(now) {
				delete(l.due, who)
			}
		}
		full = len(l.due) >= Most
	}
	if !full {
		return
	}
	few := Most / 100
	for who := range l.due {
		if few--; few < 0 {
			return
		}
		delete(l.due, who)
	}
}
