package cases

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// AssignWorker gives the case to a worker, as the one responsible or beside them.
type AssignWorker struct {
	Entry  uuid.UUID `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Worker uuid.UUID `json:"worker" format:"uuid" doc:"to whom"`
	Role   string    `json:"role" enum:"responsible,co_worker" doc:"as the one responsible, or beside them"`
	Reason string    `json:"reason,omitempty" maxLength:"4000" doc:"why"`
}

func (cmd AssignWorker) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	if c.Access.InConflict(cmd.Worker) {
		return nil, services.Refuse(RefusedConflict, cmd.Worker.String())
	}
	return []events.Event{events.WorkerAssigned{
		Entered: entered(cmd.Entry), Worker: cmd.Worker, Role: cmd.Role, Reason: say(cmd.Reason),
	}}, nil
}
