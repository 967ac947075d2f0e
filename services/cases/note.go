package cases

import (
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// RecordNote writes down a note on the course of the case. A closed case takes it if it happened before the closure.
type RecordNote struct {
	Entry uuid.UUID `json:"entry" format:"uuid" doc:"id of the note, made by the client (UUIDv7)"`
	Kind  string    `json:"kind" enum:"process,telephone,observation,urgent,other" doc:"what kind of note"`
	Text  string    `json:"text" minLength:"1" maxLength:"20000" doc:"the note"`
}

// UrgentNote is the kind of note that whoever broke the glass over a case may write.
const UrgentNote = "urgent"

func (cmd RecordNote) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	if err := c.running(cmd, cmd.Entry, meta); err != nil {
		return nil, err
	}
	return []events.Event{events.NoteRecorded{Entered: entered(cmd.Entry), Kind: cmd.Kind, Text: say(cmd.Text)}}, nil
}
