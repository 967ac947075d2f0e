// Package storetest says what every store must do. A store's own test is a few lines:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t storetest.T) storetest.Harness { … })
//	}
//
// The cases assume no empty log, nothing about positions but their order, and no stream names but their own, so they also
// run against a server that others use, and outside go test, with any T:
//
//	for _, c := range append(Promised(promises), Cases...) { c.Run(t, open) }
//
// To add one, write a function and its line in Cases; see it fail once against a store that was broken for it.
package storetest

import (
	"context"
	"testing"

	"github.com/casestream/casestream/events"
)

// T is what a case needs of a test. A *testing.T is one, and so is a *testing.B.
type T interface {
	Name() string
	Context() context.Context
	Helper()
	Logf(format string, args ...any)
	Fatalf(format string, args ...any) // does not return
	Errorf(format string, args ...any)
	Cleanup(func())
}

// Open makes the store of one case, and closes it with t.Cleanup.
type Open func(T) Harness

// Harness is a store under test, what it promises, and what it takes to hold it to that.
type Harness struct {
	Store    events.Store
	Promises events.Promises
	// Reopen closes the store and opens what it kept; nil for a store that keeps nothing.
	Reopen func(T) events.Store
	// Beside opens the log as another process would, while this one has it; nil for a store of one process.
	Beside func(T) events.Store
	// Verify walks the chain: events.ErrDamaged when something was changed. Damage changes an event behind the store's
	// back. Both are nil for a store without a chain.
	Verify func(context.Context) error
	Damage func(t T, stream string, version int)
}

// Case is one thing that a store must do.
type Case struct {
	Name string
	Run  func(T, Open)
}

// Cases are what every store must do; see Promised for what some do.
var Cases = []Case{
	{"a stream counts from 1 without gaps", countsFromOne},
	{"a stream is read from any version", readsFromAnyVersion},
	{"a stream that does not exist is empty", emptyStream},
	{"the log is read after any position", readsAfterAnyPosition},
	{"the head is where the last append ended", headIsLast},
	{"expected 0 means that the stream must not exist", mustNotExist},
	{"a conflict says how far the stream is and keeps nothing", conflictTells},
	{"of many who expect the same version one wins", oneWins},
	{"an append is kept whole or not at all", wholeOrNot},
	{"a thousand facts go into one append", thousandFacts},
	{"asking again gives the first answer", askingAgain},
	{"asking again at the same time gives the first answer", askingAtOnce},
	{"asking again for something else is a conflict", askingForElse},
	{"what is read is what was written", fidelity},
	{"the store names events and shapes", namesEvents},
	{"sealed words come back and open words are refused", sealing},
	{"an append takes so many bytes and not one more", sizes},
	{"what makes no sense is refused", nonsense},
	{"nothing is recorded before the last of its stream", recordedInOrder},
	{"a follower among many writers skips nothing and doubles nothing", followsMany},
	{"a follower is told once that it has caught up", caughtUpOnce},
	{"a follower goes on where another stopped", followsOn},
	{"a context that ended ends what it asked for", cancelled},
	{"a closed store says so and ends its followers", closes},
	{"whatever is asked in whatever order, it answers like the model", agrees},
}

// Run checks a store, and that the README says what it promises.
func Run(t *testing.T, open Open) {
	t.Run("the README says what it promises", func(t *testing.T) { saysSo(t, open(t)) })
	Check(t, open)
}

// Check is Run for a store that is otherwise than users have it, and promises what its harness says.
func Check(t *testing.T, open Open) {
	for _, c := range append(Promised(open(t).Promises), Cases...) {
		t.Run(c.Name, func(t *testing.T) { c.Run(t, open) })
	}
}
