package programme

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
		{EstablishPost{}, "Kind", postKinds},
		{LicenseWorker{}, "Licence", licences},
		{SetTarget{}, "Count", counts},
		{AdmitEvaluator{}, "Purpose", purposes},
	} {
		field, _ := reflect.TypeOf(c.command).FieldByName(c.field)
		if offered := strings.Split(field.Tag.Get("enum"), ","); !slices.Equal(offered, c.codes) {
			t.Errorf("%T offers %v as %s, known are %v", c.command, offered, c.field, c.codes)
		}
	}
}

// A code is written the same way in the contract and in the decisions.
func TestTheContractAsksForCodesAsTheDecisionsDo(t *testing.T) {
	for _, c := range []struct {
		command any
		field   string
	}{
		{NameCommissioner{}, "Commissioner"},
		{FoundAgency{}, "Agency"},
		{OpenStation{}, "Station"},
		{LaunchProject{}, "Project"},
		{AddSite{}, "Site"},
		{SignAgreement{}, "Agreement"},
		{EstablishPost{}, "Post"},
		{MakeGrant{}, "Grant"},
	} {
		field, _ := reflect.TypeOf(c.command).FieldByName(c.field)
		if pattern := field.Tag.Get("pattern"); pattern != coded.String() {
			t.Errorf("%T asks for %s as %q", c.command, c.field, pattern)
		}
	}
}
