package categories

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

//go:embed data
var data embed.FS

// all is everything in data/. The data is part of the program, so a fault in it is a fault of the program and stops it at the start.
var all = func() catalogue {
	c, err := load(data)
	if err != nil {
		panic(err)
	}
	return c
}()

type catalogue struct {
	categories []Category // by order, the newest version of each first
	common     []commonPart
	steps      []Step
	reasons    []Reason
	outcomes   []Choice
	indicators []Choice
}

// commonPart is one version of what every intake asks.
type commonPart struct {
	Version int     `json:"version"`
	Fields  []Field `json:"fields"`
}

// All lists the newest version of every category, in a fixed order.
func All() []Category {
	return slices.CompactFunc(slices.Clone(all.categories), func(a, b Category) bool { return a.Key == b.Key })
}

// Find gives the newest version of a category.
func Find(key string) (Category, bool) {
	for _, c := range all.categories {
		if c.Key == key {
			return c, true
		}
	}
	return Category{}, false
}

// FindVersion gives the version under which an old case was recorded.
func FindVersion(key string, version int) (Category, bool) {
	for _, c := range all.categories {
		if c.Key == key && c.Version == version {
			return c, true
		}
	}
	return Category{}, false
}

// load reads, composes and validates every file, and says of all that is wrong, not only of the first.
func load(files fs.FS) (catalogue, error) {
	var c catalogue
	err := errors.Join(
		readAll(files, "data/shared/common*.json", &c.common),
		readAll(files, "data/*.json", &c.categories),
		readShared(files, &c),
	)
	if err != nil {
		return c, err
	}
	var faults []error
	for _, part := range c.common {
		if err := validateFields(part.Fields); err != nil {
			faults = append(faults, fmt.Errorf("categories: common part version %d: %w", part.Version, err))
		}
	}
	faults = append(faults, c.validateShared())
	for n := range c.categories {
		category := &c.categories[n]
		if err := errors.Join(c.compose(category), c.validate(*category)); err != nil {
			faults = append(faults, fmt.Errorf("categories: %s version %d: %w", category.Key, category.Version, err))
		}
	}
	slices.SortStableFunc(c.categories, func(a, b Category) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Key, b.Key), cmp.Compare(b.Version, a.Version))
	})
	return c, errors.Join(append(faults, c.validateVersions())...)
}

// compose puts the shared parts in: the common part of the form before the category's own, the common outcomes after its own.
func (c catalogue) compose(category *Category) error {
	for _, field := range category.Form.Fields {
		if field.Of != OfAnswers {
			return fmt.Errorf("field %q: only the common part has fields of the client and the command", field.Key)
		}
	}
	if category.CommonOutcomes {
		category.Outcomes = slices.Concat(category.Outcomes, c.outcomes)
	}
	for _, part := range c.common {
		if part.Version == category.Form.Common {
			category.Form.Fields = slices.Concat(part.Fields, category.Form.Fields)
			return nil
		}
	}
	return fmt.Errorf("form: there is no version %d of the common part", category.Form.Common)
}

func readShared(files fs.FS, c *catalogue) error {
	var steps struct {
		Note  string `json:"note"`
		Steps []Step `json:"steps"`
	}
	var closure struct {
		Note     string   `json:"note"`
		Reasons  []Reason `json:"reasons"`
		Outcomes []Choice `json:"outcomes"`
	}
	var indicators struct {
		Note       string   `json:"note"`
		Indicators []Choice `json:"indicators"`
	}
	err := errors.Join(
		read(files, "data/shared/deadlines.json", &steps),
		read(files, "data/shared/closure.json", &closure),
		read(files, "data/shared/indicators.json", &indicators),
	)
	c.steps, c.reasons, c.outcomes, c.indicators = steps.Steps, closure.Reasons, closure.Outcomes, indicators.Indicators
	return err
}

func readAll[T any](files fs.FS, pattern string, into *[]T) error {
	names, err := fs.Glob(files, pattern)
	for _, name := range names {
		var one T
		err = errors.Join(err, read(files, name, &one))
		*into = append(*into, one)
	}
	return err
}

func read(files fs.FS, name string, into any) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return fmt.Errorf("categories: %w", err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("categories: %s: %w", name, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return fmt.Errorf("categories: %s: more than one JSON document", name)
	}
	return nil
}
