package bell

import (
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
)

func TestOnlyPositionsStreamsAndTypesGoOverTheWire(t *testing.T) {
	b, err := Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	wire := make(chan *nats.Msg, 2)
	if _, err := b.conn.ChanSubscribe("casestream.>", wire); err != nil {
		t.Fatal(err)
	}
	if err := b.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	fact := events.NoteRecorded{Kind: "process", Text: sealed.Say("王小明想回家")}
	b.Arrived(18446744073709551615, []events.Recorded{{
		Position: 18446744073709551615, Stream: "case-1", Event: fact, Meta: events.Meta{Actor: "worker-1", OccurredAt: time.Unix(1, 0)},
	}})
	m := <-wire
	if want := `[{"position":"18446744073709551615","stream":"case-1","type":"case.note-recorded"}]`; string(m.Data) != want || m.Subject != "casestream.views" {
		t.Errorf("%s: %s", m.Subject, m.Data)
	}
}

func TestWhatCannotBeReadStillMeansThatThereIsNews(t *testing.T) {
	for _, data := range []string{"", "null", "{}", "[]", `[{"position":"x"}]`, `[{"position":"5","stream":7}]`} {
		m := newMail(Log)
		m.deliver([]byte(data))
		select {
		case <-m.ready:
			if news := m.take(); !slices.Equal(news, []News{{}}) {
				t.Errorf("%q: %v", data, news)
			}
		default:
			t.Errorf("%q: nothing", data)
		}
	}
}

func TestTheServerInsideListensOnNoPort(t *testing.T) {
	b, err := Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if addr := b.conn.ConnectedAddr(); addr != "pipe" {
		t.Errorf("it is reached at %s", addr)
	}
}

func TestMailHoldsLittleHoweverMuchIsPutIntoIt(t *testing.T) {
	for _, on := range []Subject{Log, Views} {
		m := newMail(on)
		for p := range events.Position(100_000) {
			m.put(News{Position: p, Stream: p.String()})
		}
		if len(m.newest) > remembered || len(m.ready) != 1 {
			t.Errorf("%s: holds %d", on, len(m.newest))
		}
		if news := m.take(); len(news) != 1 || news[0].Position != 99_999 {
			t.Errorf("%s: %v", on, news)
		}
	}
}
