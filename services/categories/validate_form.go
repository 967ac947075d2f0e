package categories

import (
	"slices"
)

// validateFields lists what is wrong with the fields of a form or of its common part.
func validateFields(fields []Field) error {
	var f faults
	f.check(len(fields) > 0, "form: no fields")
	f.choices("field", choicesOf(fields, func(field Field) Choice { return Choice{field.Key, field.ZH, field.EN} }))
	for n, field := range fields {
		f.field(field)
		if field.ShowWhen != nil {
			f.condition(field, fields[:n])
		}
	}
	return f.err()
}

func (f *faults) field(field Field) {
	kinds := []Kind{Text, LongText, OneOf, SomeOf, Date, Number, YesNoUnknown, Person, Place}
	f.check(slices.Contains(kinds, field.Kind), "field %q: unknown kind %q", field.Key, field.Kind)
	f.check(slices.Contains([]Class{S0, S1, S2, S3}, field.Class), "field %q: unknown class %q", field.Key, field.Class)
	f.check(slices.Contains([]Owner{OfAnswers, OfCase, OfClient}, field.Of), "field %q: unknown owner %q", field.Key, field.Of)
	f.check(field.Help == nil || field.Help.ZH != "" && field.Help.EN != "", "field %q: help in each language", field.Key)

	free := slices.Contains([]Kind{Text, LongText, Person, Place}, field.Kind)
	f.check(!free || field.Class != S0 || field.Of != OfAnswers, "field %q: free text can say anything, so it is never S0", field.Key)
	f.check(field.Kind != Person || field.Class == S1 || field.Class == S3, "field %q: a person is identity, so S1 or S3", field.Key)

	choosing := field.Kind == OneOf || field.Kind == SomeOf
	f.check(choosing == (len(field.Options) > 0), "field %q: options are for choice and choices, which need them", field.Key)
	f.choices("option of "+field.Key, field.Options)

	f.check(field.Kind == Number || field.Min == nil && field.Max == nil && !field.Whole, "field %q: min, max and whole are for numbers", field.Key)
	f.check(field.Min == nil || field.Max == nil || *field.Min < *field.Max, "field %q: min below max", field.Key)
}

// condition sees that a field hangs on one before it, so that no circle can arise, and on answers that can be given.
func (f *faults) condition(field Field, before []Field) {
	n := slices.IndexFunc(before, func(b Field) bool { return b.Key == field.ShowWhen.Field })
	if n < 0 {
		f.check(false, "field %q: shown by %q, which is not a field before it", field.Key, field.ShowWhen.Field)
		return
	}
	f.check(before[n].Of == field.Of, "field %q: shown by %q, which is kept elsewhere", field.Key, before[n].Key)
	f.check(len(field.ShowWhen.Is) > 0, "field %q: shown by no answer", field.Key)
	for _, value := range field.ShowWhen.Is {
		f.check(slices.Contains(before[n].values(), value), "field %q: shown by %q, which is no answer to %q", field.Key, value, before[n].Key)
	}
}
