package caseload

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Reach is what of the caseload someone may see. The view knows no rules: it finds what ties a case to people as things
// stand now, and May decides.
type Reach struct {
	Worker uuid.UUID   // who asks
	Team   []uuid.UUID // and those who report to them
	May    func(Ties) bool
}

// Ties are what ties a case to those of a Reach.
type Ties struct {
	Case, Client  uuid.UUID
	Project, Site string
	Closed        bool   // or declined
	OpenedBy      string // the actor who recorded the intake

	Worker    uuid.UUID   // responsible
	CoWorkers []uuid.UUID // of the Reach
	Granted   time.Time   // to who asks: until then; zero: nothing is
	Conflict  bool        // of who asks
}

// whats are what has to be read of each case.
func (r *Reach) whats() []string {
	whats := []string{"granted " + r.Worker.String(), "conflict " + r.Worker.String(), "co " + r.Worker.String()}
	for _, worker := range r.Team {
		whats = append(whats, "co "+worker.String())
	}
	return whats
}

// admits decides on a case as it stands now.
func (r *Reach) admits(id string, s standing) (bool, error) {
	in, err := s.intake()
	if err != nil || s.stage() == "" {
		return false, err
	}
	t := Ties{
		Client: in.Client, Project: in.Project, Site: in.Site, OpenedBy: in.OpenedBy, Closed: ended(s.stage()),
		Conflict: s["conflict "+r.Worker.String()].value != "",
	}
	if t.Case, err = uuid.Parse(id); err != nil {
		return false, err
	}
	if worker := s["worker"].value; worker != "" {
		if t.Worker, err = uuid.Parse(worker); err != nil {
			return false, err
		}
	}
	if until := s["granted "+r.Worker.String()].value; until != "" {
		if t.Granted, err = time.Parse(time.RFC3339Nano, until); err != nil {
			return false, fmt.Errorf("until when access is granted: %w", err)
		}
	}
	for what, last := range s {
		if co, ok := strings.CutPrefix(what, "co "); ok && last.value != "" {
			worker, err := uuid.Parse(co)
			if err != nil {
				return false, err
			}
			t.CoWorkers = append(t.CoWorkers, worker)
		}
	}
	return r.May(t), nil
}
