package categories_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/casestream/casestream/services/categories"
)

// found is a street child's form with all that is compulsory, and nothing more; with replaces answers, and nil takes one out.
func found(with map[string]any) map[string]any {
	answers := map[string]any{
		"found_on": "2012-06-01", "found_place": "汉口火车站出站口", "found_by": "police", "health": []any{"good"}, "injuries": "no",
		"company": "alone", "coercion": "unknown", "rescued_before": "no", "identity_verified": "no",
	}
	for key, answer := range with {
		if answer == nil {
			delete(answers, key)
			continue
		}
		answers[key] = answer
	}
	return answers
}

func TestCheck(t *testing.T) {
	type a = map[string]any
	type fault = categories.Fault
	for _, c := range []struct {
		name string
		with a
		want []fault
	}{
		{"all that is compulsory", a{}, nil},
		{"a compulsory answer left out", a{"found_on": nil}, []fault{{"found_on", "required"}}},
		{"a compulsory answer of blanks", a{"found_place": " 　\t"}, []fault{{"found_place", "required"}}},
		{"an empty list", a{"health": []any{}}, []fault{{"health", "required"}}},
		{"an empty answer to what is free to answer", a{"dialect": ""}, nil},
		{"a name that the form does not know", a{"张三": "x", "李四": 1.0}, []fault{{"", "unknown"}}},
		{"identity belongs to the client", a{"name": "张三"}, []fault{{"name", "unknown"}}},
		{"urgency belongs to the command", a{"urgency": "routine"}, []fault{{"urgency", "unknown"}}},
		{"a number for a text", a{"dialect": 3.0}, []fault{{"dialect", "kind"}}},
		{"a list for a choice", a{"company": []any{"alone"}}, []fault{{"company", "kind"}}},
		{"a text for choices", a{"health": "good"}, []fault{{"health", "kind"}}},
		{"a number among choices", a{"health": []any{"good", 1.0}}, []fault{{"health", "kind"}}},
		{"an object", a{"household": a{"x": 1.0}}, []fault{{"household", "kind"}}},
		{"a truth for yes", a{"injuries": true}, []fault{{"injuries", "kind"}}},
		{"no such option", a{"company": "dog"}, []fault{{"company", "option"}}},
		{"no such option among choices", a{"health": []any{"good", "dog"}}, []fault{{"health", "option"}}},
		{"an option twice", a{"health": []any{"good", "good"}}, []fault{{"health", "option"}}},
		{"maybe", a{"injuries": "maybe"}, []fault{{"injuries", "option"}}},
		{"no such day", a{"found_on": "2012-02-30"}, []fault{{"found_on", "kind"}}},
		{"a day the other way round", a{"found_on": "01/06/2012"}, []fault{{"found_on", "kind"}}},
		{"200 characters are not too long in Chinese", a{"dialect": strings.Repeat("口", 200)}, nil},
		{"201 are", a{"dialect": strings.Repeat("口", 201)}, []fault{{"dialect", "too-long"}}},
		{"rescued before, so often", a{"rescued_before": "yes", "rescues": 2.0}, nil},
		{"rescued one and a half times", a{"rescued_before": "yes", "rescues": 1.5}, []fault{{"rescues", "kind"}}},
		{"rescued no times", a{"rescued_before": "yes", "rescues": 0.0}, []fault{{"rescues", "range"}}},
		{"rescued too often to be true", a{"rescued_before": "yes", "rescues": 201.0}, []fault{{"rescues", "range"}}},
		{"a hidden field answered", a{"rescues": 2.0}, []fault{{"rescues", "hidden"}}},
		{"a hidden field left empty", a{"rescues": nil, "coercion_detail": ""}, nil},
		{"a field that comes up is compulsory", a{"coercion": "yes"}, []fault{{"coercion_signs", "required"}}},
		{"faults come in the order of the form", a{"found_on": nil, "identity_verified": nil, "x": 1.0}, []fault{{"found_on", "required"}, {"identity_verified", "required"}, {"", "unknown"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := find(t, "street_child").Form.Check(found(c.with)); !slices.Equal(got, c.want) {
				t.Errorf("faults %v, want %v", got, c.want)
			}
		})
	}
}

func TestOneOfSeveralChoicesBringsAFieldUp(t *testing.T) {
	answers := map[string]any{
		"school": "武汉西藏中学", "school_kind": "inland_tibetan", "grade": "j1", "home": "西藏自治区日喀则市", "referred_by": "self",
		"concerns": []any{"homesick", "other"}, "bullying": "no", "self_harm": "no", "school_interrupted": "never", "guardian_contact": "weekly",
	}
	form := find(t, "boarding_student").Form
	schema := jsonOf(form.JSONSchema())
	expect := func(want ...categories.Fault) {
		t.Helper()
		if got := form.Check(answers); !slices.Equal(got, want) || satisfies(schema, answers) != (want == nil) {
			t.Errorf("faults %v, by the schema %t; want %v", got, satisfies(schema, answers), want)
		}
	}
	expect(categories.Fault{Field: "concerns_other", Code: "required"})
	answers["concerns_other"] = "担心家中牲畜"
	expect()
	answers["concerns"] = []any{"homesick", "peers"}
	expect(categories.Fault{Field: "concerns_other", Code: "hidden"})
}

// anything draws what a JSON decoder could hand over, with a taste for answers that are nearly right.
func anything(field categories.Field) *rapid.Generator[any] {
	options := []any{"yes", "no", "unknown"}
	for _, o := range field.Options {
		options = append(options, o.Key)
	}
	return rapid.OneOf(
		rapid.SampledFrom(options),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(options), 1, 3), func(s []any) any { return s }),
		rapid.SampledFrom([]any{"2012-06-01", "2012-02-30", "文字", strings.Repeat("长", 301), 1.0, 1.5, -1.0, 5.0, 1e9, true, map[string]any{}}),
	)
}

// edges are the answers just inside and just outside of what a field takes.
func edges(field categories.Field) []any {
	list := []any{"x", 0.5, []any{"x"}}
	for _, bound := range []*float64{field.Min, field.Max} {
		if bound != nil {
			list = append(list, *bound-1, *bound, *bound+1)
		}
	}
	if n := len(field.Options); n > 0 {
		last := field.Options[n-1].Key
		list = append(list, last, []any{last}, []any{last, last}, []any{field.Options[0].Key, last})
	}
	return list
}

func draw(t *rapid.T) (categories.Form, map[string]any) {
	form := rapid.SampledFrom(categories.All()).Draw(t, "category").Form
	answers := map[string]any{}
	for _, field := range form.Fields {
		if field.Of == categories.OfAnswers && rapid.IntRange(0, 3).Draw(t, "given") > 0 {
			answers[field.Key] = anything(field).Draw(t, field.Key)
		}
	}
	return form, answers
}

// right answers a form as it wants to be answered, so that the properties also see answers that pass.
func right(t *rapid.T, form categories.Form) map[string]any {
	answers := map[string]any{}
	for _, field := range form.Fields {
		faults := form.Check(answers)
		must := slices.Contains(faults, categories.Fault{Field: field.Key, Code: categories.FaultRequired})
		if field.Of != categories.OfAnswers || !must && rapid.Bool().Draw(t, "leave out") {
			continue
		}
		answer := rapid.Custom(func(t *rapid.T) any { return anything(field).Draw(t, field.Key) }).Filter(func(a any) bool {
			answers[field.Key] = a
			defer delete(answers, field.Key)
			return !slices.ContainsFunc(form.Check(answers), func(f categories.Fault) bool {
				return f.Field == field.Key && f.Code != categories.FaultHidden
			})
		}).Draw(t, "right")
		answers[field.Key] = answer
		if slices.Contains(form.Check(answers), categories.Fault{Field: field.Key, Code: categories.FaultHidden}) {
			delete(answers, field.Key)
		}
	}
	return answers
}

func TestFaultsNeverRepeatWhatWasSent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		form, answers := draw(t)
		secret := rapid.StringMatching(`秘密[a-z]{4}`).Draw(t, "secret")
		answers[secret] = secret
		for _, fault := range form.Check(answers) {
			if strings.Contains(fmt.Sprint(fault), secret) {
				t.Fatalf("fault %v", fault)
			}
			if _, known := form.Field(fault.Field); !known && fault.Field != "" {
				t.Fatalf("fault names %q, which the form does not know", fault.Field)
			}
		}
	})
}

func TestTheSchemaAndCheckAgree(t *testing.T) {
	agree := func(t *rapid.T, form categories.Form, schema any, answers map[string]any) {
		if faults, allowed := form.Check(answers), satisfies(schema, answers); allowed != (faults == nil) {
			t.Fatalf("by the schema %t, faults %v, answers %v", allowed, faults, answers)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		form, answers := draw(t)
		schema := jsonOf(form.JSONSchema())
		agree(t, form, schema, answers)

		answers = right(t, form)
		if faults := form.Check(answers); faults != nil {
			t.Fatalf("right answers have faults %v", faults)
		}
		agree(t, form, schema, answers)
		for _, field := range append(form.Fields, categories.Field{Key: "stray"}) { // one thing wrong at a time
			was, given := answers[field.Key]
			delete(answers, field.Key)
			agree(t, form, schema, answers)
			for _, answer := range append(edges(field), anything(field).Draw(t, field.Key)) {
				answers[field.Key] = answer
				agree(t, form, schema, answers)
			}
			if delete(answers, field.Key); given {
				answers[field.Key] = was
			}
		}
	})
}

func TestAFieldUnderAHiddenFieldIsHiddenToo(t *testing.T) {
	yes := func(field string) *categories.Condition {
		return &categories.Condition{Field: field, Is: []string{"yes"}}
	}
	form := categories.Form{Fields: []categories.Field{
		{Key: "ill", Kind: categories.YesNoUnknown},
		{Key: "treated", Kind: categories.YesNoUnknown, ShowWhen: yes("ill")},
		{Key: "doses", Kind: categories.Number, ShowWhen: yes("treated")},
	}}
	if got := form.Check(map[string]any{"ill": "yes", "treated": "yes", "doses": 1.5}); got != nil {
		t.Errorf("faults %v", got)
	}
	got := form.Check(map[string]any{"ill": "no", "treated": "yes", "doses": 1.5})
	if want := []categories.Fault{{Field: "treated", Code: "hidden"}, {Field: "doses", Code: "hidden"}}; !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
}

// The one thing in which the schema is stricter, as its docstring says.
func TestTheSchemaTakesNoBlanks(t *testing.T) {
	form := find(t, "street_child").Form
	for _, blank := range []map[string]any{{"dialect": "  "}, {"dialect": nil}, {"left_home_because": []any{}}} {
		if answers := found(nil); form.Check(answers) != nil || !satisfies(jsonOf(form.JSONSchema()), answers) {
			t.Fatal("what is compulsory is not enough")
		}
		answers := found(nil)
		for key, answer := range blank {
			answers[key] = answer
		}
		if form.Check(answers) != nil || satisfies(jsonOf(form.JSONSchema()), answers) {
			t.Errorf("%v: faults %v, and the schema must refuse it", blank, form.Check(answers))
		}
	}
}

// jsonOf sends a schema through JSON, as the API does.
func jsonOf(schema map[string]any) any {
	text, err := json.Marshal(schema)
	if err != nil {
		panic(err)
	}
	var out any
	if err := json.Unmarshal(text, &out); err != nil {
		panic(err)
	}
	return out
}
