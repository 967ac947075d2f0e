package measures

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
)

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,31}$`)

// validate lists what is wrong with an instrument's data.
func (i Instrument) validate() error {
	var faults []error
	check := func(ok bool, format string, of ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, of...))
		}
	}
	check(keyForm.MatchString(i.Key), "key %q: small letters, digits and hyphens", i.Key)
	check(i.Version >= 1, "version %d: from 1", i.Version)
	check(i.Names.ZH != "" && i.Names.EN != "", "names: one in each language")
	check(i.Licence != "", "licence: say what permits the text to ship")
	check(i.Source != "", "source: say where the scoring comes from")
	check(i.Direction == LowerIsBetter || i.Direction == HigherIsBetter, "direction %q: unknown", i.Direction)
	check(i.MinimalImportantChange >= 0, "minimal_important_change: not below 0")
	check(i.MinAge >= 0 && (i.MaxAge == 0 || i.MaxAge >= i.MinAge), "ages: from 0, and the greatest not below the least")

	switch i.Scoring {
	case Sum:
		check(len(i.Items) > 0 && i.Range == nil, "scoring sum: takes items, which give the range")
	case Total, MeanOfDomains, Goals:
		check(len(i.Items) == 0 && i.Range != nil, "scoring %s: takes a range and no items", i.Scoring)
	default:
		check(false, "scoring %q: unknown", i.Scoring)
	}
	check(i.Scoring == Total || i.Question.ZH != "" && i.Question.EN != "", "question: one in each language")
	check(i.Range == nil || i.Range.Min < i.Range.Max, "range: min below max")

	keys := map[string]bool{}
	for _, item := range i.Items {
		check(keyForm.MatchString(item.Key) && !keys[item.Key], "item %q: a key of its own", item.Key)
		check(item.ZH != "" && item.EN != "", "item %q: a text in each language", item.Key)
		check(item.Min < item.Max, "item %q: min below max", item.Key)
		check(len(i.Options) == 0 || i.offers(item.Min, item.Max), "item %q: one option for each value", item.Key)
		keys[item.Key] = true
	}
	check(i.Scoring != MeanOfDomains || i.Range == nil || i.offers(i.Range.Min, i.Range.Max), "options: one for each value of a domain")
	for _, o := range i.Options {
		check(o.ZH != "" && o.EN != "", "option %d: a text in each language", o.Value)
	}

	check(i.Missing.FillUpTo >= 0 && (i.Missing.FillUpTo == 0 || i.Missing.FillUpTo < len(i.Items)), "missing: fewer than the items can be filled in")
	for _, key := range i.Missing.NeverFilled {
		check(keys[key], "missing: no item %q", key)
	}
	for _, rule := range i.Safety {
		check(keys[rule.Item], "safety: no item %q", rule.Item)
		check(keyForm.MatchString(rule.Flag), "safety of %q: which flag", rule.Item)
		check(rule.WhenBlank == "" || keyForm.MatchString(rule.WhenBlank), "safety of %q: task %q", rule.Item, rule.WhenBlank)
		// A made-up answer could hide the very thing that the rule looks for.
		check(slices.Contains(i.Missing.NeverFilled, rule.Item), "safety of %q: the item must never be filled in", rule.Item)
	}
	return errors.Join(errors.Join(faults...), i.validateBands())
}

// offers says whether the options name exactly the values from least to most, in order.
func (i Instrument) offers(least, most int) bool {
	for n, o := range i.Options {
		if o.Value != least+n {
			return false
		}
	}
	return len(i.Options) == most-least+1
}

// validateBands sees that bands, where there are any, cover every possible score once.
func (i Instrument) validateBands() error {
	if len(i.Bands) == 0 {
		return nil
	}
	if i.Scoring != Sum && i.Scoring != Total {
		return errors.New("bands: only for scores in whole points")
	}
	keys := map[string]bool{}
	next := i.Scores().Min
	for _, b := range i.Bands {
		if !keyForm.MatchString(b.Key) || keys[b.Key] || b.ZH == "" || b.EN == "" {
			return fmt.Errorf("band %q: a key of its own and a name in each language", b.Key)
		}
		if b.From != next || b.To < b.From {
			return fmt.Errorf("band %q: bands follow one another without gap or overlap", b.Key)
		}
		keys[b.Key] = true
		next = b.To + 1
	}
	if next != i.Scores().Max+1 {
		return errors.New("bands: must end at the highest score")
	}
	return nil
}
