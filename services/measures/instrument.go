// Package measures holds the instruments of casework and scores them.
//
// An instrument is one file in data/, with a version; adding one is adding a file. A file that was once used is never changed in
// what it asks or how it scores: a new version goes beside it, and old answers keep the score that they were given.
//
// Three ways to a score, by Instrument.Scoring:
//   - Sum and Total: Find("phq-9"), then Score(answers). A totals-only instrument takes its total under the key "total".
//   - MeanOfDomains (needs met): bind the case's assessment domains first, instrument.For("health", "family").Score(answers).
//   - Goals: GoalAttainment(ratings), since goals belong to a plan and not to an instrument.
//
// Keep the whole Result in the fact: what was missing and what was filled in matter as much as the number. Act on Result.Safety even
// when there is no score. Answers are sensitive: no error of this package repeats one.
package measures

// Words are a text in the two languages of the programme.
type Words struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// Scoring says how answers become a score.
type Scoring string

const (
	Sum           Scoring = "sum"             // the items added up, whole points
	MeanOfDomains Scoring = "mean-of-domains" // the mean of the domains rated
	Goals         Scoring = "goal-attainment" // T, by GoalAttainment
	Total         Scoring = "total"           // scored elsewhere, entered as one number
)

// Direction says which way is better.
type Direction string

const (
	LowerIsBetter  Direction = "lower-is-better"
	HigherIsBetter Direction = "higher-is-better"
)

// Instrument is one version of one instrument, as its data file gives it. Its slices are shared: read them, do not change them.
type Instrument struct {
	Key     string `json:"key"`
	Version int    `json:"version"`
	Names   Words  `json:"names"`
	Licence string `json:"licence"`
	Source  string `json:"source"`

	Question  Words     `json:"question"` // asked above the items
	Scoring   Scoring   `json:"scoring"`
	Direction Direction `json:"direction"`
	// MinimalImportantChange is the least difference of two scores that counts as improved or worse; 0: none is known, so do not judge.
	MinimalImportantChange float64 `json:"minimal_important_change"`
	MinAge                 int     `json:"min_age"` // years
	MaxAge                 int     `json:"max_age"` // years, included; 0: no upper bound

	Missing MissingPolicy `json:"missing"`
	Safety  []SafetyRule  `json:"safety"`
	Options []Option      `json:"options"` // what the values mean, the same for every item
	Items   []Item        `json:"items"`
	Range   *Range        `json:"range"` // of a domain, of T, or of a total; nil where the items give it
	Bands   []Band        `json:"bands"` // cover the whole range of scores, in order; or none
}

// Item is one question. Min and Max are included.
type Item struct {
	Key string `json:"key"`
	ZH  string `json:"zh"`
	EN  string `json:"en"`
	Min int    `json:"min"`
	Max int    `json:"max"`
}

// Option names one value of the answers.
type Option struct {
	Value int    `json:"value"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// Band names a range of scores, both ends included.
type Band struct {
	Key  string `json:"key"`
	ZH   string `json:"zh"`
	EN   string `json:"en"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

// Range has both ends included.
type Range struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

// MissingPolicy says how many blank items are filled with the mean of the others, and which never are. A blank item that is never
// filled in leaves no score.
type MissingPolicy struct {
	FillUpTo    int      `json:"fill_up_to"`
	NeverFilled []string `json:"never_filled"`
}

// SafetyRule raises Flag when the item is answered above a value, whatever the total, and sets the task WhenBlank when it is blank.
type SafetyRule struct {
	Item      string `json:"item"`
	Above     int    `json:"above"`
	Flag      string `json:"flag"`
	WhenBlank string `json:"when_blank"`
}

// AdmitsAge says whether the instrument is meant for a person of that many whole years.
func (i Instrument) AdmitsAge(years int) bool {
	return years >= i.MinAge && (i.MaxAge == 0 || years <= i.MaxAge)
}

// Scores gives the lowest and the highest score that the instrument can have.
func (i Instrument) Scores() Range {
	if i.Range != nil {
		return *i.Range
	}
	var r Range
	for _, item := range i.Items {
		r.Min += item.Min
		r.Max += item.Max
	}
	return r
}

// For binds an instrument that is rated by domain to the domains of a category, so that answers to other domains are refused and
// blank ones are counted. Other instruments come back as they are.
func (i Instrument) For(domains ...string) Instrument {
	if i.Scoring != MeanOfDomains {
		return i
	}
	i.Items = make([]Item, len(domains))
	for n, key := range domains {
		i.Items[n] = Item{Key: key, Min: i.Range.Min, Max: i.Range.Max}
	}
	return i
}
