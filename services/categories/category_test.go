package categories_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/deadlines"
	"github.com/casestream/casestream/services/measures"
)

func find(t *testing.T, key string) categories.Category {
	t.Helper()
	c, ok := categories.Find(key)
	if !ok {
		t.Fatalf("no category %q", key)
	}
	return c
}

func keys[T any](list []T, key func(T) string) []string {
	var out []string
	for _, element := range list {
		out = append(out, key(element))
	}
	return out
}

func TestTheCategoriesInTheirOrder(t *testing.T) {
	got := keys(categories.All(), func(c categories.Category) string { return c.Key })
	want := []string{
		"street_child", "orphan", "psychiatric_patient", "boarding_student",
		"hospital_patient", "youth", "family", "elder", "disabled", "community_resident",
	}
	if !slices.Equal(got, want) {
		t.Errorf("categories %v, want %v", got, want)
	}
	if _, ok := categories.FindVersion("orphan", 1); !ok {
		t.Error("orphan version 1 was not found")
	}
	if _, ok := categories.FindVersion("orphan", 99); ok {
		t.Error("orphan version 99 was found")
	}
}

// The numbers of PRACTICE.md, section 1.
func TestDeadlines(t *testing.T) {
	const hours, days, working, school, term = deadlines.Hours, deadlines.Days, deadlines.WorkingDays, deadlines.SchoolDays, deadlines.TermDays
	for _, c := range []struct {
		category, step string
		amount         int
		unit           deadlines.Unit
	}{
		{"orphan", "intake_decision", 3, working},
		{"orphan", "assessment", 10, working},
		{"orphan", "plan", 10, working},
		{"orphan", "approval", 3, working},
		{"orphan", "contact", 14, days},
		{"orphan", "contact_high_risk", 7, days},
		{"orphan", "review", 90, days},
		{"orphan", "risk_rating", 0, days},
		{"orphan", "self_harm_contact", 24, hours},
		{"orphan", "self_harm_contact_again", 3, days},
		{"orphan", "missing_guardian", 0, hours},
		{"orphan", "missing_police", 24, hours},
		{"psychiatric_patient", "discharge_contact", 14, days},
		{"street_child", "safety_check", 2, hours},
		{"street_child", "health_check", 2, hours},
		{"street_child", "assessment", 24, hours},
		{"street_child", "police_report", 0, hours},
		{"street_child", "plan", 10, working},
		{"boarding_student", "assessment", 10, school},
		{"boarding_student", "contact", 14, term},
		{"boarding_student", "contact_high_risk", 7, days},
		{"boarding_student", "self_harm_contact", 24, hours},
	} {
		want := after(c.amount, c.unit)
		if got, ok := find(t, c.category).Limit(c.step); !ok || got != want {
			t.Errorf("%s of %s: %v, %t; want %v", c.step, c.category, got, ok, want)
		}
	}
}

func TestAStepThatACategoryDoesNotHave(t *testing.T) {
	for _, step := range []string{"safety_check", "no_such_step", ""} {
		if limit, ok := find(t, "boarding_student").Limit(step); ok {
			t.Errorf("%q has the limit %v", step, limit)
		}
	}
}

func TestSafetyNeverRests(t *testing.T) {
	for _, step := range categories.Steps() {
		for _, c := range categories.All() {
			if limit, ok := c.Limit(step.Key); ok && step.Safety && limit.Unit.Rests() {
				t.Errorf("%s of %s is counted in %s", step.Key, c.Key, limit.Unit)
			}
		}
	}
}

func after(amount int, unit deadlines.Unit) deadlines.Limit {
	return deadlines.Limit{Amount: amount, Unit: unit}
}

func TestFollowUps(t *testing.T) {
	for category, want := range map[string][]deadlines.Limit{
		"street_child":        {after(1, deadlines.Months), after(3, deadlines.Months), after(6, deadlines.Months)},
		"orphan":              {after(3, deadlines.Months), after(6, deadlines.Months), after(12, deadlines.Months)},
		"psychiatric_patient": {after(1, deadlines.Months), after(3, deadlines.Months), after(6, deadlines.Months), after(12, deadlines.Months)},
		"boarding_student":    {after(1, deadlines.Terms)},
		"elder":               nil,
	} {
		var got []deadlines.Limit
		for _, f := range find(t, category).FollowUps {
			got = append(got, f.After)
			if found, ok := find(t, category).FollowUp(f.Key); !ok || found != f {
				t.Errorf("%s: follow-up %s was not found by its key", category, f.Key)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: follow-ups %v, want %v", category, got, want)
		}
	}
	asks := find(t, "street_child").FollowUpAsks
	if n := slices.IndexFunc(asks, func(q categories.Question) bool { return q.Key == "on_street_again" }); n < 0 || !asks[n].Reopens {
		t.Error("being on the street again does not reopen the case")
	}
}

func TestNobodyUnderSixteenLeavesAlone(t *testing.T) {
	exit, ok := find(t, "street_child").Exit("left_alone")
	if !ok || exit.MinAge != 16 {
		t.Errorf("leaving alone is open from %d years, %t", exit.MinAge, ok)
	}
	if _, ok := find(t, "street_child").Exit("discharged"); ok {
		t.Error("a street child was discharged from hospital")
	}
}

func TestExitsAndOutcomes(t *testing.T) {
	choice := func(c categories.Choice) string { return c.ZH }
	exit := func(e categories.Exit) string { return e.ZH }
	for _, c := range []struct {
		category        string
		exits, outcomes []string
	}{
		{
			"street_child",
			[]string{"亲友接领", "接送返回", "移交", "长期安置", "自行离站", "擅自离站", "死亡"},
			[]string{"家庭团聚", "替代安置", "复学", "转介", "失联"},
		},
		{"boarding_student", nil, []string{"适应良好", "行为改善", "转介", "转学或离校", "家长终止"}},
		{"community_resident", nil, []string{"目标达成", "目标部分达成", "目标未达成", "转介", "失联"}},
	} {
		got := find(t, c.category)
		if !slices.Equal(keys(got.Exits, exit), c.exits) || !slices.Equal(keys(got.Outcomes, choice), c.outcomes) {
			t.Errorf("%s: exits %v, outcomes %v", c.category, keys(got.Exits, exit), keys(got.Outcomes, choice))
		}
	}
	if outcome, ok := find(t, "elder").Outcome("goals_met"); !ok || outcome.ZH != "目标达成" {
		t.Errorf("the common outcome was not found: %v", outcome)
	}
	if _, ok := find(t, "elder").Outcome("adopted"); ok {
		t.Error("an elder was adopted")
	}
}

func TestClosureReasons(t *testing.T) {
	if n := len(categories.ClosureReasons()); n != 14 {
		t.Errorf("%d reasons, want the 14 of PRACTICE.md", n)
	}
	for key, want := range map[string]struct {
		requires   string
		supersedes bool
	}{"other": {"text", false}, "duplicate": {"case", true}, "opened_in_error": {"", true}, "goals_met": {"", false}} {
		r, ok := categories.ClosureReason(key)
		if !ok || r.Requires != want.requires || r.SupersedesOpening != want.supersedes {
			t.Errorf("%s: %+v, %t", key, r, ok)
		}
	}
	if _, ok := categories.ClosureReason("bored"); ok {
		t.Error("an unknown reason was found")
	}
}

func TestEveryCategoryMeasuresGoalsAtClosureAndSeverityBeforeAndAfter(t *testing.T) {
	for _, c := range categories.All() {
		for _, want := range []categories.Measure{
			{Instrument: "gas", When: categories.AtClosure, Required: true},
			{Instrument: "severity", When: categories.Baseline, Required: true},
			{Instrument: "severity", When: categories.AtClosure, Required: true},
		} {
			if !slices.Contains(c.Measures, want) {
				t.Errorf("%s does not take %s at %s", c.Key, want.Instrument, want.When)
			}
		}
	}
}

func TestMeasuresGoByAge(t *testing.T) {
	takes := func(age int) bool {
		return slices.ContainsFunc(find(t, "street_child").MeasuresAt(categories.Baseline, age), func(m categories.Measure) bool { return m.Instrument == "phq-9" })
	}
	if takes(11) || !takes(12) || !takes(-1) {
		t.Errorf("PHQ-9 at 11: %t, at 12: %t, age unknown: %t", takes(11), takes(12), takes(-1))
	}
}

func TestNeedsAreRatedInTheDomainsOfTheCategory(t *testing.T) {
	for _, c := range categories.All() {
		needs, ok := c.Instrument("needs")
		if !ok {
			t.Fatal("no needs")
		}
		r, err := needs.Score(map[string]int{c.Domains[0].Key: 3})
		if err != nil || r.Missing != len(c.Domains)-1 {
			t.Errorf("%s: %+v, %v", c.Key, r, err)
		}
	}
	if _, ok := find(t, "orphan").Instrument("horoscope"); ok {
		t.Error("an unknown instrument was found")
	}
	if phq, _ := find(t, "orphan").Instrument("phq-9"); len(phq.Items) != 9 || phq.Scoring != measures.Sum {
		t.Error("binding domains changed the PHQ-9")
	}
}

func TestIdentityStaysWithTheClient(t *testing.T) {
	for _, c := range categories.All() {
		for _, key := range []string{"name", "sex", "birth_date", "id_kind", "id_number", "address", "phone", "guardian"} {
			if f, ok := c.Form.Field(key); !ok || f.Of != categories.OfClient {
				t.Errorf("%s: %s is kept with %q", c.Key, key, f.Of)
			}
		}
		if f, ok := c.Form.Field("household"); !ok || f.Of != categories.OfAnswers {
			t.Errorf("%s: the household is kept with %q", c.Key, f.Of)
		}
	}
}

func TestDangerAbuseAndSelfHarmAreS3(t *testing.T) {
	for category, fields := range map[string][]string{
		"street_child":        {"coercion", "coercion_signs", "coercion_detail", "injuries_detail", "left_home_because"},
		"orphan":              {"infection", "maltreatment", "maltreatment_detail"},
		"psychiatric_patient": {"danger", "self_harm", "self_harm_detail", "locked_up"},
		"boarding_student":    {"bullying", "bullying_detail", "self_harm", "self_harm_detail"},
		"family":              {"violence", "violence_detail"},
	} {
		for _, key := range fields {
			if f, ok := find(t, category).Form.Field(key); !ok || f.Class != categories.S3 {
				t.Errorf("%s of %s is %q", key, category, f.Class)
			}
		}
	}
}

func TestChineseTextsUseChinesePunctuation(t *testing.T) {
	ascii := regexp.MustCompile(`[,;:?!()]`)
	for _, c := range categories.All() {
		for _, f := range c.Form.Fields {
			texts := append(keys(f.Options, func(o categories.Choice) string { return o.ZH }), f.ZH)
			if f.Help != nil {
				texts = append(texts, f.Help.ZH)
			}
			for _, text := range texts {
				if ascii.MatchString(text) {
					t.Errorf("%s, field %s: %q has half-width punctuation", c.Key, f.Key, text)
				}
			}
		}
	}
}
