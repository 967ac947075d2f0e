package sealed

import (
	"reflect"
	"strings"
	"sync"
)

// plan is where a type can hold sealed values, worked out once: Seal runs for every fact, and most of a fact is
// plain. Only what may hold sealed values is ever taken apart.
type plan struct {
	kind   kind
	owned  bool // Owner says whose words are inside
	fields []part
	elem   *plan
}

type kind int

const (
	nothing   kind = iota // can hold none
	value                 // is one
	structure             // a struct with some in its fields
	list                  // a slice or an array
	table                 // a map: must hold none
	reference             // a pointer
	anything              // an interface: what is in it shows when it is there
)

// part is one field of a struct.
type part struct {
	plan     *plan
	index    int
	name     string
	class    Class
	embedded bool // its fields are named as if they were the outer one's, as in JSON
}

var plans sync.Map // reflect.Type -> *plan

func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	p := work(t, map[reflect.Type]*plan{})
	plans.Store(t, p)
	return p
}

// work makes a plan; begun are those that a type that refers to itself must find again.
func work(t reflect.Type, begun map[reflect.Type]*plan) *plan {
	if p, ok := begun[t]; ok {
		return p
	}
	p := &plan{}
	if !holdsSealed(t, map[reflect.Type]bool{}) {
		return p
	}
	begun[t] = p
	if reflect.PointerTo(t).Implements(sealableType) {
		p.kind = value
		return p
	}
	switch t.Kind() {
	case reflect.Interface:
		p.kind = anything
	case reflect.Pointer:
		p.kind, p.elem = reference, work(t.Elem(), begun)
	case reflect.Map:
		p.kind = table
	case reflect.Slice, reflect.Array:
		p.kind, p.elem = list, work(t.Elem(), begun)
	case reflect.Struct:
		p.kind = structure
		for i := range t.NumField() {
			f := t.Field(i)
			if !f.IsExported() || !holdsSealed(f.Type, map[reflect.Type]bool{}) {
				continue
			}
			p.fields = append(p.fields, part{
				plan: work(f.Type, begun), index: i, name: jsonName(f), class: Class(f.Tag.Get("class")), embedded: f.Anonymous,
			})
		}
	}
	p.owned = t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && reflect.PointerTo(t).Implements(ownedType)
	return p
}

var (
	sealableType = reflect.TypeFor[sealable]()
	ownedType    = reflect.TypeFor[Owned]()
)

// holdsSealed tells whether a value of this type can hold a sealed one. An interface might.
func holdsSealed(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if reflect.PointerTo(t).Implements(sealableType) || t.Kind() == reflect.Interface {
		return true
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holdsSealed(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && holdsSealed(f.Type, seen) {
				return true
			}
		}
	}
	return false
}

func jsonName(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
		return name
	}
	return f.Name
}

// Unclassed lists the personal fields of a type that name no class, unless their class is data (grade:"data"), and
// those in maps, where nothing can be sealed. A test runs it over the whole catalogue.
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
		name := jsonName(f)
		if field != "" {
			name = field + "/" + name
		}
		said, inMap := bare(f.Type)
		if !reflect.PointerTo(said).Implements(sealableType) {
			bad = append(bad, unclassed(f.Type, name, seen)...)
			continue
		}
		class := Class(f.Tag.Get("class"))
		if inMap || !class.sealed() && f.Tag.Get("grade") != "data" {
			bad = append(bad, name)
		}
	}
	return bad
}

// bare is what a field holds one or many of.
func bare(t reflect.Type) (of reflect.Type, inMap bool) {
	for {
		switch t.Kind() {
		case reflect.Map:
			inMap = true
		case reflect.Slice, reflect.Array, reflect.Pointer:
		default:
			return t, inMap
		}
		t = t.Elem()
	}
}
