package categories

import (
	"slices"

	"github.com/casestream/casestream/services/deadlines"
)

// Step is something that falls due in a case. A step of Safety is never counted in a unit that rests.
type Step struct {
	Choice
	Safety bool             `json:"safety"`
	Limit  *deadlines.Limit `json:"limit"` // the usual one; nil: only categories that give their own have the step
}

// Reason is a reason for closing a case.
type Reason struct {
	Choice
	// Requires names what has to come with the reason: "" nothing, "text" words of explanation, "case" the case that stays.
	Requires string `json:"requires"`
	// SupersedesOpening: the case should never have been opened, and is not counted as one.
	SupersedesOpening bool `json:"supersedes_opening"`
}

// Steps lists every step that can fall due, in the order of the work.
func Steps() []Step { return slices.Clone(all.steps) }

// ClosureReasons lists the reasons for closure, the same for every category.
func ClosureReasons() []Reason { return slices.Clone(all.reasons) }

// ClosureReason finds a reason for closure by its key.
func ClosureReason(key string) (Reason, bool) {
	n := slices.IndexFunc(all.reasons, func(r Reason) bool { return r.Key == key })
	if n < 0 {
		return Reason{}, false
	}
	return all.reasons[n], true
}

// Indicators names the indicators that a category can ask for. What each counts is defined where it is computed.
func Indicators() []Choice { return slices.Clone(all.indicators) }
