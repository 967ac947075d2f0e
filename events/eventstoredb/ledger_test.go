package eventstoredb_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// ledger has all that was asked of a log by many at the same time, and every answer.
type ledger struct {
	began time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
	acks  []done
}

// asked is an append or, without a command, a read.
type asked struct {
	stream   string
	expected int
	meta     events.Meta
	n        int
}

// answered is what came back.
type answered struct {
	position events.Position // of an append that was acknowledged
	conflict *events.Conflict
	unknown  bool   // nobody knows
	seen     string // what a read saw: fact by fact the command and the place in it
}

type done struct {
	asked
	answered
}

func (l *ledger) now() int64 { return int64(time.Since(l.began)) }

func (l *ledger) note(client int, call int64, a asked, is answered) {
	l.mu.Lock()
	defer l.mu.Unlock()
	back := l.now()
	if is.unknown {
		back = math.MaxInt64 // it may still happen
	}
	l.ops = append(l.ops, porcupine.Operation{ClientId: client, Input: a, Call: call, Output: is, Return: back})
	if is.position != 0 {
		l.acks = append(l.acks, done{a, is})
	}
}

// acknowledged is one of the appends that were, to be asked again.
func (l *ledger) acknowledged(pick func(n int) int) (done, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.acks) == 0 {
		return done{}, false
	}
	return l.acks[pick(len(l.acks))], true
}

// trace is a fact in the state of the model: which command brought it about, and as its how-manyeth.
func trace(command uuid.UUID, nth int) string { return fmt.Sprintf("%x.%d ", command[8:], nth) }

func (a asked) trace() string {
	var all strings.Builder
	for i := range a.n {
		all.WriteString(trace(a.meta.CommandID, i))
	}
	return all.String()
}

// versions are the places in a state where a version ends; the first is 0.
func versions(state string) []int {
	ends := []int{0}
	for i, c := range state {
		if c == ' ' {
			ends = append(ends, i+1)
		}
	}
	return ends
}

// oneStream says what a stream does if everybody asks it one after the other.
var oneStream = porcupine.Model{
	Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
		by := map[string][]porcupine.Operation{}
		for _, op := range history {
			by[op.Input.(asked).stream] = append(by[op.Input.(asked).stream], op)
		}
		for _, part := range by {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return "" },
	Step: func(was, input, output any) (bool, any) {
		state, a, is := was.(string), input.(asked), output.(answered)
		if a.n == 0 {
			return is.seen == state, state
		}
		ends := versions(state)
		at := len(ends) - 1
		switch {
		case a.expected == at:
			return is.conflict == nil, state + a.trace()
		case a.expected+a.n <= at && state[ends[a.expected]:ends[a.expected+a.n]] == a.trace():
			return is.conflict == nil, state
		}
		return is.unknown || is.conflict != nil && is.conflict.Actual == at, state
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}

// check compares the ledger with the log as it is in the end: what was acknowledged is there, once, where it was said
// to be; what nobody knows of is there whole or not at all; and every stream can be explained as if all had
// asked one after the other.
func (l *ledger) check(t *testing.T, log []events.Recorded) {
	t.Helper()
	streams, ids, at := map[string][]events.Recorded{}, map[uuid.UUID]bool{}, map[events.Position]events.Recorded{}
	last := events.Position(0)
	for _, r := range log {
		if ids[r.Meta.EventID] {
			t.Errorf("version %d of %s is there twice", r.Version, r.Stream)
		}
		if before := streams[r.Stream]; r.Version != len(before)+1 || r.Position <= last {
			t.Fatalf("version %d of %s at %d comes after %d and %d", r.Version, r.Stream, r.Position, len(before), last)
		} else if len(before) > 0 && r.Meta.RecordedAt.Before(before[len(before)-1].Meta.RecordedAt) {
			t.Errorf("version %d of %s was recorded before the one before it", r.Version, r.Stream)
		}
		streams[r.Stream], ids[r.Meta.EventID], at[r.Position], last = append(streams[r.Stream], r), true, r, r.Position
	}
	for _, ack := range l.acks {
		end := ack.expected + ack.n
		if is, there := at[ack.position]; !there || is.Stream != ack.stream || is.Version != end {
			t.Fatalf("lost: the append to %s at %d that was answered with %d", ack.stream, ack.expected, ack.position)
		}
		for i, r := range streams[ack.stream][ack.expected:end] {
			if r.Meta.EventID != events.ID(ack.meta.CommandID, ack.stream, i) {
				t.Fatalf("lost: fact %d of the append to %s at %d that was answered with %d", i, ack.stream, ack.expected, ack.position)
			}
		}
	}
	for _, op := range l.ops {
		a := op.Input.(asked)
		there := 0
		for i := range a.n {
			if ids[events.ID(a.meta.CommandID, a.stream, i)] {
				there++
			}
		}
		if there != 0 && there != a.n {
			t.Errorf("%d of the %d facts of an append are there", there, a.n)
		}
	}
	for stream, all := range streams { // what everybody sees now
		var seen strings.Builder
		for _, r := range all {
			i := slices.IndexFunc([]int{0, 1, 2}, func(i int) bool { return r.Meta.EventID == events.ID(r.Meta.CommandID, stream, i) })
			seen.WriteString(trace(r.Meta.CommandID, i))
		}
		now := l.now()
		l.ops = append(l.ops, porcupine.Operation{ClientId: 99, Input: asked{stream: stream}, Call: now, Output: answered{seen: seen.String()}, Return: now + 1})
	}
	switch result, info := porcupine.CheckOperationsVerbose(oneStream, l.ops, 2*time.Minute); result {
	case porcupine.Illegal:
		file := filepath.Join(os.TempDir(), fmt.Sprintf("casestream-history-%d.html", os.Getpid()))
		_ = porcupine.VisualizePath(oneStream, info, file)
		t.Errorf("the answers cannot be explained one after the other: %s", file)
	case porcupine.Unknown:
		t.Errorf("whether the answers can be explained was not found out in time")
	}
}
