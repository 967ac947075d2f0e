package storetest

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

func fidelity(t T, open Open) {
	s, one := set(t, open), stream()
	shanghai := time.FixedZone("", 8*60*60)
	meta := command()
	meta.Correlation, meta.Causation = uuid.New(), uuid.New()
	meta.Actor, meta.OnBehalfOf, meta.Agency = "worker-𠮷", "supervisor <&> \"䶮\"\u2028", "\x00\t"
	meta.OccurredAt = time.Date(2012, 2, 29, 23, 59, 59, 123456789, shanghai)
	meta.RecordedAt = time.Date(2012, 3, 1, 0, 0, 0, 1, shanghai)
	meta.CommandDigest = []byte{0, 255, 10, 0}
	level, age := -2.5e-7, 0
	wrote := []events.Event{
		events.ClaimPublished{About: "𠮷 䶮 㛃\u0000\r\n\t\u2028<script>&amp;\\\"", Year: -1, Number: 1 << 53, Unit: "", Source: strings.Repeat("𠮷", 5000)},
		events.ActivityHeld{Place: "站前广场", Heads: []events.Heads{{People: "elders", Number: 3}}, PersonTimes: 3, Counted: "signed"},
		events.CaseClosed{Reason: "other", T: &level},
		events.IntakeRecorded{Client: uuid.New(), AgeYears: &age, Steps: events.Steps{Due: []events.Due{{Step: "assessment", By: meta.RecordedAt.UTC()}}}},
		events.FollowUpRecorded{Window: "1_month", Findings: map[string]string{"home": "yes", "": "unknown"}},
	}
	s.appendAs(meta, one, 0, wrote...)
	check := func() {
		t.Helper()
		read := s.read(one, 1)
		if len(read) != len(wrote) {
			t.Fatalf("%d events came back, want %d", len(read), len(wrote))
		}
		for i, r := range read {
			if !reflect.DeepEqual(r.Event, wrote[i]) {
				t.Errorf("%s came back as %+v, was %+v", wrote[i].Type(), r.Event, wrote[i])
			}
			want := meta
			want.EventID, want.Schema = r.Meta.EventID, r.Meta.Schema // see namesEvents
			want.OccurredAt, want.RecordedAt = meta.OccurredAt.UTC(), meta.RecordedAt.UTC()
			if !reflect.DeepEqual(r.Meta, want) {
				t.Errorf("the meta of %s came back as %+v, was %+v", wrote[i].Type(), r.Meta, want)
			}
		}
	}
	check()
	if s.Reopen != nil {
		s.Store = s.Reopen(t)
		check()
	}
}

func namesEvents(t T, open Open) {
	s, one, meta := set(t, open), stream(), command()
	meta.EventID, meta.Schema = uuid.New(), 99 // the store's to say
	s.append(one, 0, fact(1))
	s.appendAs(meta, one, 1, fact(2), fact(3))
	for i, r := range s.read(one, 2) {
		if want := events.ID(meta.CommandID, one, i); r.Meta.EventID != want {
			t.Errorf("event %d of the command has id %s, want %s", i, r.Meta.EventID, want)
		}
		if _, schema, _ := events.Encode(r.Event); r.Meta.Schema != schema {
			t.Errorf("event %d is of shape %d, want %d", i, r.Meta.Schema, schema)
		}
	}
}

func sealing(t T, open Open) {
	s, one, meta := set(t, open), stream(), command()
	note := events.NoteRecorded{Kind: "process", Text: sealed.Say("𠮷先生今天来了")}
	if _, err := s.Store.Append(s.ctx, one, 0, meta, note); !errors.Is(err, sealed.ErrOpen) {
		t.Errorf("open words: %v, want %v", err, sealed.ErrOpen)
	} else if strings.Contains(err.Error(), "先生") {
		t.Errorf("the error repeats the words")
	}
	s.has(one)
	keys := oneKey(t)
	closed, err := sealed.Seal(s.ctx, keys, note, sealed.Place{Stream: one, Event: events.ID(meta.CommandID, one, 0)}, one)
	if err != nil {
		t.Fatalf("sealing: %v", err)
	}
	s.appendAs(meta, one, 0, closed)
	for _, r := range s.read(one, 1) {
		if !reflect.DeepEqual(r.Event, events.Event(closed)) {
			t.Errorf("the sealed words came back changed")
		}
		if said, err := r.Event.(events.NoteRecorded).Text.Open(s.ctx, keys, r.Stream); err != nil || said != "𠮷先生今天来了" {
			t.Errorf("the words that came back open to %q, %v", said, err)
		}
	}
}

func sizes(t T, open Open) {
	s, one := set(t, open), stream()
	small, _, _ := events.Encode(fact(1))
	for what, tooLarge := range map[string][]events.Event{
		"one fact of a byte too much":  {sized(t, events.MaxAppend+1)},
		"two facts of a byte too much": {fact(1), sized(t, events.MaxAppend-len(small)+1)},
	} {
		if _, err := s.Store.Append(s.ctx, one, 0, command(), tooLarge...); !errors.Is(err, events.ErrTooLarge) {
			t.Errorf("%s: %v, want %v", what, err, events.ErrTooLarge)
		}
	}
	s.has(one)
	s.append(one, 0, sized(t, events.MaxAppend))
	s.append(one, 1, fact(1), sized(t, events.MaxAppend-len(small)))
	var got []int
	for _, r := range s.read(one, 1) {
		data, _, _ := events.Encode(r.Event)
		got = append(got, len(data))
	}
	if len(got) != 3 || got[0] != events.MaxAppend || got[1]+got[2] != events.MaxAppend {
		t.Errorf("the facts came back with %v bytes", got)
	}
}

func nonsense(t T, open Open) {
	s := set(t, open)
	for _, name := range []string{"", "case", "case-", "case-1", "-" + uuid.NewString(), "case-" + strings.ToUpper(uuid.NewString()), uuid.NewString(), "张三"} {
		if _, err := s.Store.Append(s.ctx, name, 0, command(), fact(1)); err == nil {
			t.Errorf("a stream named %q was accepted", name)
		}
	}
	one := stream()
	if _, err := s.Store.Append(s.ctx, one, 0, command()); err == nil {
		t.Errorf("an append of no facts was accepted")
	}
	if _, err := s.Store.Append(s.ctx, one, 0, events.Meta{OccurredAt: noon, RecordedAt: noon}, fact(1)); err == nil {
		t.Errorf("a command without an id was accepted: two of them could not be told apart")
	}
	s.has(one)
}

func recordedInOrder(t T, open Open) {
	s, one := set(t, open), stream()
	at := func(d time.Duration) events.Meta {
		meta := command()
		meta.OccurredAt, meta.RecordedAt = noon.Add(d), noon.Add(d)
		return meta
	}
	s.appendAs(at(0), one, 0, fact(1))
	s.appendAs(at(-time.Nanosecond), one, 1, fact(2), fact(3))
	s.appendAs(at(time.Nanosecond), one, 3, fact(4))
	if s.Reopen != nil {
		s.Store = s.Reopen(t)
	}
	s.appendAs(at(-time.Hour), one, 4, fact(5))
	s.appendAs(at(time.Hour), one, 5, fact(6))
	want := []time.Duration{0, 0, 0, time.Nanosecond, time.Nanosecond, time.Hour}
	occurred := []time.Duration{0, -time.Nanosecond, -time.Nanosecond, time.Nanosecond, -time.Hour, time.Hour}
	for i, r := range s.read(one, 1) {
		if got := r.Meta.RecordedAt.Sub(noon); got != want[i] {
			t.Errorf("version %d was recorded at noon%+d ns, want %+d", r.Version, got, want[i])
		}
		if got := r.Meta.OccurredAt.Sub(noon); got != occurred[i] {
			t.Errorf("version %d happened at noon%+d ns, want %+d: the worker's word stays", r.Version, got, occurred[i])
		}
	}
	s.has(one, 1, 2, 3, 4, 5, 6)
}

// sized is a fact of so many bytes.
func sized(t T, bytes int) events.Event {
	t.Helper()
	fact := events.ClaimPublished{}
	empty, _, err := events.Encode(fact)
	if err != nil {
		t.Fatalf("encoding: %v", err)
	}
	fact.Source = strings.Repeat("x", bytes-len(empty))
	return fact
}

type keyring struct{ key *sealed.Key }

// oneKey is a key ring with one key, for whoever asks.
func oneKey(t T) sealed.Keys {
	t.Helper()
	key, err := sealed.NewKey("case/1", []byte("storetest: 32 bytes, no secret.."))
	if err != nil {
		t.Fatalf("making a key: %v", err)
	}
	return keyring{key}
}

func (k keyring) Sealing(context.Context, string) (*sealed.Key, error) { return k.key, nil }
func (k keyring) Opening(context.Context, string) (*sealed.Key, error) { return k.key, nil }
