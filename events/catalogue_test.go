package events

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/events/sealed"
)

func TestAFactThatThisVersionDoesNotKnowIsUnknown(t *testing.T) {
	for name, schema := range map[string]int{"case.never-was": 1, "": 1, "case.note-recorded": 2, "case.risk-rated": 0, "case.closed": -1} {
		if e, err := Decode(name, schema, []byte(`{}`)); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s, shape %d: %v, %v", name, schema, e, err)
		}
	}
}

type neverWas struct{}

func (neverWas) Type() string { return "case.never-was" }

type pretender struct{}

func (pretender) Type() string { return "case.note-recorded" }

func TestOnlyWhatIsInTheCatalogueIsWritten(t *testing.T) {
	for _, e := range []Event{neverWas{}, pretender{}, &NoteRecorded{}} { // a pointer would be read back as a value
		if data, _, err := Encode(e); !errors.Is(err, ErrUnknown) {
			t.Errorf("%T: %s, %v", e, data, err)
		}
	}
}

func TestAFactWithAnOpenFieldIsNotWritten(t *testing.T) {
	for _, e := range slices.Concat(clientSamples, forgettingSamples, caseSamples, moreCaseSamples, groupSamples, programmeSamples, accessSamples) {
		if len(openedFields(t, e.Type())) == 0 {
			continue // has nothing personal
		}
		if data, _, err := Encode(e); !errors.Is(err, sealed.ErrOpen) || data != nil {
			t.Errorf("%s: %s, %v", e.Type(), data, err)
		}
	}
}

func openedFields(t *testing.T, name string) map[string]any {
	return readSamples(t)[sampleFile(name, catalogue.byName[name].schema)].Opened
}

func TestTypesIsACopy(t *testing.T) {
	Types()[0] = "changed"
	if Types()[0] == "changed" {
		t.Error("whoever asks for the names can change them")
	}
}

func TestACatalogueThatContradictsItselfDoesNotStart(t *testing.T) {
	for what, make := range map[string]func(){
		"twice in the catalogue": func() { register(fact[NoteRecorded](1), fact[NoteRecorded](1)) },
		"an upcast too few":      func() { fact[NoteRecorded](2) },
		"an upcast too many":     func() { fact[NoteRecorded](1, wardRound2) },
	} {
		func() {
			defer func() {
				if said, _ := recover().(string); !strings.Contains(said, "case.note-recorded") {
					t.Errorf("%s: it starts, or does not say of what: %q", what, said)
				}
			}()
			make()
		}()
	}
}
