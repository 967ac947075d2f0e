package categories

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Fault is one thing that is wrong with the answers to a form. It never holds an answer, nor a name that the form does not know.
type Fault struct {
	Field string `json:"field"` // key of the field; "" for what the form does not know
	Code  string `json:"code"`
}

// The codes of Fault.
const (
	FaultRequired = "required" // shown, compulsory and blank
	FaultUnknown  = "unknown"  // not a field of the form, or one that is kept with the client or the command
	FaultKind     = "kind"     // not the kind of answer that the field takes
	FaultOption   = "option"   // not one of the options, or one of them twice
	FaultTooLong  = "too-long" // more characters than the kind allows
	FaultRange    = "range"    // a number below the least or above the greatest
	FaultHidden   = "hidden"   // answered, though the other answers do not bring the field up
)

// Check says what is wrong with the answers, in the order of the form, the unknown last and once; nothing wrong is nil.
// Answers are what encoding/json decodes into any. A missing, null, blank or empty answer is no answer.
func (f Form) Check(answers map[string]any) []Fault {
	var faults []Fault
	shown := make(map[string]bool, len(f.Fields))
	for _, field := range f.Fields {
		answer := answers[field.Key]
		shown[field.Key] = field.ShowWhen == nil || shown[field.ShowWhen.Field] && field.ShowWhen.met(answers)
		if code := field.fault(answer, shown[field.Key]); code != "" {
			faults = append(faults, Fault{field.Key, code})
		}
	}
	for key := range answers {
		if _, known := f.Field(key); !known {
			return append(faults, Fault{Code: FaultUnknown})
		}
	}
	return faults
}

func (f Field) fault(answer any, shown bool) string {
	switch blank := blank(answer); {
	case blank && (!shown || !f.Required || f.Of != OfAnswers):
		return ""
	case blank:
		return FaultRequired
	case f.Of != OfAnswers:
		return FaultUnknown
	case !shown:
		return FaultHidden
	}
	switch f.Kind {
	case Number:
		return f.faultOfNumber(answer)
	case SomeOf:
		return f.faultOfList(answer)
	}
	text, ok := answer.(string)
	switch {
	case !ok:
		return FaultKind
	case f.Kind == Date:
		if _, err := time.Parse(time.DateOnly, text); err != nil {
			return FaultKind
		}
	case f.Kind == OneOf || f.Kind == YesNoUnknown:
		if !slices.Contains(f.values(), text) {
			return FaultOption
		}
	case utf8.RuneCountInString(text) > longest[f.Kind]:
		return FaultTooLong
	}
	return ""
}

func (f Field) faultOfNumber(answer any) string {
	number, ok := answer.(float64)
	switch {
	case !ok || math.IsNaN(number) || math.IsInf(number, 0) || f.Whole && number != math.Trunc(number):
		return FaultKind
	case f.Min != nil && number < *f.Min, f.Max != nil && number > *f.Max:
		return FaultRange
	}
	return ""
}

func (f Field) faultOfList(answer any) string {
	list, ok := answer.([]any)
	if !ok {
		return FaultKind
	}
	seen := map[string]bool{}
	for _, element := range list {
		key, ok := element.(string)
		if !ok {
			return FaultKind
		}
		if seen[key] || !slices.Contains(f.values(), key) {
			return FaultOption
		}
		seen[key] = true
	}
	return ""
}

// blank says whether an answer is none: an empty field of a web form arrives as one of these.
func blank(answer any) bool {
	switch a := answer.(type) {
	case nil:
		return true
	case string:
		return strings.TrimSpace(a) == ""
	case []any:
		return len(a) == 0
	}
	return false
}

// met says whether the answers bring up the field that the condition belongs to.
func (c Condition) met(answers map[string]any) bool {
	switch a := answers[c.Field].(type) {
	case string:
		return slices.Contains(c.Is, a)
	case []any:
		return slices.ContainsFunc(a, func(element any) bool {
			key, ok := element.(string)
			return ok && slices.Contains(c.Is, key)
		})
	}
	return false
}
