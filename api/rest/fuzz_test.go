package rest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// operation is a route as the committed contract describes it.
type operation struct {
	method, path string
	params       []param
	body         schema // nil: none
}

type param struct {
	Name, In string
	Required bool
	Schema   schema
}

type schema = map[string]any

// contracted reads openapi.json: whatever is in it is tried, and a new route by itself.
func contracted(t testing.TB) (all []operation, schemas schema) {
	t.Helper()
	text, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Paths map[string]map[string]struct {
			Parameters  []param
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas schema }
	}
	if err := json.Unmarshal(text, &contract); err != nil {
		t.Fatal(err)
	}
	for path, methods := range contract.Paths {
		for method, o := range methods {
			all = append(all, operation{strings.ToUpper(method), path, o.Parameters, o.RequestBody.Content["application/json"].Schema})
		}
	}
	slices.SortFunc(all, func(a, b operation) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all, contract.Components.Schemas
}

// maker makes requests that fit the contract, and now and then something in them that does not. What it does is read from
// the choices; when they are used up, all is right and as little as may be.
type maker struct {
	choices []byte
	schemas schema
	ids     []string          // that there are
	own     map[string]string // of the streams of the story, by their kind
	seen    map[string]string // the version of each, as it was last answered
	depth   int
}

// pick is a number below n.
func (m *maker) pick(n int) int {
	if len(m.choices) == 0 {
		return 0
	}
	one := int(m.choices[0])
	m.choices = m.choices[1:]
	return one % n
}

// texts are what someone might send where the contract asks for a text.
var texts = []string{
	secret, "2012-07-02", "2012-02-30", "0000-00-00", "9999-12-31", "2012-07-02T09:00:00+08:00", "2012-07-02T09:00:00Z", "0001-01-01T00:00:00Z", "+99999-01-01",
	"", " ", "0", "-1", "1e400", "null", project, site, "street_child", "phq-9", "case.closed", "administrator", "huangpi",
	"\x00" + secret, secret + "\r\nSet-Cookie: a=b", "\u202e" + secret, "𠮷䶮㛃" + secret, strings.Repeat(secret, 200), "<script>" + secret, "' OR 1=1 --" + secret, "%s%n" + secret, "../../" + secret, "$.{{.}}" + secret,
	"\xff\xfe" + secret,
}

// hostile is what fits nowhere.
func (m *maker) hostile() any {
	return []any{
		nil, true, -1, 1e308, 1.5, json.Number("99999999999999999999999999"), json.Number("-0"), []any{}, body{}, body{secret: secret}, []any{secret, []any{secret}}, texts[m.pick(len(texts))],
	}[m.pick(12)]
}

// value is one that fits a schema, most of the time.
func (m *maker) value(s schema) any {
	for ref, ok := s["$ref"].(string); ok; ref, ok = s["$ref"].(string) {
		s, _ = m.schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(schema)
	}
	if m.pick(24) == 23 {
		return m.hostile()
	}
	if values, ok := s["enum"].([]any); ok {
		return values[m.pick(len(values))]
	}
	kind, _ := s["type"].(string)
	if kinds, ok := s["type"].([]any); ok {
		kind, _ = kinds[m.pick(len(kinds))].(string)
	}
	m.depth++
	defer func() { m.depth-- }()
	switch kind {
	case "object":
		return m.object(s)
	case "array":
		items, _ := s["items"].(schema)
		all := []any{}
		least, _ := s["minItems"].(float64)
		for range int(least) + m.pick(3) {
			all = append(all, m.value(items))
		}
		return all
	case "string":
		return m.text(s)
	case "integer", "number":
		least, _ := s["minimum"].(float64)
		return []any{least, least + 1, least - 1, least + 0.5, s["maximum"], 1 << 53, -1 << 62}[m.pick(7)]
	case "boolean":
		return m.pick(2) == 1
	}
	return m.hostile()
}

func (m *maker) object(s schema) any {
	properties, _ := s["properties"].(schema)
	required, _ := s["required"].([]any)
	made := body{}
	names := make([]string, 0, len(properties))
	for name := range properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		must := slices.Contains(required, any(name))
		if must && m.pick(40) != 39 || !must && m.depth < deepest && m.pick(3) == 1 {
			made[name] = m.value(properties[name].(schema))
		}
	}
	if other, ok := s["additionalProperties"].(schema); ok {
		for range m.pick(3) {
			made[[]string{"phq1", "found_place", "injuries", secret}[m.pick(4)]] = m.value(other)
		}
	}
	if m.pick(30) == 29 {
		made[texts[m.pick(len(texts))]] = m.hostile()
	}
	return made
}

func (m *maker) text(s schema) string {
	if s["format"] == "uuid" {
		return append(m.ids, newID(), "00000000-0000-0000-0000-000000000000", secret, "ffffffff-ffff-7fff-bfff-ffffffffffff")[m.pick(len(m.ids)+4)]
	}
	if s["format"] == "date-time" {
		return texts[5+m.pick(4)]
	}
	text := texts[m.pick(len(texts))]
	if most, ok := s["maxLength"].(float64); ok && m.pick(10) != 9 {
		for len([]rune(text)) > int(most) {
			text = string([]rune(text)[:len([]rune(text))/2])
		}
	}
	return text
}

// request is one of an operation, and whether it could be sent.
func (m *maker) request(o operation, raw []byte) *http.Request {
	path, query, header := o.path, url.Values{}, http.Header{}
	for _, p := range o.params {
		value := fmt.Sprint(m.value(p.Schema))
		if p.Name == "after" { // one that never comes is waited for
			value = []string{"0", "1", "", "-1", secret, "99999999999999999999"}[m.pick(6)]
		}
		if id := m.own[kindOf(strings.TrimPrefix(o.path, base))]; id != "" && p.Name == "id" && m.pick(8) != 7 {
			value = id
		}
		if version := m.seen[kindOf(strings.TrimPrefix(o.path, base))]; p.Name == "If-Match" && m.pick(8) != 7 {
			header.Set(p.Name, version)
			continue
		}
		switch {
		case p.In == "path":
			path = strings.Replace(path, "{"+p.Name+"}", url.PathEscape(value), 1)
		case !p.Required && m.pick(2) == 0:
		case p.In == "query":
			query.Add(p.Name, value)
		case p.In == "header":
			header.Set(p.Name, strings.Map(func(r rune) rune {
				if r < ' ' || r > '~' {
					return -1
				}
				return r
			}, value))
		}
	}
	if o.body != nil && len(raw) == 0 {
		raw, _ = json.Marshal(m.value(o.body))
	}
	r := httptest.NewRequest(o.method, "http://example.com/", nil)
	if o.body != nil {
		r = httptest.NewRequest(o.method, "http://example.com/", strings.NewReader(string(raw)))
		r.Header.Set("Content-Type", "application/json")
	}
	if u, err := url.Parse("http://example.com" + path + "?" + query.Encode()); err == nil {
		r.URL = u
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if o.body != nil && m.pick(12) != 11 {
		r.Header.Set("Idempotency-Key", newID())
	}
	return r
}

// FuzzOperations sends requests to every operation of the contract: bodies that fit it and are then spoilt, and bodies
// that the fuzzer makes of them. Nothing panics, nothing is the server's fault, and no answer that is a no, no header and
// no log line repeats what was sent, but that a refusal may name the entry which it speaks of by its id.
func FuzzOperations(f *testing.F) {
	o := openOffice(f)
	s := o.wholeStory(o.a1)
	operations, schemas := contracted(f)
	var ids []string
	for _, id := range s.ids {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	people := append([]person{o.a1, o.a1, o.a1, o.a1, o.a, o.administrator, o.administrator}, append(o.people(), o.nobody())...)
	seen := maps.Clone(s.seen)
	dice := rand.New(rand.NewPCG(2012, 5))
	for n, operation := range operations {
		f.Add(uint16(n), []byte{}, []byte{})
		for range 6 {
			choices := make([]byte, 120)
			for i := range choices {
				choices[i] = byte(dice.UintN(256))
			}
			f.Add(uint16(n), choices, []byte{})
		}
		if operation.path == base+"/search" {
			for _, asked := range []string{`{"name":"` + secret + `"}`, `{"name":"𠮷","birth":"2000"}`, `{"phone":"` + secret + `","id_number":"\u0000\u202e"}`, `{"name":"` + strings.Repeat("ß", 100) + `"}`} {
				f.Add(uint16(n), []byte{}, []byte(asked))
			}
		}
		if l, ok := lineOf(strings.TrimPrefix(operation.path, base)); ok {
			sent := l.body(s)
			if sent["entry"] != nil {
				sent["entry"] = newID()
			}
			f.Add(uint16(n), []byte{}, []byte(asSent(sent)))
		}
	}
	f.Fuzz(func(t *testing.T, n uint16, choices, raw []byte) {
		operation := operations[int(n)%len(operations)]
		m := &maker{choices: choices, schemas: schemas, ids: ids, own: s.ids, seen: seen}
		p := people[m.pick(len(people))]
		r := m.request(operation, raw)
		if p.token != "" {
			r.Header.Set("Authorization", "Bearer "+p.token)
		}
		o.said.forget()
		h := o.hears(r)
		said := o.said.String()
		if h.status == http.StatusCreated {
			seen[kindOf(strings.TrimPrefix(operation.path, base))] = h.header.Get("ETag")
		}
		what := fmt.Sprintf("%s %s by %s: %d", operation.method, operation.path, p.who, h.status)
		if h.status >= http.StatusInternalServerError || strings.Contains(said, "panicked") || strings.Contains(said, "level=ERROR") {
			t.Fatalf("%s %s %s", what, h.bytes, said)
		}
		for name, where := range map[string]string{"the answer": string(h.bytes), "its headers": fmt.Sprint(h.header), "the log lines": said} {
			if name == "the answer" && h.status < http.StatusBadRequest {
				continue // it is shown to whoever may read it
			}
			for _, part := range trace {
				if strings.Contains(strings.ToLower(where), part) {
					t.Fatalf("%s: %s repeats what was sent: %s", what, name, where)
				}
			}
		}
		if h.status >= http.StatusBadRequest {
			var p Problem
			if err := json.Unmarshal(h.bytes, &p); err != nil || p.Zh == "" || p.En == "" || p.Status != h.status {
				t.Fatalf("%s: it is no problem: %s", what, h.bytes)
			}
		}
	})
}

// FuzzShallow: whatever is JSON for a real parser is refused if it goes too deep, and only then.
func FuzzShallow(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"[{\"]"]}`, strings.Repeat("[", 40), strings.Repeat("[", 32) + strings.Repeat("]", 32), strings.Repeat(`{"a":`, 33) + "1" + strings.Repeat("}", 33), `"\\"`, `["\\\"[",{}]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		d, deep := jsontext.NewDecoder(strings.NewReader(string(data)), jsontext.AllowDuplicateNames(true)), 0
		for {
			if _, err := d.ReadToken(); err != nil {
				break
			}
			deep = max(deep, d.StackDepth())
		}
		err := shallow(data)
		if valid := jsontext.Value(data).IsValid(jsontext.AllowDuplicateNames(true)); valid && (err != nil) != (deep > deepest) {
			t.Fatalf("%d deep: %v", deep, err)
		} else if deep > deepest && err == nil {
			t.Fatalf("a parser gets %d deep into it", deep)
		}
	})
}
