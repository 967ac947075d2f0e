package rest

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// Two worlds are the same to the last id, but that one has a secret case. Someone without a relation to it asks for
// everything there is, and gets the same bytes in both.
//
// The other world has as many facts more of a client whom nobody asks about: positions count everything that is
// recorded, and say that somebody records something somewhere. They say no more, and that is not hidden.
//
// Exact numbers are of the asker's own team, so they are the same too. Numbers of the whole programme count the secret case,
// for whoever asks: what is promised of them is only that fewer than five are the same as none, and that no number has
// fewer than five people behind it; the sixth case of a project is seen to make six. Privacy officers stand in a relation to
// everyone, by their office: they are asked nothing here.

// wish is a request that can be made again.
type wish struct {
	method, path string
	content      any
	key          string
	ifMatch      []string
}

type world struct {
	*office
	secretCase, secretClient string
}

func openWorld(t testing.TB, born map[string]uuid.UUID, secretCase, secretClient string, has bool) *world {
	t.Helper()
	w := &world{openOfficeOf(t, born), secretCase, secretClient}
	w.admits(project, "2013-06-30")
	client, kase := uuid.MustParse(secretClient), uuid.MustParse(secretCase)
	details := events.Details{Name: sealed.Say(secret), Birth: sealed.Say("2000-05-01")}
	casework := []events.Event{
		events.IntakeRecorded{Entered: newEntry(), Client: client, Category: "street_child", Project: project, Site: site, Source: "outreach", Urgency: "routine", Problem: sealed.Say(secret)},
		events.IntakeDecided{Entered: newEntry(), Accepted: true},
		events.WorkerAssigned{Entered: newEntry(), Worker: w.a1.id, Role: "responsible"},
		events.NoteRecorded{Entered: newEntry(), Kind: "process", Text: sealed.Say(secret)},
		events.FlagRaised{Entered: newEntry(), Kind: "safety", Text: sealed.Say(secret), ReviewBy: "2013-01-01"},
		events.RiskRated{Entered: newEntry(), Level: "high"},
	}
	if !has {
		client = uuid.Must(uuid.NewV7())
	}
	record(w.office, w.app.Clients, events.Stream("client", client), events.ClientRegistered{Entered: newEntry(), Details: details})
	if has {
		record(w.office, w.app.Cases, events.Stream("case", kase), casework...)
		return w
	}
	var filler []events.Event
	for range casework {
		filler = append(filler, events.ClientDetailsAmended{Entered: newEntry(), Details: details})
	}
	record(w.office, w.app.Clients, events.Stream("client", client), filler...)
	return w
}

func record[S services.State[S]](o *office, desk *services.Desk[S], stream string, all ...events.Event) {
	o.Helper()
	now := o.app.Now()
	meta := events.Meta{CommandID: uuid.Must(uuid.NewV7()), Actor: o.a1.id.String(), OccurredAt: now, RecordedAt: now}
	if _, err := desk.Do(o.Context(), stream, meta, facts[S](all), services.Sent([]byte("a scene"))); err != nil {
		o.Fatal(err)
	}
}

// wishes are everything that someone can ask for, of the secret case and of a case of their own.
func (w *world) wishes(who person) (all []wish) {
	own := w.story(who)
	for _, path := range []string{"/clients/{id}/registration", "/cases/{id}/intake", "/cases/{id}/decision", "/cases/{id}/notes", "/cases/{id}/flags"} {
		own.seen["cases"], own.seen["clients"] = etag(1), etag(1)
		all = append(all, wish{http.MethodPost, own.url(path), own.fills(path), newID(), own.ifMatch(path)})
	}
	theirs := w.story(who)
	theirs.ids["cases"], theirs.ids["clients"] = w.secretCase, w.secretClient
	theirs.seen["cases"], theirs.seen["clients"] = etag(6), etag(1)
	for _, s := range []*story{theirs, own} {
		for _, route := range w.routes() {
			method, path, _ := strings.Cut(route, " ")
			right := rights.Routes[route]
			switch {
			case slices.Contains([]rights.Right{rights.Public, rights.Machine, rights.HearChanges}, right):
			case right == rights.Search: // below
			case strings.HasPrefix(path, "/accounts"): // they are of nobody's case; links and ids are made by chance in each world
			case right == rights.BreakGlass: // who breaks it learns that there is a case, and everyone who has to is told
			case slices.Contains(opens, path): // what is not there can be opened: ids are made by whoever opens
			case method == http.MethodGet:
				for _, query := range []string{"", "as_of=2012-07-02", "purpose=crisis", "known_at=2012-07-02"} {
					all = append(all, wish{method, askedAlso(s.asked(path), query), nil, "", nil})
				}
			case aboutAccounts(path), ofInvitation(path):
				all = append(all, wish{method, s.url(path), contentAboutAccounts(route), "", nil})
			default:
				all = append(all, wish{method, s.url(path), s.fills(path), newID(), s.ifMatch(path)})
			}
		}
	}
	intake := w.story(who)
	intake.ids["clients"] = w.secretClient
	all = append(all, wish{http.MethodPost, intake.url("/cases/{id}/intake"), intake.fills("/cases/{id}/intake"), newID(), nil})
	for _, query := range []string{"project=" + project, "category=street_child", "stage=open", "worker=" + w.a1.id.String(), "worker=" + newID()} {
		all = append(all, wish{http.MethodGet, "/caseload?" + query, nil, "", nil})
	}
	part := []rune(secret)
	for _, asked := range []body{
		{"name": "别的孩子"},
		{"name": "别的孩子", "birth": "2000"},
		{"name": string(part[:2])},
		{"name": string(part[:len(part)-1])},
		{"name": string(part[1:])},
		{"phone": "13800138000"},
		{"id_number": w.secretClient},
		{"id_number": w.secretCase},
		{"name": "机"},
		{"name": secret, "birth": "1999"},
	} {
		all = append(all, wish{http.MethodPost, "/search", asked, "", nil})
	}
	for _, query := range []string{"", "project=" + project, "category=street_child", "agency=chuxin", "site=" + site, "from=2012-07-01&to=2012-07-31", "as_of=2012-12-31"} {
		all = append(all, wish{http.MethodGet, "/outcomes?" + query, nil, "", nil})
		for _, number := range allNumbers {
			all = append(all, wish{http.MethodGet, "/outcomes/facts?number=" + number + "&" + query, nil, "", nil})
		}
	}
	for _, query := range []string{"as_of=yesterday", "after=x", secret + "=1", "purpose=" + secret} {
		all = append(all, wish{http.MethodGet, theirs.url("/cases/{id}") + "?" + query, nil, "", nil})
	}
	for _, content := range []any{"{", body{secret: 1}, body{"entry": w.secretCase}, []int{}} {
		all = append(all, wish{http.MethodPost, theirs.url("/cases/{id}/notes"), content, newID(), nil})
	}
	for _, query := range []string{"actor=" + w.a1.id.String(), "type=case.intake-recorded", "limit=1"} {
		all = append(all, wish{http.MethodGet, "/audit?" + query, nil, "", nil})
	}
	return all
}

// grants makes the wishes of someone, each at its own minute, and says what comes back.
func (w *world) grants(who person, all []wish, from time.Time) (answers []string) {
	for i, wish := range all {
		w.arrives()
		w.clock.set(from.Add(time.Duration(i) * time.Minute))
		r := request(wish.method, wish.path, wish.content)
		if wish.key != "" {
			r.Header.Set("Idempotency-Key", wish.key)
			for i := 0; i+1 < len(wish.ifMatch); i += 2 {
				r.Header.Set(wish.ifMatch[i], wish.ifMatch[i+1])
			}
		}
		h := who.asks(r)
		h.header.Del("Date")
		answers = append(answers, fmt.Sprintf("%s %s: %d %v %s", wish.method, wish.path, h.status, h.header, h.bytes))
	}
	w.arrives()
	feed := httptest.NewRecorder()
	if _, err := w.router.tell(w.heardBy(who, feed), 0); err != nil {
		w.Fatal(err)
	}
	return append(answers, "GET /changes: "+feed.Body.String())
}

func TestTwoWorldsWithAndWithoutASecretCaseAreTheSame(t *testing.T) {
	secretCase, secretClient := newID(), newID()
	born := make(map[string]uuid.UUID)
	for _, who := range []string{"A", "A1", "A2", "B", "B1"} {
		born[who] = uuid.Must(uuid.NewV7())
	}
	granted := map[string]int{"evaluator": 10, "administrator": 10}
	for _, who := range []string{"B1", "B", "A2", "evaluator", "administrator", "A1"} {
		one, other := openWorld(t, born, secretCase, secretClient, true), openWorld(t, born, secretCase, secretClient, false)
		find := func(w *world) person {
			people := w.people()
			return people[slices.IndexFunc(people, func(p person) bool { return p.who == who })]
		}
		var a, b []string
		for _, from := range []time.Time{time.Date(2012, 7, 3, 9, 0, 0, 0, events.Zone), time.Date(2013, 1, 15, 9, 0, 0, 0, events.Zone)} {
			wishes := one.wishes(find(one)) // again when the year is over and can be published
			a, b = append(a, one.grants(find(one), wishes, from)...), append(b, other.grants(find(other), wishes, from)...)
		}
		differ, done := 0, 0
		for i := range a {
			cells += 2
			if strings.Contains(a[i], ": 20") {
				done++
			}
			if a[i] == b[i] {
				continue
			}
			if differ++; who != "A1" {
				t.Errorf("to %s the worlds differ:\n%s\n%s", who, a[i], b[i])
			}
		}
		if who == "A1" && differ < 20 { // whose case it is
			t.Errorf("to who has the case they differ in %d answers only: it tests little", differ)
		}
		if least := cmp.Or(granted[who], 40); done < least {
			t.Errorf("only %d wishes of %s were granted: it tests little", done, who)
		}
		t.Logf("%s: %d answers, %d granted, %d differ", who, len(a), done, differ)
	}
}
