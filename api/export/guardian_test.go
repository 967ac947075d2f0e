package export

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// said are the facts that a guardian is handed something of; unlike all others, they tell by what they say.
var said = []string{
	events.ClientRegistered{}.Type(), events.ClientDetailsAmended{}.Type(),
	events.IntakeRecorded{}.Type(), events.ConsentRecorded{}.Type(), events.ConsentWithdrawn{}.Type(),
}

// ended are the facts after which nobody is handed a word.
var ended = []string{events.ForgettingBegun{}.Type(), events.ClientForgotten{}.Type()}

const disclosed = "他说是父亲打的"

// Whatever is recorded of a case, beside what a guardian said: an export for a guardian has the bytes that it has without it.
func TestNothingThatIsRecordedBesideTellsAGuardian(t *testing.T) {
	with, without := openWorld(t), openWorld(t)
	var types []string
	for _, name := range events.Types() {
		if strings.HasPrefix(name, "case.") || strings.HasPrefix(name, "client.") && !slices.Contains(ended, name) {
			types = append(types, name)
		}
	}
	seen := make(map[string]int)
	rapid.Check(t, func(t *rapid.T) {
		s := story{T: t, client: uuid.New(), kase: uuid.New(), entries: map[string]events.Entry{}}
		known := s.known()
		var all []written
		for _, fact := range known {
			all = append(all, fact)
			for range rapid.IntRange(0, 6).Draw(t, "beside") {
				name := rapid.SampledFrom(types).Draw(t, "type")
				if beside, ok := s.beside(name); ok {
					all = append(all, beside)
					seen[name]++
				}
			}
		}
		at := time.Date(2012, 7, 2, 9, 0, 0, 0, events.Zone)
		for i, fact := range all {
			with.write(t, fact, at.Add(time.Duration(i)*time.Minute))
			if fact.known {
				without.write(t, fact, at.Add(time.Duration(i)*time.Minute))
			}
		}
		a, b := with.handsOut(t, s.client), without.handsOut(t, s.client)
		if !bytes.Equal(a, b) {
			t.Fatalf("it tells:\n%s\n%s", a, b)
		}
		if bytes.Contains(a, []byte(disclosed)) || !bytes.Contains(a, []byte("小龙")) || !bytes.Contains(a, []byte(`"purpose":"service"`)) {
			t.Fatalf("it says: %s", a)
		}
	})
	for _, name := range types {
		if seen[name] == 0 {
			t.Errorf("%s was never beside", name)
		}
	}
	t.Logf("%d kinds of facts beside what a guardian said: %v", len(seen), seen)
}

// A case that no guardian agreed to is not there at all.
func TestACaseThatNoGuardianAgreedToIsNotThere(t *testing.T) {
	w := openWorld(t)
	client, kase, at := uuid.New(), uuid.New(), time.Date(2012, 7, 2, 9, 0, 0, 0, events.Zone)
	consent := events.ConsentRecorded{Entered: events.Entered{Entry: uuid.New()}, Purpose: "service", Basis: "consent", Capacity: "temporary_guardian"}
	w.write(t, written{known: true, stream: events.Stream("client", client), fact: events.ClientRegistered{Entered: events.Entered{Entry: uuid.New()}}}, at)
	before := w.handsOut(t, client)
	for _, fact := range []events.Event{events.IntakeRecorded{Entered: events.Entered{Entry: uuid.New()}, Client: client, Category: "street_child"}, consent} {
		w.write(t, written{stream: events.Stream("case", kase), fact: fact}, at)
	}
	if after := w.handsOut(t, client); !bytes.Equal(before, after) || bytes.Contains(after, []byte(kase.String())) {
		t.Errorf("%s\n%s", before, after)
	}
}

type world struct{ *app.App }

func openWorld(t *testing.T) world {
	t.Helper()
	a, err := app.Open(t.Context(), app.Dir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	a.Now = func() time.Time { return time.Date(2012, 8, 1, 9, 0, 0, 0, events.Zone) }
	return world{a}
}

type told interface {
	Helper()
	Fatal(...any)
}

// written is a fact of a stream; known ones the guardian said.
type written struct {
	known  bool
	stream string
	fact   events.Event
}

type as[S any] struct{ events.Event }

func (a as[S]) Decide(S, events.Meta) ([]events.Event, error) { return []events.Event{a.Event}, nil }

func (w world) write(t told, fact written, at time.Time) {
	t.Helper()
	ctx := context.Background()
	meta := events.Meta{CommandID: uuid.New(), Actor: "worker", OccurredAt: at, RecordedAt: at}
	var err error
	if category, _, _ := events.SplitStream(fact.stream); category == "client" {
		_, err = w.Clients.Do(ctx, fact.stream, meta, as[clients.Client]{fact.fact}, services.Sent([]byte("a fact")))
	} else {
		_, err = w.Cases.Do(ctx, fact.stream, meta, as[cases.Case]{fact.fact}, services.Sent([]byte("a fact")))
	}
	if err != nil {
		t.Fatal(fact.fact.Type(), err)
	}
}

func (w world) handsOut(t told, client uuid.UUID) []byte {
	t.Helper()
	var text bytes.Buffer
	err := w.Projector.CatchUp(context.Background(), nil)
	if err == nil {
		var all Handed
		var ok bool
		if all, ok, err = For(context.Background(), w.App, Guardian, client); err == nil && ok {
			err = all.Write(context.Background(), w.App, &text, new(access.Opened))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// story is a client with a case.
type story struct {
	*rapid.T
	client, kase uuid.UUID
	entries      map[string]events.Entry // one of each type in the case
}

func (s *story) knows(fact events.Event) written {
	stream := events.Stream("case", s.kase)
	if strings.HasPrefix(fact.Type(), "client.") {
		stream = events.Stream("client", s.client)
	} else {
		s.entries[fact.Type()] = fact.(events.Entry)
	}
	return written{known: true, stream: stream, fact: fact}
}

// known is what the guardian knows: who the child is, and that they agreed, and perhaps do no more.
func (s *story) known() []written {
	consent := events.ConsentRecorded{
		Entered: events.Entered{Entry: uuid.New()}, Purpose: "service", Basis: "consent", Capacity: "guardian", Form: "signed", LimitsExplained: true,
	}
	all := []written{
		s.knows(events.ClientRegistered{Entered: events.Entered{Entry: uuid.New()}, Details: events.Details{Name: sealed.Say("小龙"), Sex: "male"}}),
		s.knows(events.IntakeRecorded{Entered: events.Entered{Entry: uuid.New()}, Client: s.client, Category: "street_child", Project: "bring-home", Site: "station"}),
		s.knows(consent),
	}
	if rapid.Bool().Draw(s.T, "withdrawn") {
		all = append(all, s.knows(events.ConsentWithdrawn{Entered: events.Entered{Entry: uuid.New()}, Consent: consent.Entry, By: "guardian"}))
	}
	return all
}

// beside is a fact of a type that the guardian did not say; ok is false while there is no case that could have it.
func (s *story) beside(name string) (w written, ok bool) {
	if strings.HasPrefix(name, "case.") && len(s.entries) == 0 {
		return w, false
	}
	fact := s.of(name)
	switch one := fact.(type) {
	case events.ClientRegistered, events.ClientDetailsAmended: // where the child lives now, and with whom
		fact = events.ClientDetailsAmended{Entered: events.Entered{Entry: uuid.New()}, Why: sealed.Say(disclosed), Details: events.Details{
			Name: sealed.Say("小龙"), Sex: "male", Address: sealed.Say(disclosed), Phone: sealed.Say(disclosed), OtherNames: sealed.Say(disclosed),
			Guardian: events.Guardian{Name: sealed.Say(disclosed), Relation: "institution"},
		}}
	case events.IntakeRecorded: // said anew: there is one
		fact = s.amends(s.intakeAnew())
	case events.ConsentRecorded:
		given := rapid.SampledFrom([][3]string{
			{"reporting", "mandatory_reporting_2020", "none"},
			{"service", "minors_act_2020_guardianship", "none"},
			{"service", "consent", "temporary_guardian"},
			{"service", "minors_act_2020_guardianship", "guardian"},
			{"service", "consent", "self"},
			{"sharing", "consent", "guardian"},
			{"reporting", "consent", "guardian"},
		}).Draw(s.T, "basis")
		one.Purpose, one.Basis, one.Capacity = given[0], given[1], given[2]
		fact = one
	case events.ConsentWithdrawn:
		one.By = rapid.SampledFrom([]string{"self", "temporary_guardian"}).Draw(s.T, "by")
		if consent, is := s.entries[events.ConsentRecorded{}.Type()]; is {
			one.Consent = consent.EntryID()
		}
		fact = one
	case events.EntryAmended:
		fact = s.amends(s.anew())
	case events.EntryRetracted:
		entry := s.anew()
		if slices.Contains(said, entry.Type()) {
			return w, false // these cannot be taken back
		}
		one.Retracts = entry.EntryID()
		fact = one
	}
	stream := events.Stream("client", s.client)
	if strings.HasPrefix(fact.Type(), "case.") {
		stream = events.Stream("case", s.kase)
		if entry, is := fact.(events.Entry); is && !slices.Contains(said, fact.Type()) && !strings.HasPrefix(fact.Type(), "case.entry-") {
			s.entries[fact.Type()] = entry
		}
	}
	return written{stream: stream, fact: fact}, true
}

// anew is an entry of the case with other words; of what the guardian said, what they did not say.
func (s *story) anew() events.Entry {
	names := make([]string, 0, len(s.entries))
	for name := range s.entries {
		names = append(names, name)
	}
	slices.Sort(names)
	before := s.entries[rapid.SampledFrom(names).Draw(s.T, "amends")]
	switch fact := before.(type) {
	case events.IntakeRecorded:
		return s.intakeAnew()
	case events.ConsentRecorded:
		fact.Reason, fact.ChildsWish, fact.GivenBy = sealed.Say(disclosed), sealed.Say(disclosed), sealed.Say(disclosed)
		return fact
	case events.ConsentWithdrawn:
		fact.Reason = sealed.Say(disclosed)
		return fact
	}
	now := reflect.New(reflect.TypeOf(before)).Elem()
	now.Set(reflect.ValueOf(s.of(before.Type())))
	now.FieldByName("Entry").Set(reflect.ValueOf(before.EntryID()))
	return now.Interface().(events.Entry)
}

func (s *story) intakeAnew() events.IntakeRecorded {
	fact := s.entries[events.IntakeRecorded{}.Type()].(events.IntakeRecorded)
	fact.Project, fact.Site, fact.Urgency, fact.Problem = "shelter", "shelter", "emergency", sealed.Say(disclosed)
	fact.Form.Answers = []events.Answer{{Field: "coercion", Plain: "yes"}}
	fact.Due = []events.Due{{Step: "police_report", By: time.Date(2012, 7, 2, 9, 0, 0, 0, events.Zone)}}
	return fact
}

func (s *story) amends(now events.Entry) events.EntryAmended {
	return events.EntryAmended{Entered: events.Entered{Entry: uuid.New()}, Amends: now.EntryID(), Why: sealed.Say(disclosed), Now: events.Said{Entry: now}}
}

// of is a fact of a type with something in every field.
func (s *story) of(name string) events.Event {
	empty, err := events.Empty(name)
	if err != nil {
		s.Fatal(err)
	}
	fact := reflect.New(reflect.TypeOf(empty)).Elem()
	s.fill(fact)
	return fact.Interface().(events.Event)
}

var codes = []string{"unsafe", "safety", "police", "investigation", "handed_over", "emergency", "guardian", "injury", "high", "police_report"}

func (s *story) fill(v reflect.Value) {
	switch v.Interface().(type) {
	case sealed.Text:
		v.Set(reflect.ValueOf(sealed.Say(disclosed)))
		return
	case uuid.UUID:
		v.Set(reflect.ValueOf(uuid.New()))
		return
	case time.Time:
		v.Set(reflect.ValueOf(time.Date(2012, 7, rapid.IntRange(1, 30).Draw(s.T, "day"), 9, 0, 0, 0, time.UTC)))
		return
	case sealed.Value[any], sealed.Value[map[string]int], events.Said:
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(rapid.SampledFrom(codes).Draw(s.T, "code"))
	case reflect.Int:
		v.SetInt(int64(rapid.IntRange(1, 3).Draw(s.T, "n")))
	case reflect.Float64:
		v.SetFloat(float64(rapid.IntRange(1, 3).Draw(s.T, "n")))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(s.T, "is"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		s.fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		s.fill(v.Index(0))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				s.fill(v.Field(i))
			}
		}
	}
}
