package cases

import (
	_ "embed"
	"encoding/json"
	"slices"
	"time"

	"github.com/casestream/casestream/services"
)

// LegalBasis stands in for a consent. It is dated: what happened in 2012 cannot rest on a law of 2021.
type LegalBasis struct {
	Key      string   `json:"key"`
	ZH       string   `json:"zh"`
	EN       string   `json:"en"`
	Article  string   `json:"article"`
	From     string   `json:"from"`            // first day in force
	Until    string   `json:"until,omitempty"` // last day in force; empty: still is
	Purposes []string `json:"purposes"`        // what it can stand in for
}

//go:embed data/legal-bases.json
var basesData []byte

var allBases = func() (file struct {
	Note  string       `json:"note"`
	Bases []LegalBasis `json:"bases"`
},
) {
	if err := json.Unmarshal(basesData, &file); err != nil {
		panic("cases: data/legal-bases.json: " + err.Error())
	}
	return file
}().Bases

// LegalBases lists what can be cited for a purpose on a day.
func LegalBases(purpose, day string) []LegalBasis {
	return slices.DeleteFunc(slices.Clone(allBases), func(b LegalBasis) bool { return !b.serves(purpose, day) })
}

func (b LegalBasis) serves(purpose, day string) bool {
	return b.From <= day && (b.Until == "" || day <= b.Until) && slices.Contains(b.Purposes, purpose)
}

// standsIn refuses a legal basis that was not in force, or not for this purpose, or that comes without a reason.
func standsIn(key, purpose, reason, field string, at time.Time) error {
	known := slices.ContainsFunc(allBases, func(b LegalBasis) bool { return b.Key == key && b.serves(purpose, day(at)) })
	switch {
	case !known:
		return services.Refuse(RefusedBasis)
	case blank(reason):
		return services.Refuse(RefusedMissing, field)
	}
	return nil
}
