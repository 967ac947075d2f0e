package demo

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// year is the pilot year while it is being written.
type year struct {
	book      *book
	published account
	allotment allotment
	people    people
	words     map[string]words // by category
	forms     map[string]map[string][]any
	circles   circles
	events    happenings
	story     story

	projects []*project
	workers  []*worker
	files    []*file // that were accepted and stay

	personTimes int            // of contacts and attendances, as they hold at the end
	reopened    map[string]int // by category
}

// project is a project with its people.
type project struct {
	share
	zh, agency, department, category string

	supervisor *worker
	crew       []*worker // those who have cases
}

// file is what others need to know of a case that was written: groups take their members from them.
type file struct {
	client, id uuid.UUID
	project    *project
	site       string
	from, to   time.Time // when it was open
}

// write writes the year: the programme, then the cases with all that is counted in them, then groups, and activities
// last, because they bring what is missing of the published person-times.
func write() (*year, error) {
	y := &year{book: newBook(), words: map[string]words{}, reopened: map[string]int{}}
	if err := y.readData(); err != nil {
		return nil, fmt.Errorf("the pilot year: %w", err)
	}
	if err := y.allotment.fits(y.published); err != nil {
		return nil, fmt.Errorf("the pilot year: %w", err)
	}
	y.engage()
	y.writeProgramme()
	y.writeWorkforce()
	y.writeCases()
	y.writeGroups()
	if err := y.writeActivities(); err != nil {
		return nil, fmt.Errorf("the pilot year: %w", err)
	}
	return y, nil
}

func (y *year) readData() (err error) {
	if y.published, err = read[account]("wuhan-2012.json", false); err != nil {
		return err
	}
	if y.allotment, err = read[allotment]("allotment.json", true); err != nil {
		return err
	}
	if y.people, err = read[people]("people.json", true); err != nil {
		return err
	}
	if y.forms, err = read[map[string]map[string][]any]("forms.json", false); err != nil {
		return err
	}
	if y.circles, err = read[circles]("groups.json", true); err != nil {
		return err
	}
	if y.events, err = read[happenings]("activities.json", true); err != nil {
		return err
	}
	if y.story, err = read[story]("story.json", true); err != nil {
		return err
	}
	for category := range y.allotment.Courses {
		if y.words[category], err = read[words]("words/"+category+".json", true); err != nil {
			return err
		}
	}
	return nil
}
