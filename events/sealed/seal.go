package sealed

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// Owned is a part of a fact that belongs to someone else than the fact: a remark on one member of a group is
// sealed under that member's key.
type Owned interface{ Owner() string }

// Seal returns the fact with every open value closed: under the owner's key, or under that of the part it
// stands in. The fact it was given is left as it was.
func Seal[E any](ctx context.Context, keys Keys, fact E, place Place, owner string) (E, error) {
	closed := fact
	v := reflect.ValueOf(&closed).Elem()
	w := walk{func(value sealable, at spot) error { return closeIn(ctx, keys, place, value, at) }}
	if err := w.through(planOf(v.Type()), v, spot{owner: owner}); err != nil {
		return fact, err
	}
	return closed, nil
}

func closeIn(ctx context.Context, keys Keys, place Place, value sealable, at spot) error {
	if !value.isOpen() {
		return nil
	}
	field := at.name.String()
	if at.inMap {
		return fmt.Errorf("sealing %s: a map cannot hold personal values", field)
	}
	key, err := keys.Sealing(ctx, at.owner)
	if err != nil {
		return fmt.Errorf("sealing %s: %w", field, err)
	}
	return value.sealIn(sealer{key: key, place: place}, field, at.class)
}

// walk changes the sealed values of a fact, each of them once.
type walk struct {
	change func(value sealable, at spot) error
}

// spot is where the walk stands: whose words these are, of which class, under which name.
type spot struct {
	owner string
	class Class
	name  *name
	inMap bool
}

// name is a field's path. It becomes text only where something is sealed.
type name struct {
	in    *name
	field string
	index int // where field is empty
}

// through changes what is in v, which is a copy that nobody else has. What v refers to it copies first.
func (w *walk) through(p *plan, v reflect.Value, at spot) error {
	if p.owned {
		if own := v.Addr().Interface().(Owned).Owner(); own != "" {
			at.owner = own
		}
	}
	switch p.kind {
	case nothing:
	case value:
		return w.change(v.Addr().Interface().(sealable), at)
	case structure:
		for i := range p.fields {
			f := &p.fields[i]
			inner := at
			inner.class = f.class
			step := name{in: at.name, field: f.name}
			if !f.embedded {
				inner.name = &step
			}
			if err := w.through(f.plan, v.Field(f.index), inner); err != nil {
				return err
			}
		}
	case list:
		return w.throughList(p, v, at)
	case table:
		return w.throughTable(v, at)
	case reference:
		if v.IsNil() {
			return nil
		}
		to := reflect.New(v.Type().Elem())
		to.Elem().Set(v.Elem())
		v.Set(to)
		return w.through(p.elem, to.Elem(), at)
	case anything:
		if v.IsNil() {
			return nil
		}
		inside := planOf(v.Elem().Type())
		if inside.kind == nothing {
			return nil
		}
		to := reflect.New(v.Elem().Type()).Elem()
		to.Set(v.Elem())
		if err := w.through(inside, to, at); err != nil {
			return err
		}
		v.Set(to)
	}
	return nil
}

func (w *walk) throughList(p *plan, v reflect.Value, at spot) error {
	if v.Kind() == reflect.Slice {
		if v.IsNil() {
			return nil
		}
		own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(own, v)
		v.Set(own)
	}
	for i := range v.Len() {
		step := name{in: at.name, index: i}
		inner := at
		inner.name = &step
		if err := w.through(p.elem, v.Index(i), inner); err != nil {
			return err
		}
	}
	return nil
}

// throughTable looks for what must not be in a map: its keys would be part of the envelope, and they may be anything.
func (w *walk) throughTable(v reflect.Value, at spot) error {
	at.inMap = true
	for i := v.MapRange(); i.Next(); {
		to := reflect.New(v.Type().Elem()).Elem()
		to.Set(i.Value())
		if err := w.through(planOf(to.Type()), to, at); err != nil {
			return err
		}
	}
	return nil
}

// String is the names from the outside in, with slashes between: plan/goals/0/title.
func (n *name) String() string {
	var steps []*name
	for ; n != nil; n = n.in {
		steps = append(steps, n)
	}
	var text []byte
	for _, step := range slices.Backward(steps) {
		if len(text) > 0 {
			text = append(text, '/')
		}
		if step.field != "" {
			text = append(text, step.field...)
		} else {
			text = strconv.AppendInt(text, int64(step.index), 10)
		}
	}
	return string(text)
}
