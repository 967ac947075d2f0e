package categories

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/casestream/casestream/services/deadlines"
	"github.com/casestream/casestream/services/measures"
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,47}$`)

// faults collects what is wrong, so that a new data file is put right in one go.
type faults struct{ list []error }

func (f *faults) check(ok bool, format string, of ...any) {
	if !ok {
		f.list = append(f.list, fmt.Errorf(format, of...))
	}
}

// choices sees that every key of a list is its own and has a name in each language.
func (f *faults) choices(what string, list []Choice) {
	seen := map[string]bool{}
	for _, c := range list {
		f.check(keyForm.MatchString(c.Key), "%s %q: small letters, digits and underscores", what, c.Key)
		f.check(!seen[c.Key], "%s %q: there twice", what, c.Key)
		f.check(c.ZH != "" && c.EN != "", "%s %q: a name in each language", what, c.Key)
		seen[c.Key] = true
	}
}

func (f *faults) err() error { return errors.Join(f.list...) }

// validate lists what is wrong with a category that has been composed.
func (c catalogue) validate(category Category) error {
	var f faults
	f.choices("category", []Choice{{category.Key, category.Names.ZH, category.Names.EN}})
	f.check(category.Version >= 1, "version %d: from 1", category.Version)
	f.check(category.Order >= 1, "order %d: from 1", category.Order)
	f.check(category.Form.Key == category.Key+".intake", "form %q: must be called %s.intake", category.Form.Key, category.Key)
	f.check(category.Form.Version >= 1, "form: version %d: from 1", category.Form.Version)
	f.check(len(category.Domains) > 0, "domains: none")
	f.choices("domain", category.Domains)
	f.check(len(category.Outcomes) > 0, "outcomes: none")
	f.choices("outcome", category.Outcomes)
	f.choices("exit", choicesOf(category.Exits, func(e Exit) Choice { return e.Choice }))
	for _, e := range category.Exits {
		f.check(e.MinAge >= 0, "exit %q: age below 0", e.Key)
	}
	f.choices("follow-up", choicesOf(category.FollowUps, func(u FollowUp) Choice { return u.Choice }))
	for _, u := range category.FollowUps {
		err := u.After.Validate()
		f.check(err == nil, "follow-up %q: %w", u.Key, err)
	}
	f.choices("follow-up question", choicesOf(category.FollowUpAsks, func(q Question) Choice { return q.Choice }))
	for _, m := range category.Measures {
		f.measure(m)
	}
	for n, m := range category.Measures {
		f.check(!slices.ContainsFunc(category.Measures[:n], func(o Measure) bool { return o.Instrument == m.Instrument && o.When == m.When }),
			"measure %q: twice at %q", m.Instrument, m.When)
	}
	for step, limit := range category.Deadlines {
		n := slices.IndexFunc(c.steps, func(s Step) bool { return s.Key == step })
		f.check(n >= 0, "deadline %q: no such step", step)
		f.limit("deadline "+step, limit, n >= 0 && c.steps[n].Safety)
	}
	for n, key := range category.Indicators {
		f.check(slices.ContainsFunc(c.indicators, func(i Choice) bool { return i.Key == key }), "indicator %q: unknown", key)
		f.check(!slices.Contains(category.Indicators[:n], key), "indicator %q: there twice", key)
	}
	return errors.Join(f.err(), validateFields(category.Form.Fields))
}

func (f *faults) measure(m Measure) {
	instrument, known := measures.Find(m.Instrument)
	f.check(known, "measure %q: unknown instrument", m.Instrument)
	f.check(slices.Contains([]When{Baseline, Interim, AtClosure, AtFollowUp}, m.When), "measure %q: unknown point %q", m.Instrument, m.When)
	f.check(m.MinAge == 0 || m.MinAge >= instrument.MinAge, "measure %q: not below the instrument's own age %d", m.Instrument, instrument.MinAge)
}

func (f *faults) limit(what string, limit deadlines.Limit, safety bool) {
	err := limit.Validate()
	f.check(err == nil, "%s: %w", what, err)
	f.check(!safety || !limit.Unit.Rests(), "%s: a step of safety must not be counted in %s", what, limit.Unit)
}

func (c catalogue) validateShared() error {
	var f faults
	f.choices("step", choicesOf(c.steps, func(s Step) Choice { return s.Choice }))
	for _, s := range c.steps {
		if s.Limit != nil {
			f.limit("step "+s.Key, *s.Limit, s.Safety)
		}
	}
	f.choices("closure reason", choicesOf(c.reasons, func(r Reason) Choice { return r.Choice }))
	for _, r := range c.reasons {
		f.check(slices.Contains([]string{"", "text", "case"}, r.Requires), "closure reason %q: requires %q, which nobody can give", r.Key, r.Requires)
	}
	f.choices("common outcome", c.outcomes)
	f.choices("indicator", c.indicators)
	return f.err()
}

// validateVersions compares categories with one another, in their order.
func (c catalogue) validateVersions() error {
	var f faults
	for n, b := range c.categories {
		for _, a := range c.categories[:n] {
			f.check(a.Key != b.Key || a.Version != b.Version, "categories: %s version %d is there twice", b.Key, b.Version)
			f.check(a.Key == b.Key || a.Order != b.Order, "categories: %s and %s have the same order", a.Key, b.Key)
		}
	}
	return f.err()
}

func choicesOf[T any](list []T, choice func(T) Choice) []Choice {
	out := make([]Choice, len(list))
	for n, element := range list {
		out[n] = choice(element)
	}
	return out
}
