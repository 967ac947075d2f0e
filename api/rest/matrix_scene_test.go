package rest

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// matrix is an office with one more worker, who has a token of every role. What stands between that worker and the cases
// is the scene: every relation, alone and together with a conflict of interest, in every state.
type matrix struct {
	*office
	book   book
	me     map[session.Role]person // one worker
	report person                  // who reports to them
	other  person                  // who has nothing to do with them
	scenes []*scene
	spare  map[string]uuid.UUID // clients whom no scene is about: one who is restricted, one who is not

	nothing heard
	headers string

	cells, requests, denials, allowed, done int
	faults                                  []string
	hunting                                 bool
}

// scene is a case and its client, and how the worker stands to it.
type scene struct {
	*story
	relations []string
	state     string
	during    time.Time       // the case was open then
	says      map[string]body // what commands say here, otherwise than elsewhere
}

const myAgency, otherAgency = "huangpi", "qiaokou"

// situations are the relations in which someone can stand: one, each also with a conflict of interest; or all pairs too.
func situations(pairs bool) (all [][]string) {
	for i, one := range relationsThereAre {
		all = append(all, []string{one})
		for _, also := range relationsThereAre[i+1:] {
			if pairs && possible(one, also) {
				all = append(all, []string{one, also})
			}
		}
	}
	for _, some := range slices.Clone(all) {
		all = append(all, append(slices.Clone(some), "conflict of interest"))
	}
	return all
}

// possible tells whether someone can stand in two relations at once.
func possible(one, also string) bool {
	for _, never := range [][2]string{
		{"assigned", "recorded the intake"}, {"assigned", "past-assigned"}, {"co-worker", "past-assigned"}, {"recorded the intake", "past-assigned"},
	} {
		if one == never[0] && also == never[1] {
			return false
		}
	}
	return also != "none"
}

func openMatrix(t testing.TB, all [][]string) *matrix {
	t.Helper()
	m := &matrix{office: openOffice(t), book: readBook(t), me: make(map[session.Role]person), spare: make(map[string]uuid.UUID)}
	me := m.admit("M", session.Worker)
	m.report, m.other = m.admit("N", session.Worker), m.admit("X", session.Worker)
	m.employs(me, myAgency, site, uuid.Nil)
	m.employs(m.report, otherAgency, elsewhere, me.id)
	m.employs(m.other, otherAgency, elsewhere, uuid.Nil)
	for _, role := range session.Roles {
		p := me
		p.role, p.who = role, "M as "+string(role)
		is := session.Identity{Role: role, Worker: me.id}
		if role == session.PrivacyOfficer { // an office: nobody's case, and nobody's kin
			is, p.id = session.Identity{Role: role, Name: "officer:M"}, uuid.Nil
		}
		token, err := m.app.Tokens.Give(t.Context(), is, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		p.token, p.serves = token, m.office
		m.me[role] = p
	}
	for _, state := range rights.States {
		m.spare[string(state)] = m.registers()
	}
	m.becomes(m.spare[string(rights.Restricted)], rights.Restricted)
	for _, relations := range all {
		for _, state := range rights.States {
			m.scenes = append(m.scenes, m.stage(relations, string(state), false))
		}
	}
	m.arrives()
	m.nothing = m.other.gets("/cases/" + newID())
	m.isProblem("a case that does not exist", m.nothing, hidden)
	m.nothing.header.Del("Date")
	m.headers = fmt.Sprint(m.nothing.header)
	return m
}

// employs puts someone on a post of an agency.
func (m *matrix) employs(p person, agency, at string, lead uuid.UUID) {
	m.Helper()
	m.administrator.does("/programme/agencies", body{"agency": agency, "names": body{"zh": "社工机构"}})
	post := "post-" + strings.ToLower(p.who)
	m.administrator.does("/programme/posts", body{
		"post": post, "kind": "dispatched", "employer": agency, "project": project, "site": at,
		"duties": "个案服务", "goals": "安全返家", "standards": "按月考核", "badge": post,
	})
	worker := body{"worker": p.id, "name": p.name, "post": post}
	if lead != uuid.Nil {
		worker["supervisor"] = lead
	}
	m.administrator.does("/programme/workers", worker)
}

// facts is a command that brings about what it is given: a scene is written down without asking the rules of casework.
type facts[S any] []events.Event

func (f facts[S]) Decide(S, events.Meta) ([]events.Event, error) { return f, nil }

func write[S services.State[S]](m *matrix, desk *services.Desk[S], stream string, by person, all ...events.Event) {
	m.Helper()
	now := m.app.Now()
	meta := events.Meta{CommandID: uuid.Must(uuid.NewV7()), Actor: by.id.String(), OccurredAt: now, RecordedAt: now}
	if _, err := desk.Do(context.Background(), stream, meta, facts[S](all), services.Sent([]byte("a scene"))); err != nil {
		m.Fatal(err)
	}
}

// marker is what someone wrote, of a class: found nowhere else.
func marker(who, class string) string { return "written-by-" + who + "-of-class-" + class }

// registers registers a client.
func (m *matrix) registers() uuid.UUID {
	client := uuid.Must(uuid.NewV7())
	write(m, m.app.Clients, events.Stream("client", client), m.other, events.ClientRegistered{Entered: newEntry(), Details: events.Details{
		Name: sealed.Say(marker("them", "S1")), Birth: sealed.Say("2000-05-01"), Sex: "male", Phone: sealed.Say(phoneOf(client)),
	}})
	return client
}

// phoneOf is the number of one client, and of nobody else.
func phoneOf(client uuid.UUID) string {
	return fmt.Sprintf("1%010d", binary.BigEndian.Uint32(client[12:]))
}

func newEntry() events.Entered { return events.Entered{Entry: uuid.Must(uuid.NewV7())} }

// becomes has a client restricted, or the work of forgetting them begun. Their key is there still, so that what is shown by
// mistake is seen.
func (m *matrix) becomes(client uuid.UUID, state rights.State) {
	m.Helper()
	switch stream := events.Stream("client", client); state {
	case rights.Restricted:
		write(m, m.app.Clients, stream, m.other, events.ProcessingRestricted{Entered: newEntry(), Reason: "objection"})
	case rights.Erased:
		write(m, m.app.Clients, stream, m.other, events.ForgettingBegun{Request: uuid.Must(uuid.NewV7())})
	}
}

// stage makes a case in which the worker stands in these relations, of a client of its own or of a spare one.
func (m *matrix) stage(relations []string, state string, spare bool) *scene {
	m.Helper()
	s := &scene{story: m.story(m.me[session.Worker]), relations: relations, state: state}
	id := m.spare[state]
	if !spare {
		id = m.registers()
	}
	s.ids["clients"] = id.String()
	has := func(relation string) bool { return slices.Contains(relations, relation) }
	me, kase := m.me[session.Worker], uuid.MustParse(s.id("cases"))
	stream := events.Stream("case", kase)

	at, recorder := elsewhere, m.other
	if has("on duty at the site") {
		at = site
	}
	if has("recorded the intake") {
		recorder = me
	}
	agency := otherAgency
	if has("receiver of a referral") {
		agency = myAgency
	}
	write(m, m.app.Cases, stream, recorder, events.IntakeRecorded{
		Entered: s.entry("/cases/{id}/intake"), Client: id, Category: "street_child", Project: project, Site: at, Source: "outreach", Urgency: "routine",
		AgeYears: new(12), Referrer: sealed.Say(marker("them", "S1")), Problem: sealed.Say(marker("them", "S2")),
	})
	all := []events.Event{
		events.ConsentRecorded{Entered: s.entry("/cases/{id}/consents"), Purpose: "service", Basis: "consent", Capacity: "guardian", Form: "signed"},
		events.AssessmentRecorded{Entered: s.entry("/cases/{id}/assessments"), Guardianship: "able", Summary: sealed.Say(marker("them", "S2"))},
		events.PlanAgreed{Entered: s.entry("/cases/{id}/plans"), Version: 1, Goals: []events.Goal{{Goal: uuid.MustParse(s.id("goal")), Domain: "safety", Weight: 1}}},
		events.NoteRecorded{Entered: s.entry("/cases/{id}/notes"), Kind: "process", Text: sealed.Say(marker("them", "S2"))},
		events.FlagRaised{Entered: s.entry("/cases/{id}/flags"), Kind: "safety", Text: sealed.Say(marker("them", "S3")), ReviewBy: "2013-01-01"},
		events.HandoverRecorded{
			Entered: s.entry("/cases/{id}/handovers"), Kind: "collected", ReceivedAs: "mother", ChildsWish: sealed.Say(marker("them", "S2")),
			Destination: sealed.Say(marker("them", "S1")),
		},
		events.ReferralMade{Entered: s.entry("/cases/{id}/referrals"), To: agency, Reason: sealed.Say(marker("them", "S2")), Basis: "minors_act_2006_rescue"},
		events.ReferralMade{Entered: s.entry("accepted"), To: agency, Reason: sealed.Say(marker("them", "S2")), Basis: "minors_act_2006_rescue"},
		events.ReferralAnswered{Entered: newEntry(), Referral: s.entry("accepted").Entry, Answer: "accepted"},
		events.AccessGranted{Entered: newEntry(), Worker: m.a2.id, Until: m.clock.at.AddDate(0, 1, 0), Purpose: "cover"},
		events.ConflictDeclared{Entered: newEntry(), Worker: m.b1.id, Kind: "kin"},
	}
	all = append(all, s.corrected(agency)...)
	all = append(all, m.ties(has)...)
	broken := m.shatters(kase, id, has)
	accepted := events.IntakeDecided{Entered: s.entry("/cases/{id}/decision"), Accepted: true}
	write(m, m.app.Cases, stream, m.other, append([]events.Event{accepted}, all...)...)
	write(m, m.app.Cases, stream, me,
		events.NoteRecorded{Entered: newEntry(), Kind: "process", Text: sealed.Say(marker("me", "S2"))},
		events.IncidentRecorded{Entered: newEntry(), Kind: "injury", Text: sealed.Say(marker("me", "S3")), Told: []events.Told{{Who: "guardian", Name: sealed.Say(marker("me", "S1"))}}},
	)
	s.during = m.app.Now()
	if state == string(rights.Closed) {
		write(m, m.app.Cases, stream, m.other, events.CaseClosed{Entered: s.entry("/cases/{id}/closure"), Episode: 1, Reason: "goals_met"})
	}
	if !spare {
		m.becomes(id, rights.State(state))
	}
	s.says = map[string]body{
		"/cases/{id}/grants":               {"worker": m.b.id},
		"/cases/{id}/grant-endings":        {"worker": m.a2.id},
		"/cases/{id}/conflict-liftings":    {"worker": m.b1.id},
		"/cases/{id}/assignments":          {"worker": m.a1.id, "role": "co_worker"},
		"/cases/{id}/referral-completions": {"referral": s.id("accepted")},
		"/clients/{id}/details":            {"name": marker("them", "S1")},
		"/cases/{id}/retractions":          {"retracts": s.id("another note")},
		"/cases/{id}/glass-reviews":        {"glass": broken},
	}
	return s
}

// shatters has the glass broken over a case, by those whom relations follow from, and says whose is to be reviewed.
func (m *matrix) shatters(kase, client uuid.UUID, has func(string) bool) (broken uuid.UUID) {
	m.Helper()
	by := []person{m.other}
	if has("broke the glass") {
		by = append(by, m.me[session.Worker])
	}
	if has("supervisor of who broke the glass") {
		by = append(by, m.report)
	}
	now := m.app.Now()
	for _, p := range by {
		entry := newEntry()
		write(m, m.app.Glass, events.Glass(kase), p, events.GlassBroken{
			Entered: entry, Role: "worker", Client: client, Reason: "violence", Words: sealed.Say(marker("them", "S2")),
			Until: now.AddDate(0, 1, 0), ReviewBy: now.AddDate(0, 1, 0),
		})
		if p.who != m.me[session.Worker].who {
			broken = entry.Entry // the last: that of who reports to me, if there is one
		}
	}
	return broken
}

// corrected are amendments: the history of a case has the words of what was corrected.
func (s *scene) corrected(agency string) []events.Event {
	amends := func(path string, now events.Entry) events.EntryAmended {
		return events.EntryAmended{Entered: newEntry(), Amends: uuid.MustParse(s.id(path)), Why: sealed.Say(marker("them", "S2")), Now: events.Said{Entry: now}}
	}
	return []events.Event{
		events.NoteRecorded{Entered: s.entry("another note"), Kind: "process", Text: sealed.Say(marker("them", "S2"))},
		amends("/cases/{id}/flags", events.FlagRaised{Entered: s.entry("/cases/{id}/flags"), Kind: "safety", Text: sealed.Say(marker("them", "S3")), ReviewBy: "2013-02-01"}),
		amends("/cases/{id}/handovers", events.HandoverRecorded{
			Entered: s.entry("/cases/{id}/handovers"), Kind: "collected", ReceivedAs: "mother", ChildsWish: sealed.Say(marker("them", "S2")),
			Destination: sealed.Say(marker("them", "S1")),
		}),
	}
}

// ties are the facts that make the relations, and only them.
func (m *matrix) ties(has func(string) bool) (all []events.Event) {
	me := m.me[session.Worker].id
	assigned := func(to uuid.UUID, role string) {
		all = append(all, events.WorkerAssigned{Entered: newEntry(), Worker: to, Role: role})
	}
	if has("past-assigned") {
		assigned(me, "responsible")
	}
	second := "co_worker" // who reports to me is beside, where someone else has it
	switch {
	case has("assigned"):
		assigned(me, "responsible")
	case has("recorded the intake"): // nobody
	case has("supervisor of the owner"):
		assigned(m.report.id, "responsible")
		second = ""
	default:
		assigned(m.other.id, "responsible")
	}
	if has("supervisor of the owner") && second != "" {
		assigned(m.report.id, second)
	}
	if has("co-worker") {
		assigned(me, "co_worker")
	}
	if has("granted") {
		all = append(all, events.AccessGranted{Entered: newEntry(), Worker: me, Until: m.clock.at.AddDate(0, 1, 0), Purpose: "cover"})
	}
	if has("conflict of interest") {
		all = append(all, events.ConflictDeclared{Entered: newEntry(), Worker: me, Kind: "kin"})
	}
	return all
}

// entry is the id of an entry that commands speak of by its route.
func (s *story) entry(path string) events.Entered {
	return events.Entered{Entry: uuid.MustParse(s.id(path))}
}

// version is that of the stream of a scene.
func (m *matrix) version(s *scene, kind string) (version int) {
	m.Helper()
	var err error
	switch kind {
	case "cases":
		err = m.app.Cases.Look(m.Context(), "case-"+s.id(kind), func(_ cases.Case, v int) { version = v })
	case "clients":
		err = m.app.Clients.Look(m.Context(), "client-"+s.id(kind), func(_ clients.Client, v int) { version = v })
	}
	if err != nil {
		m.Fatal(err)
	}
	return version
}
