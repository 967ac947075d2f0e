package rest

import (
	"context"
	"slices"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections/audit"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/caseload"
	"github.com/google/uuid"
)

// Audited is a question for what was recorded.
type Audited struct {
	About
	Purposed
	From     string `query:"from" maxLength:"10" doc:"recorded on this day or later"`
	Actor    string `query:"actor" maxLength:"64" doc:"only what one actor recorded"`
	Type     string `query:"type" maxLength:"64" doc:"only facts of one type"`
	Previous string `query:"previous" maxLength:"20" pattern:"^[0-9]*$" doc:"go on after this position"`
	Limit    int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

type auditOf struct {
	ID string `path:"id" format:"uuid"`
	Audited
}

// AuditRow is a fact, and for a correction what the entry said before and after.
type AuditRow struct {
	audit.Row
	Before *casefile.Wording `json:"said_before,omitempty"`
	After  *casefile.Wording `json:"said_after,omitempty"`
}

// AuditShown is a page of the audit. A list as of a day is what was recorded up to it.
type AuditShown = app.Answer[AuditAsked, []AuditRow]

// AuditAsked is what an audit was asked for.
type AuditAsked struct {
	app.Asked
	Case  uuid.UUID `json:"case,omitzero"`
	From  string    `json:"from,omitempty"`
	Actor string    `json:"actor,omitempty"`
	Type  string    `json:"type,omitempty"`
}

func (r *router) caseAudit(ctx context.Context, in *auditOf) (*opened[AuditShown], error) {
	name := stream("case", in.ID)
	_, decision, err := r.door.toCase(ctx, rights.SeeHistory, name)
	if err != nil {
		return nil, err
	}
	asked, filter, known, err := r.auditFilter(ctx, in.Audited)
	if err != nil {
		return nil, err
	}
	_, asked.Case, _ = events.SplitStream(name)
	filter.Stream = name
	page, err := audit.List(ctx, r.app.Views, filter)
	if err != nil {
		return nil, err
	}
	return r.auditPage(ctx, shows(decision, in.Purpose), asked, min(page.Position, known), page.Rows)
}

// audit lists what was recorded on the cases of the team.
func (r *router) audit(ctx context.Context, in *Audited) (*opened[AuditShown], error) {
	asked, filter, known, err := r.auditFilter(ctx, *in)
	if err != nil {
		return nil, err
	}
	which, err := r.door.carried(ctx, rights.ListAudit)
	if err != nil {
		return nil, err
	}
	theirs, at, err := caseload.Which(ctx, r.app.Views, which)
	if err != nil {
		return nil, err
	}
	filter.Streams = make([]string, len(theirs))
	for i, kase := range theirs {
		filter.Streams[i] = events.Stream("case", kase)
	}
	page, err := audit.List(ctx, r.app.Views, filter)
	if err != nil {
		return nil, err
	}
	shown := shows(r.door.rules.Common(rights.ListAudit, identity(ctx).Role), in.Purpose)
	return r.auditPage(ctx, shown, asked, min(page.Position, at, known), page.Rows)
}

// auditFilter is the question for the view, and the last position that counts in the answer.
func (r *router) auditFilter(ctx context.Context, in Audited) (AuditAsked, audit.Filter, events.Position, error) {
	at, point, err := r.point(ctx, in.About, "audit", "casefile", "caseload")
	if err != nil {
		return AuditAsked{}, audit.Filter{}, 0, err
	}
	if in.From != "" && !app.IsDay(in.From) {
		return AuditAsked{}, audit.Filter{}, 0, problem(codeBadDay)
	}
	previous, err := positioned(in.Previous)
	if err != nil {
		return AuditAsked{}, audit.Filter{}, 0, err
	}
	return AuditAsked{Asked: point, From: in.From, Actor: in.Actor, Type: in.Type},
		audit.Filter{Actor: in.Actor, Type: in.Type, From: in.From, Until: at.AsOf, After: previous, Limit: in.Limit}, at.KnownAt, nil
}

func (r *router) auditPage(ctx context.Context, shows app.Shows, asked AuditAsked, at events.Position, rows []audit.Row) (*opened[AuditShown], error) {
	rows = slices.DeleteFunc(rows, func(row audit.Row) bool { return row.Position > at }) // what came after was not known
	shown := make([]AuditRow, len(rows))
	for i, row := range rows {
		shown[i].Row = row
		if row.Corrects == uuid.Nil {
			continue
		}
		history, err := casefile.LoadHistory(ctx, r.app.Views, row.Stream, row.Corrects, row.Position)
		if err != nil {
			return nil, err
		}
		shown[i].Before, shown[i].After = history.Before(row.Position), history.After(row.Position)
	}
	return openEach(ctx, r, shows, asked, at, shown, func(row *AuditRow) string { return row.Stream })
}
