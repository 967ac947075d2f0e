package sealed

import (
	"reflect"
	"strings"
	"unique"
)

// emptied begins what is left of an envelope: class . field. No algorithm writes it.
const emptied = "0."

func isEmpty(box string) bool { return strings.HasPrefix(box, emptied) }

// Emptied is a fact without its closed words, for who keeps many facts and needs to know who, when and which: each value
// still says that something was said, of which class and in which field. It is ErrEmptied to open it or to write it
// down, so that a fact without its words never passes for the fact. The fact it was given is left as it was.
func Emptied[E any](fact E) E {
	v := reflect.ValueOf(&fact).Elem()
	w := walk{func(value sealable, _ spot) error { value.empty(); return nil }}
	_ = w.through(planOf(v.Type()), v, spot{}) // nothing in it fails
	return fact
}

func (v *Value[T]) empty() {
	if v.box == "" || isEmpty(v.box) {
		return
	}
	class, field := headOf(v.box)
	v.box = unique.Make(emptied + string(class) + "." + field).Value() // one text for all facts
}
