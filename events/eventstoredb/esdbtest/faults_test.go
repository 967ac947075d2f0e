package esdbtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/google/uuid"
)

// newAsker has a server of its own.
func newAsker(t *testing.T) *asker {
	return (&asker{T: t, whole: t, S: "s" + uuid.NewString(), T2: "t" + uuid.NewString()}).ownServer()
}

func (a *asker) want(what, got, want string) {
	a.Helper()
	if got != want {
		a.Errorf("%s: %s, want %s", what, got, want)
	}
}

// retry appends with a client that has not heard of any trouble.
func (a *asker) retry(stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) string {
	a.client = connect(a, a.server.URL())
	return a.append(stream, expected, events...)
}

func TestCutBeforeCommit(t *testing.T) {
	a, events := newAsker(t), some(2)
	a.server.CutNext(esdbtest.BeforeCommit)
	_, err := a.put(a.S, esdb.NoStream{}, events...)
	a.want("the append", code(err), "Unavailable")
	a.client = connect(t, a.server.URL())
	a.want("then", a.seen(a.S), "ResourceNotFound: stream '"+a.S+"' is not found")
	a.want("the retry", a.append(a.S, esdb.NoStream{}, events...), "last 1")
}

func TestCutAfterCommit(t *testing.T) {
	a, events := newAsker(t), some(2)
	a.server.CutNext(esdbtest.Nowhere, esdbtest.AfterCommit)
	a.want("the first", a.append(a.T2, esdb.NoStream{}, some(1)...), "last 0")
	_, err := a.put(a.S, esdb.NoStream{}, events...)
	a.want("the append", code(err), "Unavailable")
	a.want("the retry", a.retry(a.S, esdb.NoStream{}, events...), "last 1")
	a.want("then", a.seen(a.S), "[0 1]")
}

func TestCutBy(t *testing.T) {
	a := newAsker(t)
	a.server.CutBy(func(stream string) esdbtest.Cut {
		if stream == a.S {
			return esdbtest.AfterCommit
		}
		return esdbtest.Nowhere
	})
	a.want("another stream", a.append(a.T2, esdb.NoStream{}, some(1)...), "last 0")
	_, err := a.put(a.S, esdb.NoStream{}, some(1)...)
	a.want("that stream", code(err), "Unavailable")
	a.server.CutBy(nil)
	a.want("that stream, later", a.retry(a.S, esdb.Revision(0), some(1)...), "last 1")
}

func TestCutEndsSubscriptionsOnTheSameConnection(t *testing.T) {
	a := newAsker(t)
	told, answer := a.followAll(esdb.SubscribeToAllOptions{From: esdb.End{}})
	if told == nil {
		t.Fatal(answer)
	}
	told.until(caughtUp)
	a.server.CutNext(esdbtest.AfterCommit)
	_, _ = a.put(a.S, esdb.NoStream{}, some(1)...)
	a.want("the subscription", raw(told.until(dropped).err), "Unavailable")
}

func TestAnswerLate(t *testing.T) {
	a, events := newAsker(t), some(1)
	a.server.AnswerLate(time.Hour)
	soon := 50 * time.Millisecond
	_, err := a.client.AppendToStream(t.Context(), a.S, esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}, Deadline: &soon}, events...)
	a.want("the append", code(err), "DeadlineExceeded")
	a.want("it is kept", a.seen(a.S), "[0]")
	a.server.AnswerLate(0)
	a.want("the retry", a.append(a.S, esdb.NoStream{}, events...), "last 0")
}

func TestHoldAppends(t *testing.T) {
	for at, seen := range map[esdbtest.Cut]string{esdbtest.BeforeCommit: "[0]", esdbtest.AfterCommit: "[0 1]"} {
		a := newAsker(t)
		a.given(a.S, some(1)...)
		hold := a.server.HoldAppends(at)
		answer := make(chan string)
		go func() { answer <- a.append(a.S, esdb.Revision(0), some(1)...) }()
		a.want("who waits", <-hold.Arrived, a.S)
		a.want("meanwhile", a.seen(a.S), seen)
		hold.Release()
		a.want("the answer", <-answer, "last 1")
		a.want("another", a.append(a.S, esdb.Revision(1), some(1)...), "last 2")
	}
}

func TestKilledWhileAnAppendWaits(t *testing.T) {
	a, events := newAsker(t), some(1)
	hold := a.server.HoldAppends(esdbtest.BeforeCommit)
	answer := make(chan string)
	go func() {
		_, err := a.put(a.S, esdb.NoStream{}, events...)
		answer <- code(err)
	}()
	<-hold.Arrived
	if err := a.server.Restart(); err != nil {
		t.Fatal(err)
	}
	hold.Release()
	a.want("the append", <-answer, "Unavailable")
	a.client = connect(t, a.server.URL())
	a.want("after the restart nothing comes of it", a.amount(a.S), "ResourceNotFound: stream '"+a.S+"' is not found")
}

func TestHang(t *testing.T) {
	a := newAsker(t)
	a.given(a.S, some(1)...)
	hang := a.server.Hang()
	ctx, giveUp := context.WithCancel(t.Context())
	answer := make(chan error)
	go func() {
		_, err := a.client.AppendToStream(ctx, a.S, esdb.AppendToStreamOptions{}, some(1)...)
		answer <- err
	}()
	<-hang.Arrived
	giveUp()
	a.want("an append that gave up", code(<-answer), "Unknown (Canceled)")
	read := make(chan string)
	go func() { read <- a.seen(a.S) }()
	<-hang.Arrived
	hang.Release()
	a.want("a read that waited", <-read, "[0]")
}

func TestNotReady(t *testing.T) {
	a := newAsker(t)
	a.given(a.S, some(1)...)
	a.server.NotReady()
	a.want("an append", a.append(a.S, esdb.Any{}, some(1)...), "Unavailable: Server Is Not Ready")
	a.want("a read", a.seen(a.S), "Unavailable: Server Is Not Ready")
	a.server.Ready()
	a.want("later", a.append(a.S, esdb.Revision(0), some(1)...), "last 1")
}

func TestNotLeader(t *testing.T) {
	a := newAsker(t)
	follower := a.server.Join(t)
	client := a.client
	a.client = connect(t, follower.URL())
	_, err := a.put(a.S, esdb.NoStream{}, some(1)...)
	a.want("an append to a follower", code(err), "NotLeader")
	a.want("the client is at the leader now", a.append(a.S, esdb.NoStream{}, some(1)...), "last 0")

	follower.Lead()
	a.client = client
	_, err = a.put(a.S, esdb.Any{}, some(1)...)
	a.want("an append to the old leader", code(err), "NotLeader")
	a.want("the client is at the new one", a.append(a.S, esdb.Revision(0), some(1)...), "last 1")

	a.client = connect(t, a.server.DiscoverURL())
	a.want("by gossip", a.append(a.S, esdb.Revision(1), some(1)...), "last 2")

	follower.NotLeader(a.server.Addr())
	a.client = connect(t, follower.URL())
	_, err = a.put(a.S, esdb.Revision(2), some(1)...)
	a.want("what a node is told to say", code(err), "NotLeader")
}

func TestDropReaders(t *testing.T) {
	a := newAsker(t)
	told, answer := a.followAll(esdb.SubscribeToAllOptions{From: esdb.End{}})
	if told == nil {
		t.Fatal(answer)
	}
	stream, _ := a.follow(a.S, esdb.Start{})
	told.until(caughtUp)
	a.server.DropReaders()
	a.want("a follower of $all", describe(told.until(dropped).err),
		"Aborted: Operation timed out: Consumer too slow to handle event while live. Client resubscription required.")
	a.given(a.S, some(1)...)
	a.want("a follower of a stream", stream.until(anEvent).words(), "[0]")
	again, _ := a.followAll(esdb.SubscribeToAllOptions{From: esdb.End{}})
	a.want("the next of $all", again.until(caughtUp).words(), "caught up")
}

func TestRestartEmpty(t *testing.T) {
	a := newAsker(t)
	a.given(a.S, some(3)...)
	url := a.server.URL()
	if err := a.server.RestartEmpty(); err != nil {
		t.Fatal(err)
	}
	a.want("the address", a.server.URL(), url)
	a.client = connect(t, url)
	a.want("the stream", a.amount(a.S), "ResourceNotFound: stream '"+a.S+"' is not found")
}

func TestJournal(t *testing.T) {
	path := t.TempDir() + "/journal"
	a := newAsker(t)
	a.server = esdbtest.Start(t, esdbtest.Journal(path))
	a.client = connect(t, a.server.URL())
	events := some(2)
	first := a.given(a.S, events...)
	a.two() // in another append
	a.server.Close()

	a.server = esdbtest.Start(t, esdbtest.Journal(path))
	a.client = connect(t, a.server.URL())
	a.want("the stream", a.seen(a.S), "[0 1 2 3]")
	again, err := a.put(a.S, esdb.NoStream{}, events...)
	if err != nil || again.CommitPosition != first.CommitPosition {
		t.Errorf("repeated after the restart: %+v, %v; first %+v", again, err, first)
	}
	a.want("another", a.append(a.S, esdb.Revision(3), some(1)...), "last 4")
}

func TestClosedServerAnswersNobody(t *testing.T) {
	a := newAsker(t)
	a.given(a.S, some(1)...)
	a.server.Close()
	_, err := a.put(a.S, esdb.Any{}, some(1)...)
	var e *esdb.Error // Unknown, with an EOF, if the client has not noticed yet that its connection is lost
	if !errors.As(err, &e) || e.Code() != esdb.ErrorUnavailable && e.Code() != esdb.ErrorCodeUnknown {
		t.Errorf("a closed server answered %v", err)
	}
}
