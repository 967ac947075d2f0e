package categories

import "strconv"

// JSONSchema gives the schema (draft 2020-12) of the form's answers, for the API to publish. Fields of the client and of the command
// are not in it. It refuses what Check refuses, and one thing more: an answer that is blank has to be left out. "format" has to be
// asserted, so that 30 February is refused. Each call gives a new map.
//
// Beyond the standard a property has "x-en" (its title in English), "x-class" (S0–S3) and "x-kind".
func (f Form) JSONSchema() map[string]any {
	properties := map[string]any{}
	required := []any{}
	conditions := []any{}
	for _, field := range f.Fields {
		if field.Of != OfAnswers {
			continue
		}
		properties[field.Key] = field.schema()
		switch {
		case field.ShowWhen != nil:
			conditions = append(conditions, f.condition(field))
		case field.Required:
			required = append(required, field.Key)
		}
	}
	schema := map[string]any{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"$id":                  "urn:casestream:form:" + f.Key + ":" + strconv.Itoa(f.Version),
		"type":                 "object",
		"properties":           properties,
		"required":             required,
		"additionalProperties": false,
	}
	if len(conditions) > 0 {
		schema["allOf"] = conditions
	}
	return schema
}

// condition says: when the other field has one of these answers, this one may (or must) be answered, else it must not.
func (f Form) condition(field Field) map[string]any {
	one := map[string]any{"enum": list(field.ShowWhen.Is)}
	if other, _ := f.Field(field.ShowWhen.Field); other.Kind == SomeOf {
		one = map[string]any{"contains": one}
	}
	rule := map[string]any{
		"if": map[string]any{
			"properties": map[string]any{field.ShowWhen.Field: one},
			"required":   []any{field.ShowWhen.Field},
		},
		"else": map[string]any{"properties": map[string]any{field.Key: false}},
	}
	if field.Required {
		rule["then"] = map[string]any{"required": []any{field.Key}}
	}
	return rule
}

func (f Field) schema() map[string]any {
	s := map[string]any{"title": f.ZH, "x-en": f.EN, "x-class": string(f.Class), "x-kind": string(f.Kind)}
	if f.Help != nil {
		s["description"] = f.Help.ZH
	}
	switch f.Kind {
	case Number:
		s["type"] = "number"
		if f.Whole {
			s["type"] = "integer"
		}
		if f.Min != nil {
			s["minimum"] = *f.Min
		}
		if f.Max != nil {
			s["maximum"] = *f.Max
		}
	case SomeOf:
		s["type"], s["minItems"], s["uniqueItems"] = "array", 1, true
		s["items"] = map[string]any{"enum": list(f.values())}
	case OneOf, YesNoUnknown:
		s["enum"] = list(f.values())
	case Date:
		s["type"], s["format"] = "string", "date"
	default:
		s["type"], s["maxLength"], s["pattern"] = "string", longest[f.Kind], `\S`
	}
	return s
}

func list(keys []string) []any {
	out := make([]any, len(keys))
	for n, key := range keys {
		out[n] = key
	}
	return out
}
