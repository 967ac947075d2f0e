package rights

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Ties are what of a case, a group or an activity relations follow from.
type Ties struct {
	Case, Client  uuid.UUID
	Project, Site string
	Closed        bool // or declined

	Worker     uuid.UUID // responsible
	CoWorkers  []uuid.UUID
	RecordedBy uuid.UUID // the worker who recorded the intake
	Past       []uuid.UUID
	Granted    []Until
	Conflicts  []uuid.UUID
	Referred   []string // codes of the agencies
	Broken     []Until  // by whom the glass was broken; their hour may be over
}

// Until is a worker who was let in, or let themselves in, until an instant.
type Until struct {
	Worker uuid.UUID
	Until  time.Time
}

// Near are the relations that a case itself tells of, now.
func Near(me uuid.UUID, t Ties, now time.Time) (r Relations) {
	if me == uuid.Nil {
		return 0
	}
	if slices.Contains(t.Conflicts, me) {
		r |= Of(Conflict)
	}
	if t.Worker == me {
		r |= Of(Assigned)
	}
	if slices.Contains(t.CoWorkers, me) {
		r |= Of(CoWorker)
	}
	if t.Worker == uuid.Nil && t.RecordedBy == me {
		r |= Of(Recorder)
	}
	mine := func(u Until) bool { return u.Worker == me && now.Before(u.Until) }
	if slices.ContainsFunc(t.Granted, mine) {
		r |= Of(Granted)
	}
	if slices.ContainsFunc(t.Broken, mine) {
		r |= Of(UnderGlass)
	}
	if slices.Contains(t.Past, me) {
		r |= Of(Past)
	}
	return r
}

// Place is what the programme tells of a worker: the post, and whom they supervise.
type Place struct {
	Project, Site string
	Agency        string      // that employs
	Team          []uuid.UUID // all who report to them, directly and through others
}

// Far are the relations that follow from someone's place in the programme.
func Far(at Place, t Ties) (r Relations) {
	supervises := func(worker uuid.UUID) bool { return worker != uuid.Nil && slices.Contains(at.Team, worker) }
	if supervises(t.Worker) || slices.ContainsFunc(t.CoWorkers, supervises) || t.Worker == uuid.Nil && supervises(t.RecordedBy) {
		r |= Of(Supervising)
	}
	if slices.ContainsFunc(t.Broken, func(u Until) bool { return supervises(u.Worker) }) {
		r |= Of(OverGlass)
	}
	if at.Site != "" && at.Site == t.Site && at.Project == t.Project {
		r |= Of(OnDuty)
	}
	if at.Agency != "" && slices.Contains(t.Referred, at.Agency) {
		r |= Of(Receiver)
	}
	return r
}
