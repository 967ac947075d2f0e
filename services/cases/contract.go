package cases

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/casestream/casestream/services"
	"github.com/google/uuid"
)

// contract holds a command to its own tags. The api reads the same tags and says more about what is wrong; this is
// for whoever comes another way, so that no unknown code and no blank reason reaches the log.
func contract(cmd any) error {
	v := reflect.ValueOf(cmd)
	for _, t := range termsOf(v.Type()) {
		if err := t.kept(v.Field(t.field), t.optional); err != nil {
			return err
		}
	}
	return nil
}

// term is what the tags of one field say. They are read once for each type: a command is held to them every time.
type term struct {
	field              int
	name               string
	optional           bool
	needed, day        bool
	enum               []string
	pattern            *regexp.Regexp
	longest            bound // in characters
	least, most        bound
	minItems, maxItems bound
}

type bound struct {
	set bool
	is  float64
}

var terms sync.Map // reflect.Type -> []term

func termsOf(typ reflect.Type) []term {
	if known, ok := terms.Load(typ); ok {
		return known.([]term)
	}
	var all []term
	for i := range typ.NumField() {
		tag := typ.Field(i).Tag
		name, option, _ := strings.Cut(tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		t := term{
			field: i, name: name, optional: strings.Contains(option, "omit"), needed: boundIn(tag, "minLength").set, day: tag.Get("format") == "date",
			longest: boundIn(tag, "maxLength"), least: boundIn(tag, "minimum"), most: boundIn(tag, "maximum"),
			minItems: boundIn(tag, "minItems"), maxItems: boundIn(tag, "maxItems"),
		}
		if enum := tag.Get("enum"); enum != "" {
			t.enum = strings.Split(enum, ",")
		}
		if pattern := tag.Get("pattern"); pattern != "" {
			t.pattern = regexp.MustCompile(pattern)
		}
		all = append(all, t)
	}
	terms.Store(typ, all)
	return all
}

func boundIn(tag reflect.StructTag, name string) bound {
	n, err := strconv.ParseFloat(tag.Get(name), 64)
	return bound{err == nil, n}
}

// kept holds one field to its tag. What is optional may be left out; what is there keeps the tag all the same.
func (t *term) kept(v reflect.Value, optional bool) error {
	switch v.Type() {
	case reflect.TypeFor[uuid.UUID]():
		if v.IsZero() && !optional {
			return services.Refuse(RefusedMissing, t.name)
		}
		return nil
	case reflect.TypeFor[time.Time]():
		return nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return t.kept(v.Elem(), false)
	case reflect.String:
		return t.words(v.String(), optional)
	case reflect.Int:
		return t.number(float64(v.Int()))
	case reflect.Float64:
		return t.number(v.Float())
	case reflect.Struct:
		return contract(v.Interface())
	case reflect.Slice:
		if t.minItems.set && float64(v.Len()) < t.minItems.is {
			return services.Refuse(RefusedMissing, t.name)
		}
		if t.maxItems.set && float64(v.Len()) > t.maxItems.is {
			return services.Refuse(RefusedRange, t.name)
		}
		for i := range v.Len() {
			if err := t.kept(v.Index(i), false); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *term) words(said string, optional bool) error {
	if said == "" && optional {
		return nil
	}
	if t.enum != nil && !slices.Contains(t.enum, said) {
		return services.Refuse(RefusedCode, t.name)
	}
	if t.needed && strings.TrimSpace(said) == "" {
		return services.Refuse(RefusedMissing, t.name)
	}
	if t.longest.set && float64(len(said)) > t.longest.is && float64(utf8.RuneCountInString(said)) > t.longest.is { // most need no counting
		return services.Refuse(RefusedRange, t.name)
	}
	if t.pattern != nil && !t.pattern.MatchString(said) {
		return services.Refuse(RefusedCode, t.name)
	}
	if t.day {
		if _, err := time.Parse(time.DateOnly, said); err != nil {
			return services.Refuse(RefusedDay, t.name)
		}
	}
	return nil
}

func (t *term) number(said float64) error {
	if t.least.set && !(said >= t.least.is) || t.most.set && !(said <= t.most.is) { // so that NaN is refused too
		return services.Refuse(RefusedRange, t.name)
	}
	return nil
}
