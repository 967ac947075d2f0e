package sealed

import (
	"context"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
)

// Owned is a part of a fact that belongs to someone else than the fact: a remark on one member of a group is
// sealed under that member's key.
type Owned interface{ Owner() string }

// Seal returns the fact with every open value closed: under the owner's key, or under that of the part it
// stands in. The fact it was given is left as it was.
func Seal[E any](ctx context.Context, keys Keys, fact E, place Place, owner string) (E, error) {
	from := reflect.ValueOf(&fact).Elem()
	to := reflect.New(from.Type()).Elem()
	w := walk{ctx: ctx, keys: keys, place: place}
	if err := w.copy(to, from, owner, "", ""); err != nil {
		return fact, err
	}
	return to.Interface().(E), nil
}

type walk struct {
	ctx   context.Context
	keys  Keys
	place Place
}

// copy copies one value, closing what is open on the way. Only what holds sealed values is taken apart.
func (w walk) copy(to, from reflect.Value, owner, field string, class Class) error {
	to.Set(from)
	if !holdsSealed(from.Type()) {
		return nil
	}
	if value, ok := to.Addr().Interface().(sealable); ok {
		return w.close(value, owner, field, class)
	}
	if part, ok := from.Interface().(Owned); ok {
		if own := part.Owner(); own != "" {
			owner = own
		}
	}
	switch from.Kind() {
	case reflect.Interface, reflect.Pointer:
		if from.IsNil() {
			return nil
		}
		inner := reflect.New(from.Elem().Type())
		if err := w.copy(inner.Elem(), from.Elem(), owner, field, class); err != nil {
			return err
		}
		if from.Kind() == reflect.Pointer {
			to.Set(inner)
		} else {
			to.Set(inner.Elem())
		}
	case reflect.Slice:
		if from.IsNil() {
			return nil
		}
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		for i := range from.Len() {
			if err := w.copy(to.Index(i), from.Index(i), owner, join(field, strconv.Itoa(i)), class); err != nil {
				return err
			}
		}
	case reflect.Struct:
		for i := range from.NumField() {
			declared := from.Type().Field(i)
			if !declared.IsExported() {
				continue
			}
			name := field
			if !declared.Anonymous {
				name = join(field, jsonName(declared))
			}
			if err := w.copy(to.Field(i), from.Field(i), owner, name, Class(declared.Tag.Get("class"))); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("sealing %s: a %s cannot hold personal values", field, from.Kind())
	}
	return nil
}

func (w walk) close(value sealable, owner, field string, class Class) error {
	key, err := w.keys.Sealing(w.ctx, owner)
	if err != nil {
		return fmt.Errorf("sealing %s: %w", field, err)
	}
	return value.sealIn(sealer{key: key, place: w.place}, field, class)
}

func join(field, name string) string {
	if field == "" {
		return name
	}
	return field + "/" + name
}

func jsonName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return f.Name
}

var sealableType = reflect.TypeFor[sealable]()

var holds sync.Map // reflect.Type -> bool

// holdsSealed tells whether a value of this type can hold a sealed one. An interface might.
func holdsSealed(t reflect.Type) bool {
	if known, ok := holds.Load(t); ok {
		return known.(bool)
	}
	found := look(t, map[reflect.Type]bool{})
	holds.Store(t, found)
	return found
}

func look(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if reflect.PointerTo(t).Implements(sealableType) || t.Kind() == reflect.Interface {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return look(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && look(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

// Unclassed lists the personal fields of a type that name no class, unless their class is data (grade:"data").
// A test runs it over the whole catalogue.
func Unclassed(t reflect.Type) []string { return unclassed(t, "", map[reflect.Type]bool{}) }

func unclassed(t reflect.Type, field string, seen map[reflect.Type]bool) (bad []string) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return unclassed(t.Elem(), field, seen)
	case reflect.Struct:
	default:
		return nil
	}
	if seen[t] {
		return nil
	}
	seen[t] = true
	defer delete(seen, t)
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		name := join(field, jsonName(f))
		said := f.Type
		for said.Kind() == reflect.Slice || said.Kind() == reflect.Pointer {
			said = said.Elem()
		}
		if reflect.PointerTo(said).Implements(sealableType) {
			class := Class(f.Tag.Get("class"))
			if class != Identity && class != Clinical && class != Disclosure && f.Tag.Get("grade") != "data" {
				bad = append(bad, name)
			}
			continue
		}
		bad = append(bad, unclassed(f.Type, name, seen)...)
	}
	return bad
}
