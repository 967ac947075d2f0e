package demo

import (
	"slices"
	"strings"
)

// words is what is said in the cases of one category (data/words/). In a text {n} is the client, {t} he or she, {k} the
// next of kin.
type words struct {
	Problems       []string            `json:"problems"`
	Households     []string            `json:"households"`
	Assessment     map[string]assessed `json:"assessment"` // by domain
	Summaries      []string            `json:"summaries"`
	Aims           []string            `json:"aims"`
	Strategies     []string            `json:"strategies"`
	Goals          []goalWords         `json:"goals"`
	Did            map[string][]string `json:"did"`  // by kind of intervention
	Saw            map[string][]string `json:"saw"`  // early, middle, late
	Next           []string            `json:"next"` // what is agreed
	Notes          map[string][]string `json:"notes"`
	Risk           map[string][]string `json:"risk"` // by level
	Closing        []string            `json:"closing"`
	After          []string            `json:"after"`
	Follow         []string            `json:"follow"`
	FollowedMissed []string            `json:"follow_missed"`
	Incidents      []incident          `json:"incidents"`
	Referral       []string            `json:"referral"`
}

type assessed struct {
	Needs     []string `json:"needs"`
	Strengths []string `json:"strengths"`
	Risks     []string `json:"risks"`
}

type goalWords struct {
	Domain string   `json:"domain"`
	Title  string   `json:"title"`
	Levels []string `json:"levels"`
}

type incident struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
}

// stages of a case, by how the client speaks in it.
const (
	early  = "early"
	middle = "middle"
	late   = "late"
)

// filler puts the client into a text.
func (p person) filler(more ...string) *strings.Replacer {
	return strings.NewReplacer(append([]string{"{n}", p.call, "{t}", p.ta, "{k}", p.kin, "{址}", p.home}, more...)...)
}

// urn hands out texts so that none comes again before all have come: nobody writes the same sentence twice in a row.
type urn map[string][]string

func (u urn) draw(d dice, of string, from []string) string {
	left := u[of]
	if len(left) == 0 {
		if len(from) == 0 {
			return ""
		}
		left = slices.Clone(from)
		d.Shuffle(len(left), func(i, j int) { left[i], left[j] = left[j], left[i] })
	}
	u[of] = left[1:]
	return left[0]
}

// noteOn is a note on an intervention: what was done, what was seen, what comes next.
func (w *casework) noteOn(kind, stage string) string {
	text := w.urn.draw(w.d, kind, w.words.Did[kind]) + w.urn.draw(w.d, stage, w.words.Saw[stage])
	if w.d.chance(0.45) {
		text += w.urn.draw(w.d, stage, w.words.Saw[stage])
	}
	if w.d.chance(0.7) {
		text += w.urn.draw(w.d, "next", w.words.Next)
	}
	return w.say(text)
}
