package rest

import (
	"testing"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/services/activities"
	"github.com/casestream/casestream/services/cases"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/groups"
	"github.com/casestream/casestream/services/programme"
)

func TestEveryRefusalHasWordsInBothLanguages(t *testing.T) {
	for _, codes := range [][]string{cases.Codes(), clients.Codes(), groups.Codes(), activities.Codes(), programme.Codes(), account.Codes()} {
		for _, code := range codes {
			if w := words[code]; w.zh == "" || w.en == "" {
				t.Errorf("%s has no words", code)
			}
		}
	}
}
