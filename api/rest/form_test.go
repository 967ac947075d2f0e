package rest

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
)

// formal is an operation and what its body is held to.
type formal struct {
	operation
	held
}

// formals are the operations whose bodies read themselves, and the schemas that they refer to.
func formals(t testing.TB) (all []formal, schemas schema) {
	t.Helper()
	r := newRouter(running(t))
	r.routes("")
	operations, schemas := contracted(t)
	for _, o := range operations {
		item := r.api.OpenAPI().Paths[o.path]
		if item == nil || item.Post == nil || o.method != "POST" {
			continue
		}
		if to, ok := item.Post.Metadata[contract].(held); ok {
			all = append(all, formal{o, to})
		}
	}
	return all, schemas
}

// What a form says yes to, huma finds nothing wrong with, and it can be read.
func (o formal) agrees(t testing.TB, sent []byte) (sure, right bool) {
	t.Helper()
	body := bytes.TrimSpace(sent)
	if shallow(body) != nil {
		return false, false
	}
	sure = o.form.holds(body)
	faults := o.faults(body)
	if sure && len(faults) > 0 {
		t.Fatalf("%s: the form holds %q, and huma says %v", o.path, sent, faults)
	}
	return sure, len(faults) == 0
}

func TestAFormHoldsNothingThatTheContractDoesNotAllow(t *testing.T) {
	all, schemas := formals(t)
	dice := rand.New(rand.NewPCG(2012, 7))
	sure, right, wrong := 0, 0, 0
	for _, o := range all {
		for range 300 {
			choices := make([]byte, 60)
			for i := range choices {
				choices[i] = byte(dice.UintN(256))
			}
			m := &maker{choices: choices, schemas: schemas, ids: []string{newID(), "URN:UUID:" + newID(), "{" + newID() + "}"}}
			sent, err := json.Marshal(m.value(o.body))
			if err != nil {
				t.Fatal(err)
			}
			yes, fits := o.agrees(t, sent)
			switch {
			case yes:
				sure++
			case fits:
				right++
			default:
				wrong++
			}
			if n := dice.IntN(len(sent)); n > 0 { // and spoilt somewhere
				o.agrees(t, append(bytes.Clone(sent[:n]), sent[n-1:]...))
				o.agrees(t, append(bytes.Clone(sent[:n-1]), sent[n:]...))
				spoilt := bytes.Clone(sent)
				spoilt[n] = "\\\"{}[]:,0n\x80 "[dice.IntN(12)]
				o.agrees(t, spoilt)
			}
		}
	}
	if sure < right || wrong < 1000 {
		t.Errorf("of %d commands: %d are sure, %d are right, %d are wrong", len(all), sure, right, wrong)
	}
}

// What a story sends is read without huma's help, and so is nearly every body.
func TestAFormIsSureOfWhatIsSentEveryDay(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	all, _ := formals(t)
	for _, to := range all {
		l, ok := lineOf(strings.TrimPrefix(to.path, base))
		if !ok {
			t.Errorf("%s is in no story", to.path)
			continue
		}
		if sure, right := to.agrees(t, []byte(asSent(l.body(s)))); !sure || !right {
			t.Errorf("%s: sure %t, right %t: %s", to.path, sure, right, asSent(l.body(s)))
		}
	}
}

func FuzzForm(f *testing.F) {
	all, schemas := formals(f)
	dice := rand.New(rand.NewPCG(2012, 8))
	for n, o := range all {
		for range 4 {
			choices := make([]byte, 60)
			for i := range choices {
				choices[i] = byte(dice.UintN(256))
			}
			sent, err := json.Marshal((&maker{choices: choices, schemas: schemas, ids: []string{newID()}}).value(o.body))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(uint16(n), sent)
		}
	}
	f.Fuzz(func(t *testing.T, n uint16, sent []byte) { all[int(n)%len(all)].agrees(t, sent) })
}
