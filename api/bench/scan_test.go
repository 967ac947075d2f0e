package bench

import (
	"reflect"
	"testing"

	"github.com/casestream/casestream/events"
)

func TestTheScanKnowsEveryFact(t *testing.T) {
	types, err := eventTypes()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range events.Types() {
		if known := types[name]; known == nil || reflect.Zero(known).Interface().(events.Event).Type() != name {
			t.Errorf("%s is read as %v", name, known)
		}
	}
}
