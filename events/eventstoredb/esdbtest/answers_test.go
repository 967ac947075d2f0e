package esdbtest_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
	"github.com/google/uuid"
	"google.golang.org/grpc/status"
)

// topic is some questions under one heading of testdata/real-server.txt.
type topic struct {
	heading string
	asked   []question
}

// question is asked through the real client, and answered with what a person needs to see.
type question struct {
	words string
	ask   func(*asker) string
}

// TestAnswersLikeARealServer asks our server what a real one was asked, and compares. Nothing in the file goes unasked.
func TestAnswersLikeARealServer(t *testing.T) {
	whole, real := t, answers(t, "testdata/real-server.txt")
	server := esdbtest.Start(t)
	client := connect(t, server.URL())
	for _, topics := range [][]topic{appending(), repeating, deleting, reading(), describing, readingAll, keeping(), following, filtering, stopping, onTheWire} {
		for _, topic := range topics {
			for _, q := range topic.asked {
				name := topic.heading + "/" + q.words
				want, known := real[name]
				delete(real, name)
				t.Run(name, func(t *testing.T) {
					if !known {
						t.Fatal("the file has no answer of a real server to this")
					}
					a := &asker{T: t, whole: whole, server: server, client: client, S: "s" + uuid.NewString(), T2: "t" + uuid.NewString()}
					if got := a.plain(q.ask(a)); got != want {
						t.Errorf("\nanswered %s\na real one %s", got, want)
					}
				})
			}
		}
	}
	for name := range real {
		t.Errorf("never asked: %s", name)
	}
}

// answers reads the file: headings at the margin, below them "question | answer".
func answers(t *testing.T, path string) map[string]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found, heading := map[string]string{}, ""
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		switch words, answer, isAnswer := strings.Cut(line, " | "); {
		case line == "" || strings.HasPrefix(line, "#"):
		case !isAnswer:
			heading = line
		default:
			found[heading+"/"+strings.TrimSpace(words)] = answer
		}
	}
	return found
}

// asker is what a question needs: a client, and two streams that nobody else has.
type asker struct {
	*testing.T
	whole  *testing.T // of all questions
	server *esdbtest.Server
	client *esdb.Client
	S, T2  string
}

// plain gives streams their names in the file.
func (a *asker) plain(answer string) string {
	return strings.NewReplacer(a.S, "S", a.T2, "T").Replace(answer)
}

func connect(t testing.TB, url string) *esdb.Client {
	t.Helper()
	config, err := esdb.ParseConnectionString(url)
	if err != nil {
		t.Fatal(err)
	}
	config.Logger = esdb.NoopLogging()
	client, err := esdb.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

// some are events nobody has seen yet.
func some(n int) (events []esdb.EventData) {
	for i := range n {
		events = append(events, esdb.EventData{
			EventID: uuid.New(), EventType: "Probe", ContentType: esdb.ContentTypeJson,
			Data: fmt.Appendf(nil, `{"i":%d}`, i), Metadata: []byte(`{"m":1}`),
		})
	}
	return events
}

func (a *asker) put(stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) (*esdb.WriteResult, error) {
	return a.client.AppendToStream(a.Context(), stream, esdb.AppendToStreamOptions{ExpectedRevision: expected}, events...)
}

// append is put, in words.
func (a *asker) append(stream string, expected esdb.ExpectedRevision, events ...esdb.EventData) string {
	result, err := a.put(stream, expected, events...)
	if err != nil {
		return describe(err)
	}
	return fmt.Sprint("last ", result.NextExpectedVersion)
}

// given appends what a question is about.
func (a *asker) given(stream string, events ...esdb.EventData) *esdb.WriteResult {
	a.Helper()
	result, err := a.put(stream, esdb.Any{}, events...)
	if err != nil {
		a.Fatal(err)
	}
	return result
}

func (a *asker) delete(stream string, expected esdb.ExpectedRevision) string {
	_, err := a.client.DeleteStream(a.Context(), stream, esdb.DeleteStreamOptions{ExpectedRevision: expected})
	return describe(err)
}

func (a *asker) tombstone(stream string, expected esdb.ExpectedRevision) string {
	_, err := a.client.TombstoneStream(a.Context(), stream, esdb.TombstoneStreamOptions{ExpectedRevision: expected})
	return describe(err)
}

func (a *asker) events(stream string, from esdb.StreamPosition, way esdb.Direction, count uint64) ([]*esdb.RecordedEvent, error) {
	return drain(a.client.ReadStream(a.Context(), stream, esdb.ReadStreamOptions{From: from, Direction: way}, count))
}

func (a *asker) all(from esdb.AllPosition, way esdb.Direction, count uint64) ([]*esdb.RecordedEvent, error) {
	return drain(a.client.ReadAll(a.Context(), esdb.ReadAllOptions{From: from, Direction: way}, count))
}

// read is events, in words: the revisions.
func (a *asker) read(stream string, from esdb.StreamPosition, way esdb.Direction, count uint64) string {
	events, err := a.events(stream, from, way, count)
	if err != nil {
		return describe(err)
	}
	return revisions(events)
}

// seen is the whole of a stream.
func (a *asker) seen(stream string) string { return a.read(stream, esdb.Start{}, esdb.Forwards, 2000) }

// amount says how many events a stream has.
func (a *asker) amount(stream string) string {
	events, err := a.events(stream, esdb.Start{}, esdb.Forwards, 2000)
	if err != nil {
		return describe(err)
	}
	return fmt.Sprint(len(events), " events")
}

func drain(stream *esdb.ReadStream, err error) (events []*esdb.RecordedEvent, _ error) {
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	for {
		e, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return events, nil
		}
		if err != nil {
			return nil, err
		}
		events = append(events, e.OriginalEvent())
	}
}

func revisions(events []*esdb.RecordedEvent) string {
	var numbers []string
	for _, e := range events {
		numbers = append(numbers, fmt.Sprint(e.EventNumber))
	}
	if len(numbers) > 10 {
		numbers = slices.Concat(numbers[:1], []string{"…"}, numbers[len(numbers)-1:])
	}
	return "[" + strings.Join(numbers, " ") + "]"
}

var codes = map[esdb.ErrorCode]string{
	esdb.ErrorCodeUnknown: "Unknown", esdb.ErrorCodeResourceNotFound: "ResourceNotFound", esdb.ErrorCodeConnectionClosed: "ConnectionClosed",
	esdb.ErrorCodeWrongExpectedVersion: "WrongExpectedVersion", esdb.ErrorCodeStreamDeleted: "StreamDeleted",
	esdb.ErrorCodeDeadlineExceeded: "DeadlineExceeded", esdb.ErrorCodeNotLeader: "NotLeader", esdb.ErrorUnavailable: "Unavailable",
	esdb.ErrorCodeUnsupportedFeature: "UnsupportedFeature", esdb.ErrorAborted: "Aborted",
	esdb.ErrorCodeAccessDenied: "AccessDenied", esdb.ErrorCodeUnauthenticated: "Unauthenticated",
}

// describe says what a caller can tell of an error: the client's code, what it says of itself, and the status below it
// when the client did not know what to make of that.
func describe(err error) string {
	if err == nil {
		return "ok"
	}
	var e *esdb.Error
	if !errors.As(err, &e) {
		if s, isStatus := status.FromError(err); isStatus {
			return s.Code().String() + ": " + s.Message()
		}
		return err.Error()
	}
	said := codes[e.Code()]
	if e.Code() == esdb.ErrorCodeUnknown {
		said += " (" + status.Code(e.Err()).String() + ")"
	}
	if e.Err() == nil {
		return said
	}
	words := strings.TrimPrefix(e.Err().Error(), "wrong expected version: ")
	if s, isStatus := status.FromError(e.Err()); isStatus {
		words = s.Message()
	}
	return said + ": " + words
}

// code is what stands before the colon.
func code(err error) string {
	said, _, _ := strings.Cut(describe(err), ":")
	return said
}
