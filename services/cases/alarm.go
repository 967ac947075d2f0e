package cases

import (
	_ "embed"
	"encoding/json"
	"slices"
)

// alarm makes steps due at intake when a field of the form, of whatever category, has one of these answers: signs
// of trafficking are reported at once and do not wait for an assessment.
type alarm struct {
	Field string   `json:"field"`
	Is    []string `json:"is"`
	Steps []string `json:"steps"`
}

//go:embed data/alarms.json
var alarmsData []byte

var allAlarms = func() (file struct {
	Note   string  `json:"note"`
	Alarms []alarm `json:"alarms"`
},
) {
	if err := json.Unmarshal(alarmsData, &file); err != nil {
		panic("cases: data/alarms.json: " + err.Error())
	}
	return file
}().Alarms

// alarms lists the steps that the answers make due, each once.
func alarms(answers map[string]any) (steps []string) {
	for _, a := range allAlarms {
		if !a.rings(answers[a.Field]) {
			continue
		}
		for _, step := range a.Steps {
			if !slices.Contains(steps, step) {
				steps = append(steps, step)
			}
		}
	}
	return steps
}

func (a alarm) rings(answer any) bool {
	switch said := answer.(type) {
	case string:
		return slices.Contains(a.Is, said)
	case []any:
		return slices.ContainsFunc(said, a.rings)
	}
	return false
}
