package activities

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The codes that the contract offers are those that the decisions know, so that neither refuses what the other takes.
func TestTheContractOffersTheCodesThatAreKnown(t *testing.T) {
	for _, c := range []struct {
		command any
		field   string
		codes   []string
	}{
		{HoldActivity{}, "Counted", ways},
		{HoldActivity{}, "Partners", partners},
		{CorrectCount{}, "Counted", ways},
	} {
		field, _ := reflect.TypeOf(c.command).FieldByName(c.field)
		if offered := strings.Split(field.Tag.Get("enum"), ","); !slices.Equal(offered, c.codes) {
			t.Errorf("%T offers %v as %s, known are %v", c.command, offered, c.field, c.codes)
		}
	}
}
