package categories

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
)

type object = map[string]any

// small is the smallest set of files that is accepted.
func small() map[string]object {
	parse := func(text string) object {
		var o object
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			panic(err)
		}
		return o
	}
	return map[string]object{
		"data/shared/common.json": parse(`{"version":1,"fields":[
			{"key":"name","kind":"text","zh":"姓名","en":"Name","class":"S1","of":"client"},
			{"key":"household","kind":"long_text","zh":"家庭","en":"Household","class":"S2"}]}`),
		"data/shared/deadlines.json": parse(`{"steps":[
			{"key":"plan","zh":"计划","en":"Plan","limit":{"amount":10,"unit":"working-days"}},
			{"key":"safety_check","zh":"安全","en":"Safety","safety":true,"limit":{"amount":2,"unit":"hours"}}]}`),
		"data/shared/closure.json": parse(`{"reasons":[{"key":"other","zh":"其他","en":"Other","requires":"text"}],
			"outcomes":[{"key":"goals_met","zh":"目标达成","en":"Goals met"}]}`),
		"data/shared/indicators.json": parse(`{"indicators":[{"key":"delivery","zh":"服务量","en":"Delivery"}]}`),
		"data/guest.json": parse(`{"key":"guest","version":1,"order":1,"names":{"zh":"来宾","en":"Guest"},
			"form":{"key":"guest.intake","version":1,"common":1,"fields":[
				{"key":"injured","kind":"yes_no_unknown","zh":"受伤","en":"Injured","class":"S2"},
				{"key":"wound","kind":"choice","zh":"伤口","en":"Wound","class":"S2","show_when":{"field":"injured","is":["yes"]},
					"options":[{"key":"old","zh":"旧","en":"Old"},{"key":"new","zh":"新","en":"New"}]},
				{"key":"times","kind":"number","zh":"次数","en":"Times","class":"S0","min":0,"max":9}]},
			"domains":[{"key":"health","zh":"健康","en":"Health"}],
			"measures":[{"instrument":"phq-9","when":"baseline","min_age":14}],
			"deadlines":{"plan":{"amount":5,"unit":"days"}},
			"exits":[{"key":"left","zh":"离开","en":"Left","min_age":16}],
			"outcomes":[{"key":"rested","zh":"休整","en":"Rested"}],"common_outcomes":true,
			"follow_ups":[{"key":"month_1","zh":"一个月","en":"1 month","after":{"amount":1,"unit":"months"}}],
			"follow_up_asks":[{"key":"well","zh":"安好","en":"Well"}],
			"indicators":["delivery"]}`),
	}
}

func loadAll(t *testing.T, documents map[string]object) (catalogue, error) {
	t.Helper()
	files := fstest.MapFS{}
	for name, document := range documents {
		text, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: text}
	}
	return load(files)
}

func TestTheSharedPartsAreComposedIn(t *testing.T) {
	c, err := loadAll(t, small())
	if err != nil {
		t.Fatal(err)
	}
	guest := c.categories[0]
	if len(guest.Form.Fields) != 5 || guest.Form.Fields[0].Key != "name" || len(guest.Outcomes) != 2 {
		t.Errorf("%d fields, %d outcomes", len(guest.Form.Fields), len(guest.Outcomes))
	}
}

func TestBrokenDataIsRefused(t *testing.T) {
	// at walks to the nth element of a list in an object.
	at := func(o object, list string, n int) object { return o[list].([]any)[n].(object) }
	field := func(guest object, n int) object { return at(guest["form"].(object), "fields", n) }
	shared := func(all map[string]object, name string) object { return all["data/shared/"+name+".json"] }
	type files = map[string]object
	guest := func(spoil func(guest object)) func(files) {
		return func(all files) { spoil(all["data/guest.json"]) }
	}
	for _, c := range []struct {
		says  string
		spoil func(all files)
	}{
		{`unknown field "colour"`, guest(func(g object) { g["colour"] = "red" })},
		{`category "Guest"`, guest(func(g object) { g["key"] = "Guest" })},
		{"category \"guest\": a name in each language", guest(func(g object) { g["names"] = object{"en": "Guest"} })},
		{"version 0", guest(func(g object) { delete(g, "version") })},
		{"order 0", guest(func(g object) { delete(g, "order") })},
		{"must be called guest.intake", guest(func(g object) { g["form"].(object)["key"] = "guest" })},
		{"form: version 0", guest(func(g object) { g["form"].(object)["version"] = 0 })},
		{"no version 2 of the common part", guest(func(g object) { g["form"].(object)["common"] = 2 })},
		{"domains: none", guest(func(g object) { g["domains"] = []any{} })},
		{`domain "health": a name`, guest(func(g object) { at(g, "domains", 0)["zh"] = "" })},
		{"outcomes: none", func(all files) {
			all["data/guest.json"]["outcomes"] = []any{}
			delete(all["data/guest.json"], "common_outcomes")
		}},
		{`outcome "goals_met": there twice`, guest(func(g object) { at(g, "outcomes", 0)["key"] = "goals_met" })},
		{`exit "left": a name`, guest(func(g object) { at(g, "exits", 0)["en"] = "" })},
		{`exit "left": age`, guest(func(g object) { at(g, "exits", 0)["min_age"] = -1 })},
		{"unknown unit", guest(func(g object) { at(g, "follow_ups", 0)["after"] = object{"amount": 1, "unit": "moons"} })},
		{`follow-up "Month"`, guest(func(g object) { at(g, "follow_ups", 0)["key"] = "Month" })},
		{`follow-up question "well": a name`, guest(func(g object) { delete(at(g, "follow_up_asks", 0), "zh") })},
		{"unknown instrument", guest(func(g object) { at(g, "measures", 0)["instrument"] = "phq-99" })},
		{"unknown point", guest(func(g object) { at(g, "measures", 0)["when"] = "sometimes" })},
		{"instrument's own age 12", guest(func(g object) { at(g, "measures", 0)["min_age"] = 11 })},
		{"twice at", guest(func(g object) { g["measures"] = append(g["measures"].([]any), g["measures"].([]any)[0]) })},
		{"no such step", guest(func(g object) { g["deadlines"] = object{"party": object{"amount": 1, "unit": "days"}} })},
		{"unknown unit", guest(func(g object) { g["deadlines"] = object{"plan": object{"amount": 1, "unit": "moons"}} })},
		{"a step of safety", guest(func(g object) { g["deadlines"] = object{"safety_check": object{"amount": 1, "unit": "working-days"}} })},
		{"a step of safety", guest(func(g object) { g["deadlines"] = object{"safety_check": object{"amount": 1, "unit": "term-days"}} })},
		{`indicator "joy": unknown`, guest(func(g object) { g["indicators"] = []any{"joy"} })},
		{`indicator "delivery": there twice`, guest(func(g object) { g["indicators"] = []any{"delivery", "delivery"} })},

		{"unknown kind", guest(func(g object) { field(g, 0)["kind"] = "colour" })},
		{"unknown class", guest(func(g object) { field(g, 0)["class"] = "S4" })},
		{"unknown class", guest(func(g object) { delete(field(g, 0), "class") })},
		{`field "injured": a name in each language`, guest(func(g object) { field(g, 0)["zh"] = "" })},
		{"help in each language", guest(func(g object) { field(g, 0)["help"] = object{"zh": "帮助"} })},
		{`field "household": there twice`, guest(func(g object) { field(g, 2)["key"] = "household" })},
		{"only the common part", guest(func(g object) { field(g, 0)["of"] = "client" })},
		{"unknown owner", func(all files) { at(shared(all, "common"), "fields", 0)["of"] = "nobody" }},
		{"never S0", func(all files) { at(shared(all, "common"), "fields", 1)["class"] = "S0" }},
		{"a person is identity", func(all files) { at(shared(all, "common"), "fields", 1)["kind"] = "person" }},
		{"options are for choice", guest(func(g object) { delete(field(g, 1), "options") })},
		{"options are for choice", guest(func(g object) { field(g, 0)["options"] = field(g, 1)["options"] })},
		{`option of wound "old": there twice`, guest(func(g object) { at(field(g, 1), "options", 1)["key"] = "old" })},
		{`option of wound "new": a name`, guest(func(g object) { at(field(g, 1), "options", 1)["en"] = "" })},
		{"are for numbers", guest(func(g object) { field(g, 0)["min"] = 1 })},
		{"min below max", guest(func(g object) { field(g, 2)["max"] = 0 })},
		{"not a field before it", guest(func(g object) { field(g, 1)["show_when"] = object{"field": "times2", "is": []any{"yes"}} })},
		{"not a field before it", guest(func(g object) { field(g, 0)["show_when"] = object{"field": "wound", "is": []any{"old"}} })},
		{"kept elsewhere", guest(func(g object) { field(g, 1)["show_when"] = object{"field": "name", "is": []any{"x"}} })},
		{"shown by no answer", guest(func(g object) { field(g, 1)["show_when"] = object{"field": "injured", "is": []any{}} })},
		{"which is no answer to", guest(func(g object) { field(g, 1)["show_when"] = object{"field": "injured", "is": []any{"maybe"}} })},
		{"form: no fields", func(all files) { shared(all, "common")["fields"] = []any{} }},

		{"step \"plan\": there twice", func(all files) { at(shared(all, "deadlines"), "steps", 1)["key"] = "plan" }},
		{"unknown unit", func(all files) {
			at(shared(all, "deadlines"), "steps", 0)["limit"] = object{"amount": 1, "unit": "moons"}
		}},
		{"a step of safety", func(all files) {
			at(shared(all, "deadlines"), "steps", 1)["limit"] = object{"amount": 1, "unit": "terms"}
		}},
		{"closure reason \"other\": a name", func(all files) { at(shared(all, "closure"), "reasons", 0)["zh"] = "" }},
		{"nobody can give", func(all files) { at(shared(all, "closure"), "reasons", 0)["requires"] = "blood" }},
		{"common outcome", func(all files) { at(shared(all, "closure"), "outcomes", 0)["en"] = "" }},
		{"indicator \"delivery\": a name", func(all files) { at(shared(all, "indicators"), "indicators", 0)["zh"] = "" }},
		{"indicators.json", func(all files) { delete(all, "data/shared/indicators.json") }},
		{"same order", func(all files) {
			other := small()["data/guest.json"]
			other["key"], other["form"].(object)["key"] = "lodger", "lodger.intake"
			all["data/lodger.json"] = other
		}},
		{"version 1 is there twice", func(all files) { all["data/guest2.json"] = small()["data/guest.json"] }},
	} {
		documents := small()
		c.spoil(documents)
		if _, err := loadAll(t, documents); err == nil {
			t.Errorf("accepted, though wrong: %s", c.says)
		} else if !strings.Contains(err.Error(), c.says) {
			t.Errorf("refused for another reason than %q: %v", c.says, err)
		}
	}
}

func TestANewVersionIsFoundFirstAndTheOldOneStays(t *testing.T) {
	documents := small()
	newer := small()["data/guest.json"]
	newer["version"] = 2
	documents["data/guest.v2.json"] = newer
	c, err := loadAll(t, documents)
	if err != nil || len(c.categories) != 2 || c.categories[0].Version != 2 || c.categories[1].Version != 1 {
		t.Errorf("%d categories, %v", len(c.categories), err)
	}
}
