package cases

import (
	"errors"
	"slices"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/deadlines"
	"github.com/casestream/casestream/services/measures"
	"github.com/google/uuid"
)

// SelfHarm is the flag of a measure whose answers speak of self-harm.
const SelfHarm = "self-harm"

// followUp is when a measure or a rating belongs to the time after a closure.
const followUp = string(categories.AtFollowUp)

// TakeMeasure says what was answered to an instrument, or why it was not done. It is scored here, once. A closed
// case takes the measures of its follow-ups.
type TakeMeasure struct {
	Entry      uuid.UUID      `json:"entry" format:"uuid" doc:"id of the entry, made by the client (UUIDv7)"`
	Instrument string         `json:"instrument" minLength:"1" maxLength:"64" doc:"key of the instrument"`
	Version    int            `json:"version,omitempty" minimum:"0" doc:"version that was answered; left out: the newest"`
	When       string         `json:"when" enum:"baseline,interim,closure,follow-up" doc:"at which point of the case"`
	Rater      string         `json:"rater" enum:"self,worker,guardian,teacher,clinician" doc:"who rated"`
	Informant  string         `json:"informant,omitempty" maxLength:"300" doc:"who informed"`
	Answers    map[string]int `json:"answers,omitempty" doc:"answers by item; a blank item is left out"`
	NotDone    string         `json:"not_done,omitempty" enum:"refused,absent,too_ill,too_young" doc:"instead of answers: why it was not done"`
	Beside     `json:"-"`
}

func (cmd TakeMeasure) Decide(c Case, meta events.Meta) ([]events.Event, error) {
	var err error
	if cmd.When == followUp {
		err = c.ended(cmd, cmd.Entry, meta)
	} else {
		err = c.running(cmd, cmd.Entry, meta)
	}
	if err != nil {
		return nil, err
	}
	if (cmd.NotDone == "") == (len(cmd.Answers) == 0) {
		return nil, services.Refuse(RefusedDoneOrNot)
	}
	instrument, err := cmd.instrument(c.category())
	if err != nil {
		return nil, err
	}
	fact := events.MeasureTaken{
		Entered: entered(cmd.Entry), Instrument: cmd.Instrument, Version: instrument.Version, When: cmd.When, Rater: cmd.Rater,
		Informant: say(cmd.Informant), NotDone: cmd.NotDone,
	}
	if cmd.NotDone != "" {
		return []events.Event{fact}, nil
	}
	if age, known := c.age(cmd.Beside); known && !admits(c.category(), instrument, cmd.When, age) {
		return nil, services.Refuse(RefusedAge, cmd.Instrument)
	}
	result, err := instrument.Score(cmd.Answers)
	if refused := (*measures.Error)(nil); errors.As(err, &refused) {
		return nil, services.Refuse(refused.Code, refused.Item)
	}
	fact.Answers = sealed.New(cmd.Answers)
	fact.Score, fact.Band, fact.Missing, fact.FilledIn = result.Score, result.Band, result.Missing, result.FilledIn
	fact.Safety = result.Safety
	fact.Steps = c.alerted(instrument, result, meta)
	return []events.Event{fact}, nil
}

func (cmd TakeMeasure) instrument(category categories.Category) (measures.Instrument, error) {
	instrument, known := category.Instrument(cmd.Instrument)
	if known && cmd.Version != 0 && cmd.Version != instrument.Version {
		instrument, known = measures.FindVersion(cmd.Instrument, cmd.Version)
		domains := make([]string, len(category.Domains))
		for n, d := range category.Domains {
			domains[n] = d.Key
		}
		instrument = instrument.For(domains...)
	}
	if !known {
		return instrument, services.Refuse(RefusedCode, "instrument")
	}
	return instrument, nil
}

// admits tells whether a person of that age is asked: the instrument says so, and the category may say more.
func admits(category categories.Category, instrument measures.Instrument, when string, age int) bool {
	return instrument.AdmitsAge(age) && !slices.ContainsFunc(category.Measures, func(m categories.Measure) bool {
		return m.Instrument == instrument.Key && string(m.When) == when && age < m.MinAge
	})
}

// alerted is what the answers make due: talk of self-harm, the same day, whatever the total; and an item that must
// never stay blank, to be asked again the same day. An answer to it settles that.
func (c Case) alerted(instrument measures.Instrument, result measures.Result, meta events.Meta) (steps events.Steps) {
	for _, rule := range instrument.Safety {
		if rule.WhenBlank != "" && !slices.Contains(result.Tasks, rule.WhenBlank) {
			steps.Done = append(steps.Done, c.settled(rule.WhenBlank)...)
		}
	}
	if slices.Contains(result.Safety, SelfHarm) {
		steps.Due = c.due(meta.OccurredAt, stepRisk, stepSelfHarm)
	}
	for _, task := range result.Tasks {
		limit, ok := c.category().Limit(task)
		if !ok {
			limit = deadlines.Limit{Amount: 0, Unit: deadlines.Days}
		}
		steps.Due = append(steps.Due, dueBy(task, limit, meta.OccurredAt))
	}
	return steps
}
