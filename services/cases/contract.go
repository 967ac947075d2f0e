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
	for i := range v.NumField() {
		field := v.Type().Field(i)
		name, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if err := term(v.Field(i), field.Tag, name, strings.Contains(option, "omit")); err != nil {
			return err
		}
	}
	return nil
}

// term holds one field to its tag. What is optional may be left out; what is there keeps the tag all the same.
func term(v reflect.Value, tag reflect.StructTag, name string, optional bool) error {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		return term(v.Elem(), tag, name, false)
	}
	switch said := v.Interface().(type) {
	case uuid.UUID:
		if said == uuid.Nil && !optional {
			return services.Refuse(RefusedMissing, name)
		}
		return nil
	case time.Time:
		return nil
	}
	switch v.Kind() {
	case reflect.String:
		return words(v.String(), tag, name, optional)
	case reflect.Int, reflect.Float64:
		return number(v, tag, name)
	case reflect.Struct:
		return contract(v.Interface())
	case reflect.Slice:
		if least, ok := bound(tag, "minItems"); ok && float64(v.Len()) < least {
			return services.Refuse(RefusedMissing, name)
		}
		if most, ok := bound(tag, "maxItems"); ok && float64(v.Len()) > most {
			return services.Refuse(RefusedRange, name)
		}
		for i := range v.Len() {
			if err := term(v.Index(i), tag, name, false); err != nil {
				return err
			}
		}
	}
	return nil
}

func words(said string, tag reflect.StructTag, name string, optional bool) error {
	if said == "" && optional {
		return nil
	}
	if enum := tag.Get("enum"); enum != "" && !slices.Contains(strings.Split(enum, ","), said) {
		return services.Refuse(RefusedCode, name)
	}
	if _, needed := bound(tag, "minLength"); needed && strings.TrimSpace(said) == "" {
		return services.Refuse(RefusedMissing, name)
	}
	if most, ok := bound(tag, "maxLength"); ok && float64(utf8.RuneCountInString(said)) > most {
		return services.Refuse(RefusedRange, name)
	}
	if pattern := tag.Get("pattern"); pattern != "" && !compiled(pattern).MatchString(said) {
		return services.Refuse(RefusedCode, name)
	}
	if tag.Get("format") == "date" {
		if _, err := time.Parse(time.DateOnly, said); err != nil {
			return services.Refuse(RefusedDay, name)
		}
	}
	return nil
}

func number(v reflect.Value, tag reflect.StructTag, name string) error {
	said := 0.0
	if v.CanInt() {
		said = float64(v.Int())
	} else {
		said = v.Float()
	}
	least, low := bound(tag, "minimum")
	most, high := bound(tag, "maximum")
	if low && !(said >= least) || high && !(said <= most) { // so that NaN is refused too
		return services.Refuse(RefusedRange, name)
	}
	return nil
}

func bound(tag reflect.StructTag, name string) (float64, bool) {
	n, err := strconv.ParseFloat(tag.Get(name), 64)
	return n, err == nil
}

var patterns sync.Map // by their text

func compiled(pattern string) *regexp.Regexp {
	if known, ok := patterns.Load(pattern); ok {
		return known.(*regexp.Regexp)
	}
	made := regexp.MustCompile(pattern)
	patterns.Store(pattern, made)
	return made
}
