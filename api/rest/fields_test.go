package rest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
)

// place is somewhere in a body: the names and numbers that lead there.
type place []any

func (p place) String() string { return strings.Trim(fmt.Sprint([]any(p)), "[]") }

// within lists every place in a body, the outer before the inner.
func within(content any, at place) (all []place) {
	if len(at) > 0 {
		all = append(all, at)
	}
	switch v := content.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			all = append(all, within(v[name], append(slices.Clip(at), name))...)
		}
	case []any:
		for i := range v {
			all = append(all, within(v[i], append(slices.Clip(at), i))...)
		}
	}
	return all
}

// at is what stands at a place.
func at(content any, where place) any {
	for _, step := range where {
		switch step := step.(type) {
		case string:
			content = content.(map[string]any)[step]
		case int:
			content = content.([]any)[step]
		}
	}
	return content
}

// with is the body with something else at a place.
func with(content any, where place, value any) any {
	content = copied(content)
	holder, last := at(content, where[:len(where)-1]), where[len(where)-1]
	switch step := last.(type) {
	case string:
		holder.(map[string]any)[step] = value
	case int:
		holder.([]any)[step] = value
	}
	return content
}

// wrong are values of other kinds than one that is right.
func wrong(right any) map[string]any {
	values := map[string]any{
		"an object": body{secret: secret}, "a list": []any{body{secret: 1}}, "a word": secret, "a number": 1.5, "yes": true,
	}
	switch right.(type) {
	case map[string]any:
		delete(values, "an object") // it has a test of its own
	case []any:
		delete(values, "a list")
	case string:
		delete(values, "a word")
	case json.Number:
		delete(values, "a number")
	case bool:
		delete(values, "yes")
	}
	return values
}

// What is written into a field must be of its kind, wherever it stands.
func TestAFieldOfAnotherKindIsRefused(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		a := s.attempt(l.path)
		right := copied(a.content)
		for _, where := range within(right, nil) {
			for kind, value := range wrong(at(right, where)) {
				a := s.attempt(l.path)
				a.content = with(right, where, value)
				a.refused(fmt.Sprintf("%s is %s", where, kind), unfit)
			}
		}
	}
	t.Logf("%d fields × kinds in all", cells)
}

// A name is spelt as it is spelt, at every depth, and none is made up.
func TestANameThatIsMisspeltOrMadeUpIsRefused(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		right := copied(s.attempt(l.path).content)
		for _, where := range append([]place{nil}, within(right, nil)...) {
			if _, ok := at(right, where).(map[string]any); !ok {
				continue
			}
			for _, name := range []string{secret, secret + ".entry", "entry." + secret, "entry[" + secret + "]", "ENTRY", "\x00" + secret} {
				a := s.attempt(l.path)
				a.content = copied(right)
				at(a.content, where).(map[string]any)[name] = "x"
				a.refused(fmt.Sprintf("%q in %s", name, where), unfit)
			}
		}
		for _, where := range within(right, nil) {
			name, ok := where[len(where)-1].(string)
			if !ok {
				continue
			}
			a := s.attempt(l.path)
			a.content = copied(right)
			holder := at(a.content, where[:len(where)-1]).(map[string]any)
			holder[strings.ToUpper(name[:1])+name[1:]] = holder[name]
			delete(holder, name)
			a.refused(fmt.Sprintf("%s with a capital", where), unfit)
		}
	}
}

// What the contract says is compulsory, is; texts have an end; a choice is one of those there are.
func TestTheContractOfEveryFieldIsKept(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		right := copied(s.attempt(l.path).content)
		schema := o.schema(l.path)
		if len(schema.Required) == 0 {
			t.Errorf("POST %s requires nothing", l.path)
		}
		for _, name := range schema.Required {
			a := s.attempt(l.path)
			a.content = copied(right)
			delete(a.content.(map[string]any), name)
			a.refused("without "+name, unfit)
			if schema.Properties[name].Type != huma.TypeArray { // null is an empty list
				a.content.(map[string]any)[name] = nil
				a.refused(name+" is null", unfit)
			}
		}
		for _, where := range within(right, nil) {
			_, isText := at(right, where).(string)
			_, isNumber := at(right, where).(json.Number)
			for what, value := range map[string]any{
				"too long a text": strings.Repeat("长", 20_001), "too great a number": 1e12, "a number too far": json.Number("1e400"),
				"below every number": -1e12,
			} {
				_, text := value.(string)
				if text != isText || !text && (!isNumber || unbounded(where)) {
					continue
				}
				a := s.attempt(l.path)
				a.content = with(right, where, value)
				a.refused(fmt.Sprintf("%s is %s", where, what), unfit, unread)
			}
		}
	}
}

// unbounded tells of numbers that have no upper end: money, and the figures of a target or a claim.
func unbounded(where place) bool {
	return len(where) == 1 && slices.Contains([]any{"amount_fen", "cost_fen", "number"}, where[0])
}

// schema is what the contract says of the body of a route.
func (o *office) schema(path string) *huma.Schema {
	operation := o.router.api.OpenAPI().Paths[base+path].Post
	return o.router.resolved(operation.RequestBody.Content["application/json"].Schema)
}
