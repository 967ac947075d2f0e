package rest

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/casestream/casestream/projections/search"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/programme"
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// The search before an intake. Whoever does casework may ask whether someone is known, and hears what keeps people safe
// and whom to call: nothing else, and no id by which to ask further. What is asked is in the body, never in a URL.

// searchFor is what is said of somebody at the door or on the phone.
type searchFor struct{ Body SearchAsked }

// SearchAsked needs a name, a telephone number or the number of a document, all of it.
type SearchAsked struct {
	Name     string `json:"name,omitempty" maxLength:"100" doc:"the whole name, or another one they go by; a surname alone is refused, and a part of a name finds nobody"`
	Birth    string `json:"birth,omitempty" pattern:"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" doc:"of the name: leaves out who was born in another year, as far as it is known"`
	Phone    string `json:"phone,omitempty" maxLength:"64" doc:"of theirs or of the guardian"`
	IDNumber string `json:"id_number,omitempty" maxLength:"64" doc:"number of an identity document"`
}

// SearchShown are those who are known.
type SearchShown struct {
	Matches []Match `json:"matches" doc:"who is known by one of the three, masked"`
	TooMany bool    `json:"too_many,omitempty" doc:"more than 10 are meant, and none is shown: say more"`
}

// Match is someone who is known, masked.
type Match struct {
	By    []string  `json:"by" doc:"what is the same: name, phone, id_number"`
	Since int       `json:"since" doc:"the year in which they were registered"`
	Open  bool      `json:"open" doc:"a case of theirs is open"`
	Flags []string  `json:"flags" doc:"warnings that stand: safety, staff_risk, do_not_disclose; whom to call knows why"`
	Call  []Contact `json:"call" doc:"whom to call"`
}

// Contact is who knows more.
type Contact struct {
	Colleague
	Agency     *Employer  `json:"agency,omitempty" doc:"that employs them; not said of an institution, whose name can be a diagnosis"`
	Supervisor *Colleague `json:"supervisor,omitempty" doc:"when they are away"`
}

// Colleague is someone who works in the programme.
type Colleague struct {
	Worker uuid.UUID   `json:"worker"`
	Name   sealed.Text `json:"name,omitzero"`
}

// Employer is an agency.
type Employer struct {
	Agency string       `json:"agency"`
	Names  events.Names `json:"names"`
}

// mostMatches is how many are shown. More are not told apart by what was said, and would be a list of people.
const mostMatches = 10

func (r *router) searchRoute() {
	const path = "/search"
	huma.Register(r.api, huma.Operation{
		OperationID: operationID(path), Method: http.MethodPost, Path: base + path, Tags: []string{"client"},
		Summary:      "Before an intake: is someone known, whom to call, what to beware of",
		MaxBodyBytes: 8 << 10, BodyReadTimeout: bodyWithin, Errors: []int{400, 401, 403, 404, 413, 414, 422, 429, 503},
	}, func(ctx context.Context, in *searchFor) (*opened[SearchShown], error) {
		out, err := r.search(ctx, rights.Routes[http.MethodPost+" "+path], search.Asked(in.Body))
		if err != nil {
			return nil, refuse(ctx, err)
		}
		hold(ctx) // whether someone is found must not be told by the time it takes
		return out, nil
	})
}

func (r *router) search(ctx context.Context, right rights.Right, asked search.Asked) (*opened[SearchShown], error) {
	if _, err := r.door.admit(ctx, right); err != nil {
		return nil, err
	}
	if asked.Enough() != nil {
		return nil, problem(codeTooLittle)
	}
	if err := r.limitSearch(ctx); err != nil {
		return nil, err
	}
	found, err := r.app.Known(ctx, asked)
	if err != nil {
		return nil, err
	}
	shown := SearchShown{Matches: []Match{}}
	for _, one := range found {
		match, err := r.match(ctx, right, one)
		if errors.Is(err, errHidden) {
			continue
		}
		if err != nil {
			return nil, err
		}
		shown.Matches = append(shown.Matches, match)
		if len(shown.Matches) > mostMatches {
			shown = SearchShown{Matches: []Match{}, TooMany: true}
			break
		}
	}
	body, err := writtenIn(func(b *bytes.Buffer) error { // colleagues are named as in the programme: no disclosure but the search
		return r.app.Show(ctx, b, shown, shows(r.door.ofNoCase(ctx, right), ""), new(access.Opened), programmeStream)
	})
	if err != nil {
		return nil, err
	}
	return &opened[SearchShown]{Body: written[SearchShown]{body}}, searched(ctx, len(shown.Matches))
}

// match is what may be told of someone who was found; errHidden where nothing may.
func (r *router) match(ctx context.Context, right rights.Right, found search.Found) (m Match, err error) {
	var registeredBy uuid.UUID
	err = r.app.Clients.Look(ctx, events.Stream("client", found.Client), func(c clients.Client, _ int) {
		registeredBy = workerOf(c.RegisteredBy)
		m.Since = c.RegisteredAt.In(events.Zone).Year()
	})
	if err != nil {
		return m, err
	}
	all, err := r.casesKnown(ctx, found.Client)
	if err != nil {
		return m, err
	}
	if may, err := r.door.mayKnow(ctx, right, found.Client, all); err != nil || !may {
		return m, errors.Join(err, &denied{right: right})
	}
	m.By, m.Flags = found.By, []string{}
	for _, c := range all {
		m.Open = m.Open || !c.ties.Closed
		m.Flags = append(m.Flags, c.flags...)
	}
	slices.Sort(m.Flags)
	m.Flags = slices.Compact(m.Flags)
	m.Call, err = r.contacts(ctx, whomToCall(all, registeredBy))
	return m, err
}

// knownCase is what the search needs of a case.
type knownCase struct {
	ties  rights.Ties
	flags []string // kinds
}

// casesKnown are the cases of a client, in the order of the caseload.
func (r *router) casesKnown(ctx context.Context, client uuid.UUID) (all []knownCase, err error) {
	list, err := caseload.List(ctx, r.app.Views, caseload.Filter{Client: client.String()}, projections.Point{KnownAt: projections.Latest})
	if err != nil {
		return nil, err
	}
	for _, row := range list.Rows {
		err := r.app.Cases.Look(ctx, events.Stream("case", row.Case), func(c cases.Case, _ int) {
			known := knownCase{ties: tiesOf(c.FaceSheet)}
			for _, flag := range c.Flags() {
				known.flags = append(known.flags, flag.Kind)
			}
			all = append(all, known)
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// mayKnow tells whether someone may be told that a client is known, by one of the cases or without one. A conflict of
// interest in one of them closes all.
func (d door) mayKnow(ctx context.Context, right rights.Right, client uuid.UUID, all []knownCase) (may bool, err error) {
	id, now := identity(ctx), d.app.Now()
	place, err := d.place(ctx)
	if err != nil {
		return false, err
	}
	var closing rights.Relations
	for _, c := range all {
		closing |= rights.Near(id.Worker, c.ties, now) & rights.Of(rights.Conflict)
	}
	for _, c := range all {
		has := rights.Near(id.Worker, c.ties, now) | rights.Far(place, c.ties) | closing
		may = may || d.rules.Decide(right, id.Role, has, d.state(client, c.ties.Closed)).May
	}
	if len(all) > 0 {
		return may, nil
	}
	state := d.state(client, false)
	if state == rights.Open {
		state = rights.NoCase
	}
	return d.rules.Decide(right, id.Role, 0, state).May, nil
}

// whomToCall are the workers who carry the open cases; where none is open, who had the others; else who registered them.
func whomToCall(all []knownCase, registeredBy uuid.UUID) (workers []uuid.UUID) {
	for _, closed := range []bool{false, true} {
		for _, c := range all {
			worker := c.ties.Worker
			if worker == uuid.Nil {
				worker = c.ties.RecordedBy
			}
			if c.ties.Closed == closed && worker != uuid.Nil && !slices.Contains(workers, worker) {
				workers = append(workers, worker)
			}
		}
		if len(workers) > 0 {
			return workers
		}
	}
	if registeredBy == uuid.Nil {
		return nil
	}
	return []uuid.UUID{registeredBy}
}

// contacts says who they are, and who supervises them.
func (r *router) contacts(ctx context.Context, workers []uuid.UUID) (all []Contact, err error) {
	all = []Contact{}
	err = r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, _ int) {
		for _, id := range workers {
			worker, ok := p.Worker(id)
			if !ok {
				continue
			}
			contact := Contact{Colleague: Colleague{worker.ID, worker.Name}}
			post, _ := p.Post(worker.Post)
			if agency, ok := p.Agency(post.Employer); ok {
				contact.Agency = &Employer{agency.Agency, agency.Names}
			}
			if lead, ok := p.Worker(worker.Supervisor); ok {
				contact.Supervisor = &Colleague{lead.ID, lead.Name}
			}
			all = append(all, contact)
		}
	})
	return all, err
}
