package measures

import "slices"

// Result is what an instrument makes of its answers.
type Result struct {
	Score    *float64       // nil: too much was missing. Filled-in sums are whole points
	Band     string         // key of the band, "" without a score or without bands
	Missing  int            // items left blank
	FilledIn bool           // the score counts blank items with the mean of the others
	ByDomain map[string]int // the rating of each domain, for instruments scored by domain only
	Safety   []string       // flags to raise at once, score or not: "self-harm"
	Tasks    []string       // what has to be asked again: "item-9-blank"
}

// Error refuses a set of answers. Item is a key that the instrument knows, else ""; the answers are not in it.
type Error struct {
	Code string
	Item string
}

// The codes of Error.
const (
	UnknownItem = "unknown-item"  // an answer to an item that the instrument does not have
	OutOfRange  = "out-of-range"  // an answer below the item's least or above its greatest value
	NoDomains   = "no-domains"    // an instrument rated by domain was not bound to domains with For
	ByGoals     = "rated-by-goal" // goal attainment is computed by GoalAttainment
)

func (e *Error) Error() string {
	if e.Item == "" {
		return "measures: " + e.Code
	}
	return "measures: " + e.Code + ": " + e.Item
}

// TotalKey is the key under which a totals-only instrument takes its total.
const TotalKey = "total"

// Score scores the answers, by item key; an item that is not in the map is blank. No answers at all give no score and no error.
// The error, if any, is an *Error. Whether the person is of an age for the instrument is another question: AdmitsAge.
func (i Instrument) Score(answers map[string]int) (Result, error) {
	items := i.Items
	switch {
	case i.Scoring == Goals:
		return Result{}, &Error{Code: ByGoals}
	case i.Scoring == MeanOfDomains && len(items) == 0:
		return Result{}, &Error{Code: NoDomains}
	case i.Scoring == Total:
		items = []Item{{Key: TotalKey, Min: i.Range.Min, Max: i.Range.Max}}
	}
	sum, given, err := add(items, answers)
	if err != nil {
		return Result{}, err
	}
	r := Result{Missing: len(items) - given}
	r.Safety, r.Tasks = i.watch(answers)
	switch {
	case given == 0:
	case i.Scoring == MeanOfDomains:
		r.score(float64(sum) / float64(given))
		r.ByDomain = make(map[string]int, given)
		for key, answer := range answers {
			r.ByDomain[key] = answer
		}
	case r.Missing == 0:
		r.score(float64(sum))
	case i.fills(answers, r.Missing):
		r.score(float64(fillIn(sum, given, len(items))))
		r.FilledIn = true
	}
	if r.Score != nil {
		r.Band = i.band(*r.Score)
	}
	return r, nil
}

func (r *Result) score(points float64) { r.Score = &points }

// add sums the answers and counts them.
func add(items []Item, answers map[string]int) (sum, given int, err error) {
	for _, item := range items {
		answer, ok := answers[item.Key]
		if !ok {
			continue
		}
		if answer < item.Min || answer > item.Max {
			return 0, 0, &Error{OutOfRange, item.Key}
		}
		sum += answer
		given++
	}
	if given != len(answers) {
		return 0, 0, &Error{Code: UnknownItem}
	}
	return sum, given, nil
}

// watch applies the rules of safety, which look at single items and never at the total.
func (i Instrument) watch(answers map[string]int) (flags, tasks []string) {
	for _, rule := range i.Safety {
		answer, given := answers[rule.Item]
		if given && answer > rule.Above {
			flags = append(flags, rule.Flag)
		}
		if !given && rule.WhenBlank != "" {
			tasks = append(tasks, rule.WhenBlank)
		}
	}
	return flags, tasks
}

// fills says whether so many blanks may be filled in, and none of them is an item that never is.
func (i Instrument) fills(answers map[string]int, missing int) bool {
	return missing <= i.Missing.FillUpTo && !slices.ContainsFunc(i.Missing.NeverFilled, func(key string) bool {
		_, given := answers[key]
		return !given
	})
}

// fillIn gives the sum with the blank items counted as the mean of the given ones, rounded to whole points, a half upwards: on
// scales where more is worse that errs towards looking again. Whole numbers throughout, so that every machine rounds alike.
func fillIn(sum, given, items int) int {
	return (2*sum*items + given) / (2 * given)
}

// band finds the band of a score. Bands are in whole points, and so are the scores of every instrument that has bands.
func (i Instrument) band(score float64) string {
	for _, b := range i.Bands {
		if score <= float64(b.To) {
			return b.Key
		}
	}
	return ""
}
