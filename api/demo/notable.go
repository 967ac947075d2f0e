package demo

import "github.com/google/uuid"

// Some of the cast have ids that people can type, so that documents and examples can name them: the day on which they
// came, and a number.
const (
	notableProject = "bring-street-children-home"
	notableCase    = 17 // which of the project's cases is the story (story.go)
)

// Known is who and what examples can name. The project is bring-street-children-home.
type Known struct {
	Project    string
	Site       string
	Supervisor uuid.UUID // of the project; no cases of their own
	Worker     uuid.UUID // of the project; has the child's case
	Colleague  uuid.UUID // of the project; has other cases
	Elsewhere  uuid.UUID // a worker of another project and agency
	Child      uuid.UUID // the client
	Case       uuid.UUID // the child's: intake 12 July, closed 27 August, reopened 28 November
}

// Notable is the same in every load.
func Notable() Known {
	return Known{
		Project: notableProject, Site: "rescue-station", Supervisor: workerID(1), Worker: workerID(2), Colleague: workerID(3), Elsewhere: workerID(50),
		Child: uuid.MustParse("20120712-0000-7000-8000-0000000000c1"), Case: uuid.MustParse("20120712-0000-7000-8000-000000000001"),
	}
}
