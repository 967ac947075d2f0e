package cases

// Beside is what a rule needs and what is not in the case: it comes from the client's stream and from the session.
// The api puts it beside the command; nobody can send it.
type Beside struct {
	Age        *int `json:"-"` // the client's, in whole years on the day it happened; nil: not known
	Supervisor bool `json:"-"` // a supervisor says so
}

// Besides is a command whose rules need what is beside it: a pointer to any that embeds Beside.
type Besides interface {
	Put(age *int, supervisor bool)
}

// Put puts beside the command what its rules need to know.
func (b *Beside) Put(age *int, supervisor bool) { b.Age, b.Supervisor = age, supervisor }

// age is what is known of the client's age in years: what the client's details say, else what the intake did.
func (c Case) age(b Beside) (years int, known bool) {
	switch {
	case b.Age != nil:
		return *b.Age, true
	case c.Intake.AgeYears != nil:
		return *c.Intake.AgeYears, true
	}
	return 0, false
}

// Ages of the law and of the practice, in years.
const (
	consentsAlone = 14 // gives consent without a guardian
	leavesAlone   = 16 // may leave alone
)
