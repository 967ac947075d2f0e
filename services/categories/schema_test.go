package categories_test

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/casestream/casestream/services/categories"
)

func TestTheSchemaOfEachFormHasADialectAnIdAndATitleForEachField(t *testing.T) {
	ids := map[any]bool{}
	for _, c := range categories.All() {
		schema := c.Form.JSONSchema()
		if schema["$schema"] != "https://json-schema.org/draft/2020-12/schema" || ids[schema["$id"]] {
			t.Errorf("%s: dialect %v, id %v", c.Key, schema["$schema"], schema["$id"])
		}
		ids[schema["$id"]] = true
		properties := schema["properties"].(map[string]any)
		for _, f := range c.Form.Fields {
			property, there := properties[f.Key].(map[string]any)
			if there != (f.Of == categories.OfAnswers) {
				t.Errorf("%s: %s is in the schema: %t", c.Key, f.Key, there)
			} else if there && (property["title"] != f.ZH || property["x-class"] != string(f.Class)) {
				t.Errorf("%s: %s is published as %v", c.Key, f.Key, property)
			}
		}
	}
}

// satisfies is a plain reading of JSON Schema, as far as the forms use it. A keyword that it does not know fails the test.
func satisfies(schema, value any) bool {
	if truth, ok := schema.(bool); ok {
		return truth
	}
	s := schema.(map[string]any)
	for keyword, argument := range s {
		if !holds(keyword, argument, s, value) {
			return false
		}
	}
	return true
}

func holds(keyword string, argument any, schema map[string]any, value any) bool {
	text, isText := value.(string)
	number, isNumber := value.(float64)
	array, isArray := value.([]any)
	object, isObject := value.(map[string]any)
	within := func(element any) bool { return satisfies(argument, element) }
	switch keyword {
	case "$schema", "$id", "title", "description", "x-en", "x-class", "x-kind", "then", "else":
		return true
	case "type":
		return argument == "string" && isText || argument == "number" && isNumber || argument == "array" && isArray ||
			argument == "object" && isObject || argument == "integer" && isNumber && number == math.Trunc(number)
	case "enum":
		return slices.ContainsFunc(argument.([]any), func(a any) bool { return reflect.DeepEqual(a, value) })
	case "maxLength":
		return !isText || float64(utf8.RuneCountInString(text)) <= argument.(float64)
	case "pattern":
		return !isText || regexp.MustCompile(argument.(string)).MatchString(text)
	case "format":
		_, err := time.Parse(time.DateOnly, text)
		return !isText || err == nil
	case "minimum":
		return !isNumber || number >= argument.(float64)
	case "maximum":
		return !isNumber || number <= argument.(float64)
	case "minItems":
		return !isArray || float64(len(array)) >= argument.(float64)
	case "uniqueItems":
		if argument == false {
			return true
		}
		for n, a := range array {
			if slices.ContainsFunc(array[:n], func(b any) bool { return reflect.DeepEqual(a, b) }) {
				return false
			}
		}
		return true
	case "items":
		return !slices.ContainsFunc(array, func(a any) bool { return !within(a) })
	case "contains":
		return !isArray || slices.ContainsFunc(array, within)
	case "required":
		return !isObject || !slices.ContainsFunc(argument.([]any), func(key any) bool { _, ok := object[key.(string)]; return !ok })
	case "properties":
		for key, property := range argument.(map[string]any) {
			if member, ok := object[key]; ok && !satisfies(property, member) {
				return false
			}
		}
		return true
	case "additionalProperties":
		for key := range object {
			if _, ok := schema["properties"].(map[string]any)[key]; !ok && !within(object[key]) {
				return false
			}
		}
		return true
	case "allOf":
		return !slices.ContainsFunc(argument.([]any), func(one any) bool { return !satisfies(one, value) })
	case "if":
		branch := "else"
		if within(value) {
			branch = "then"
		}
		rule, ok := schema[branch]
		return !ok || satisfies(rule, value)
	}
	panic("the forms use a keyword that this reading does not know: " + keyword)
}
