package cases_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
)

// commands are all commands on a case.
var commands = []any{
	cases.RecordIntake{},
	cases.DecideIntake{},
	cases.RecordConsent{},
	cases.WithdrawConsent{},
	cases.AssignWorker{},
	cases.RecordAssessment{},
	cases.TakeMeasure{},
	cases.RateRisk{},
	cases.AgreePlan{},
	cases.RateGoal{},
	cases.RecordIntervention{},
	cases.RecordNote{},
	cases.AmendEntry{},
	cases.RetractEntry{},
	cases.RaiseFlag{},
	cases.ClearFlag{},
	cases.RecordIncident{},
	cases.RecordHandover{},
	cases.MakeReferral{},
	cases.AnswerReferral{},
	cases.CompleteReferral{},
	cases.CloseCase{},
	cases.RecordFollowUp{},
	cases.ReopenCase{},
	cases.GrantAccess{},
	cases.EndAccess{},
	cases.DeclareConflict{},
	cases.LiftConflict{},
}

func TestEveryFieldOfACommandIsDocumentedAndNamedForJSON(t *testing.T) {
	for _, cmd := range commands {
		walk(reflect.TypeOf(cmd), func(of reflect.Type, f reflect.StructField) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case name == "-":
			case name == "" || name != strings.ToLower(name):
				t.Errorf("%s.%s: no snake_case name", of, f.Name)
			case f.Tag.Get("doc") == "" && f.Tag.Get("fact") == "":
				t.Errorf("%s.%s: not documented", of, f.Name)
			case f.Type.Kind() == reflect.String && f.Tag.Get("enum") == "" && f.Tag.Get("format") == "" && f.Tag.Get("maxLength") == "":
				t.Errorf("%s.%s: a text without an end", of, f.Name)
			}
		})
	}
}

func walk(of reflect.Type, see func(reflect.Type, reflect.StructField)) {
	for i := range of.NumField() {
		f := of.Field(i)
		see(of, f)
		inner := f.Type
		for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Struct && inner.PkgPath() == of.PkgPath() && f.Tag.Get("json") != "-" {
			walk(inner, see)
		}
	}
}

func TestWhatIsPutBesideACommandCannotBeSent(t *testing.T) {
	for _, cmd := range commands {
		v := reflect.New(reflect.TypeOf(cmd))
		if err := json.Unmarshal([]byte(`{"Age":40,"age":40,"Supervisor":true,"supervisor":true,"Beside":{"Age":40,"Supervisor":true}}`), v.Interface()); err != nil {
			t.Fatal(err)
		}
		if field := v.Elem().FieldByName("Beside"); field.IsValid() && !field.IsZero() {
			t.Errorf("%T: somebody can send their own age or office", cmd)
		}
	}
	cmd := &cases.TakeMeasure{}
	var besides cases.Besides = cmd
	if besides.Put(new(12), true); *cmd.Age != 12 || !cmd.Supervisor {
		t.Error("what is put beside a command does not get there")
	}
}

func TestEveryAmendableFactHasItsCommandAndNoOther(t *testing.T) {
	anew := reflect.TypeFor[cases.Anew]()
	var amendable []string
	for i := range anew.NumField() {
		amendable = append(amendable, anew.Field(i).Tag.Get("fact"))
	}
	for _, fact := range events.Types() {
		corrects := fact == "case.entry-amended" || fact == "case.entry-retracted" ||
			strings.HasPrefix(fact, "case.access-") || strings.HasPrefix(fact, "case.conflict-") // who may come in is never corrected
		if strings.HasPrefix(fact, "case.") && slices.Contains(amendable, fact) == corrects {
			t.Errorf("%s: amendable %t", fact, !corrects)
		}
	}
}

func TestAWeightThatIsNoNumberIsRefused(t *testing.T) {
	for _, weight := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		run(t, []rule{{Name: "weight", Given: serving, Err: func() string {
			if math.IsInf(weight, -1) {
				return cases.RefusedWeight
			}
			return cases.RefusedRange
		}(), When: cases.AgreePlan{
			Entry: id("new"), Aim: "x", AgreedBy: []string{"client"}, Goals: []cases.PlanGoal{{Goal: id("g"), Title: "x", Weight: weight}},
		}}})
	}
}

func TestNothingIsLongerThanItMayBe(t *testing.T) {
	longest := strings.Repeat("长", 20000)
	run(t, []rule{
		{Name: "the longest text", Given: open, When: cases.RecordNote{Entry: id("new"), Kind: "process", Text: longest}, Then: facts{events.NoteRecorded{Entered: entry("new"), Kind: "process", Text: say(longest)}}},
		{Name: "a text", Given: open, When: cases.RecordNote{Entry: id("new"), Kind: "process", Text: strings.Repeat("长", 20001)}, Err: cases.RefusedRange},
		{Name: "a list", Given: serving, When: intervene(func(c *cases.RecordIntervention) { c.Present = make([]cases.PersonPresent, 51) }), Err: cases.RefusedRange},
	})
}

func TestCodesListsEveryRefusalOfThePackage(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "refusals.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	codes, listed := cases.Codes(), 0
	for _, decl := range file.Decls {
		consts, ok := decl.(*ast.GenDecl)
		if !ok || consts.Tok != token.CONST {
			continue
		}
		for _, spec := range consts.Specs {
			value := spec.(*ast.ValueSpec)
			code := strings.Trim(value.Values[0].(*ast.BasicLit).Value, `"`)
			if value.Names[0].IsExported() {
				listed++
				if !slices.Contains(codes, code) {
					t.Errorf("%s is not listed by Codes", value.Names[0])
				}
			}
		}
	}
	if listed == 0 {
		t.Error("no code was read")
	}
	slices.Sort(codes)
	if len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Errorf("a code is listed twice: %v", codes)
	}
}

func TestLegalBasesAreDatedAndServeAPurpose(t *testing.T) {
	purposes := []string{"service", "sharing", "reporting", "photo"}
	seen := map[string]bool{}
	for _, day := range []string{"2003-08-01", "2012-07-02", "2013-05-01", "2021-05-31", "2021-06-01", "2026-01-01"} {
		for _, purpose := range purposes {
			for _, basis := range cases.LegalBases(purpose, day) {
				seen[basis.Key] = true
				if basis.From > day || basis.Until != "" && basis.Until < day || basis.ZH == "" || basis.EN == "" {
					t.Errorf("%s on %s: %+v", purpose, day, basis)
				}
			}
		}
	}
	if len(seen) != 12 {
		t.Errorf("%d legal bases can be cited on those days, want all 12", len(seen))
	}
}
