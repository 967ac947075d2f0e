package measures

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

// broken gives the PHQ-9's data after one change.
func broken(t *testing.T, change func(d map[string]any)) []byte {
	t.Helper()
	text, err := data.ReadFile("data/phq-9.json")
	if err != nil {
		t.Fatal(err)
	}
	var d map[string]any
	if err := json.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	change(d)
	if text, err = json.Marshal(d); err != nil {
		t.Fatal(err)
	}
	return text
}

type object = map[string]any

func TestBrokenDataIsRefused(t *testing.T) {
	nth := func(d object, list string, n int) object { return d[list].([]any)[n].(object) }
	for _, c := range []struct {
		says  string
		spoil func(d object)
	}{
		{"unknown field", func(d object) { d["licens"] = "x" }},
		{"key", func(d object) { d["key"] = "PHQ 9" }},
		{"version 0", func(d object) { delete(d, "version") }},
		{"names", func(d object) { d["names"] = object{"en": "PHQ-9"} }},
		{"licence", func(d object) { delete(d, "licence") }},
		{"source", func(d object) { d["source"] = "" }},
		{"direction", func(d object) { d["direction"] = "sideways" }},
		{"minimal_important_change", func(d object) { d["minimal_important_change"] = -1 }},
		{"ages", func(d object) { d["max_age"] = 11 }},
		{`scoring "mode"`, func(d object) { d["scoring"] = "mode" }},
		{"takes items", func(d object) { d["range"] = object{"min": 0, "max": 27} }},
		{"takes a range", func(d object) { d["scoring"] = "total" }},
		{"min below max", func(d object) { d["range"] = object{"min": 3, "max": 3} }},
		{"question", func(d object) { delete(d, "question") }},
		{"a key of its own", func(d object) { nth(d, "items", 1)["key"] = "phq1" }},
		{"a text in each language", func(d object) { nth(d, "items", 1)["zh"] = "" }},
		{`item "phq2": min below max`, func(d object) { delete(d, "options"); nth(d, "items", 1)["min"] = 3 }},
		{"one option for each value", func(d object) { nth(d, "items", 1)["max"] = 4 }},
		{"one option for each value", func(d object) { nth(d, "options", 1)["value"] = 2 }},
		{"option 1", func(d object) { nth(d, "options", 1)["en"] = "" }},
		{"fewer than the items", func(d object) { d["missing"] = object{"fill_up_to": 9, "never_filled": []string{"phq9"}} }},
		{`missing: no item`, func(d object) { d["missing"] = object{"fill_up_to": 2, "never_filled": []string{"phq9", "phq10"}} }},
		{`safety: no item`, func(d object) { nth(d, "safety", 0)["item"] = "phq10" }},
		{"which flag", func(d object) { nth(d, "safety", 0)["flag"] = "" }},
		{"task", func(d object) { nth(d, "safety", 0)["when_blank"] = "Ask!" }},
		{"must never be filled in", func(d object) { d["missing"] = object{"fill_up_to": 2} }},
		{"without gap", func(d object) { nth(d, "bands", 1)["from"] = 6 }},
		{"without gap", func(d object) { nth(d, "bands", 1)["from"] = 4 }},
		{"highest score", func(d object) { nth(d, "bands", 4)["to"] = 26 }},
		{"band", func(d object) { nth(d, "bands", 4)["key"] = "mild" }},
		{"band", func(d object) { nth(d, "bands", 4)["zh"] = "" }},
		{"whole points", func(d object) {
			d["scoring"], d["range"], d["items"] = "mean-of-domains", object{"min": 0, "max": 3}, []any{}
		}},
		{"one for each value of a domain", func(d object) {
			d["scoring"], d["range"], d["items"], d["bands"] = "mean-of-domains", object{"min": 0, "max": 4}, []any{}, []any{}
		}},
	} {
		if _, err := parse(broken(t, c.spoil)); err == nil {
			t.Errorf("accepted, though wrong: %s", c.says)
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("refused for another reason than %q: %v", c.says, err)
		}
	}
	if _, err := parse(broken(t, func(object) {})); err != nil {
		t.Errorf("the data without a change was refused: %v", err)
	}
	if _, err := parse([]byte(string(broken(t, func(object) {})) + "{}")); err == nil {
		t.Error("two documents in one file were accepted")
	}
}

func TestTwoFilesOfOneVersionAreRefused(t *testing.T) {
	same := broken(t, func(object) {})
	_, err := load(fstest.MapFS{"data/a.json": {Data: same}, "data/b.json": {Data: same}})
	if err == nil || !strings.Contains(err.Error(), "twice") {
		t.Errorf("error %v", err)
	}
}

func TestTheNewestVersionComesFirst(t *testing.T) {
	all, err := load(fstest.MapFS{
		"data/phq-9.json":    {Data: broken(t, func(d object) { d["version"] = 2 })},
		"data/phq-9.v1.json": {Data: broken(t, func(object) {})},
	})
	if err != nil || len(all) != 2 || all[0].Version != 2 {
		t.Errorf("%d instruments, the first version %d, %v", len(all), all[0].Version, err)
	}
}
