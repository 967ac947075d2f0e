package categories

import "slices"

// Form is one version of an intake form: the common part, then what the category adds.
type Form struct {
	Key     string  `json:"key"`
	Version int     `json:"version"`
	Common  int     `json:"common"` // version of the common part
	Fields  []Field `json:"fields"`
}

// Field is one question of a form.
type Field struct {
	Key      string     `json:"key"`
	Kind     Kind       `json:"kind"`
	ZH       string     `json:"zh"`
	EN       string     `json:"en"`
	Required bool       `json:"required,omitempty"` // where it is shown
	Class    Class      `json:"class"`
	Of       Owner      `json:"of,omitempty"`
	Help     *Words     `json:"help,omitempty"`
	Options  []Choice   `json:"options,omitempty"` // of choice and choices
	ShowWhen *Condition `json:"show_when,omitempty"`
	Min      *float64   `json:"min,omitempty"` // of number, included
	Max      *float64   `json:"max,omitempty"`
	Whole    bool       `json:"whole,omitempty"` // of number: whole numbers only
}

// Kind is the kind of a field's answer; in brackets its form in JSON.
type Kind string

const (
	Text         Kind = "text"           // one line [string]
	LongText     Kind = "long_text"      // [string]
	OneOf        Kind = "choice"         // the key of an option [string]
	SomeOf       Kind = "choices"        // the keys of one or more options, each once [array of strings]
	Date         Kind = "date"           // YYYY-MM-DD [string]
	Number       Kind = "number"         // [number]
	YesNoUnknown Kind = "yes_no_unknown" // "yes", "no" or "unknown" [string]
	Person       Kind = "person"         // name, relation, how to reach, as the worker writes it [string]
	Place        Kind = "place"          // as the worker writes it [string]
)

// longest is the greatest length of a text in characters.
var longest = map[Kind]int{Text: 200, LongText: 10_000, Person: 300, Place: 300}

// Class says how sensitive an answer is and so how it is kept: everything above S0 is sealed.
type Class string

const (
	S0 Class = "S0" // codes and counts that say nothing of the person
	S1 Class = "S1" // identity
	S2 Class = "S2" // clinical and social
	S3 Class = "S3" // disclosure of abuse, HIV, sexual violence, self-harm and danger
)

// Owner says where a field of the form is kept.
type Owner string

const (
	OfAnswers Owner = ""       // among the answers of the form, in the case
	OfCase    Owner = "case"   // a part of the intake command
	OfClient  Owner = "client" // in the client's stream, with the identity
)

// Condition shows a field only when another one, before it and of the same owner, has one of the answers in Is.
// A list of choices meets it when one of the choices does.
type Condition struct {
	Field string   `json:"field"`
	Is    []string `json:"is"`
}

// Field finds a field by its key, whoever owns it.
func (f Form) Field(key string) (Field, bool) {
	n := slices.IndexFunc(f.Fields, func(field Field) bool { return field.Key == key })
	if n < 0 {
		return Field{}, false
	}
	return f.Fields[n], true
}

// values lists the keys that an answer to the field may hold; nil for a field without a closed list.
func (f Field) values() []string {
	if f.Kind == YesNoUnknown {
		return []string{"yes", "no", "unknown"}
	}
	var keys []string
	for _, o := range f.Options {
		keys = append(keys, o.Key)
	}
	return keys
}
