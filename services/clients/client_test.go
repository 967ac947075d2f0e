package clients_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/clients"
	"github.com/casestream/casestream/services/spec"
)

type rule = spec.Spec[clients.Client]

var (
	say      = sealed.Say
	nameless = events.ClientRegistered{Entered: entry("registered")}
	known    = clients.Details{
		Name: "李小龙", OtherNames: "小龙", Sex: "male", Birth: "2001-05-03", BirthEstimated: true, IDKind: "household_register",
		IDNumber: "420116…", Address: "黄陂", Phone: "138", Guardian: clients.Guardian{Name: "胡桂英", Relation: "grandparent", Phone: "139"},
	}
	knownSealed = events.Details{
		Name: say("李小龙"), OtherNames: say("小龙"), Sex: "male", Birth: say("2001-05-03"), BirthEstimated: true, IDKind: "household_register",
		IDNumber: say("420116…"), Address: say("黄陂"), Phone: say("138"),
		Guardian: events.Guardian{Name: say("胡桂英"), Relation: "grandparent", Phone: say("139")},
	}
)

func entry(name string) events.Entered { return events.Entered{Entry: spec.ID(name)} }

func TestAClientIsRegisteredOnceWithWhatIsKnown(t *testing.T) {
	for _, s := range []rule{
		{
			Name: "nameless, at night",
			When: clients.RegisterClient{Entry: spec.ID("registered")},
			Then: []events.Event{nameless},
		}, {
			Name: "with all details, sealed",
			When: clients.RegisterClient{Entry: spec.ID("registered"), Details: known},
			Then: []events.Event{events.ClientRegistered{Entered: entry("registered"), Details: knownSealed}},
		}, {
			Name:  "not twice",
			Given: []events.Event{nameless},
			When:  clients.RegisterClient{Entry: spec.ID("again")},
			Err:   clients.RefusedExists,
		}, {
			Name: "not without an id for the entry",
			When: clients.RegisterClient{},
			Err:  clients.RefusedMissing,
		},
	} {
		s.Run(t)
	}
}

func TestDetailsAreSaidAnewAsAWholeAndWithTheReason(t *testing.T) {
	amend := clients.AmendClientDetails{Entry: spec.ID("amended"), Why: "户籍核实", Details: known}
	for _, s := range []rule{
		{
			Name:  "amended",
			Given: []events.Event{nameless},
			When:  amend,
			Then:  []events.Event{events.ClientDetailsAmended{Entered: entry("amended"), Details: knownSealed, Why: say("户籍核实")}},
		}, {
			Name: "not of someone who is not registered",
			When: amend,
			Err:  clients.RefusedNone,
		}, {
			Name:  "not without a reason",
			Given: []events.Event{nameless},
			When:  clients.AmendClientDetails{Entry: spec.ID("amended"), Why: " ", Details: known},
			Err:   clients.RefusedMissing,
		}, {
			Name:  "not under an entry id that is in use",
			Given: []events.Event{nameless},
			When:  clients.AmendClientDetails{Entry: spec.ID("registered"), Why: "户籍核实"},
			Err:   services.RefusedEntry,
		}, {
			Name:  "not with details that cannot be",
			Given: []events.Event{nameless},
			When:  clients.AmendClientDetails{Entry: spec.ID("amended"), Why: "户籍核实", Details: clients.Details{Birth: "2000-13"}},
			Err:   clients.RefusedBirth,
		},
	} {
		s.Run(t)
	}
}

func TestDetailsThatCannotBeAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		details clients.Details
		code    string
	}{
		"an unknown sex":                     {clients.Details{Sex: "m"}, clients.RefusedCode},
		"an unknown kind of document":        {clients.Details{IDKind: "card"}, clients.RefusedCode},
		"an unknown relation":                {clients.Details{Guardian: clients.Guardian{Relation: "boss"}}, clients.RefusedCode},
		"a birth that is no day":             {clients.Details{Birth: "2001-02-30"}, clients.RefusedBirth},
		"a birth in another form":            {clients.Details{Birth: "2001/02/03"}, clients.RefusedBirth},
		"a birth tomorrow":                   {clients.Details{Birth: "2012-07-03"}, clients.RefusedBirth},
		"a birth next year":                  {clients.Details{Birth: "2013"}, clients.RefusedBirth},
		"a number of no document":            {clients.Details{IDNumber: "4201"}, clients.RefusedNumber},
		"a number of someone without papers": {clients.Details{IDKind: "none", IDNumber: "4201"}, clients.RefusedNumber},
	} {
		rule{Name: name, When: clients.RegisterClient{Entry: spec.ID("registered"), Details: c.details}, Err: c.code}.Run(t)
	}
	for _, birth := range []string{"2012", "2012-07", "2012-07-02"} {
		rule{
			Name: "born " + birth + " is possible today",
			When: clients.RegisterClient{Entry: spec.ID("registered"), Details: clients.Details{Birth: birth}},
			Then: []events.Event{events.ClientRegistered{Entered: entry("registered"), Details: events.Details{Birth: say(birth)}}},
		}.Run(t)
	}
}

func TestTheCodesThatAreCheckedAreTheCodesThatAreDocumented(t *testing.T) {
	for name, field := range map[string]struct{ in, set any }{
		"sex": {clients.Details{}, "Sex"}, "id_kind": {clients.Details{}, "IDKind"}, "relation": {clients.Guardian{}, "Relation"},
	} {
		f, _ := reflect.TypeOf(field.in).FieldByName(field.set.(string))
		for _, code := range strings.Split(f.Tag.Get("enum"), ",") {
			details := reflect.New(reflect.TypeFor[clients.Details]()).Elem()
			if name == "relation" {
				details.FieldByName("Guardian").FieldByName("Relation").SetString(code)
			} else {
				details.FieldByName(f.Name).SetString(code)
			}
			cmd := clients.RegisterClient{Entry: spec.ID("registered"), Details: details.Interface().(clients.Details)}
			if _, err := cmd.Decide(clients.Client{}, events.Meta{OccurredAt: spec.Now}); err != nil {
				t.Errorf("%s %s is documented and refused: %v", name, code, err)
			}
		}
	}
}

func TestTheLastDetailsWrittenAreWhatIsKnown(t *testing.T) {
	recorded := func(by string, e events.Event) events.Recorded {
		return events.Recorded{Event: e, Meta: events.Meta{Actor: by}}
	}
	c := services.Fold(clients.Client{}, recorded("zhou", nameless), recorded("min", events.ClientDetailsAmended{Details: knownSealed}))
	if c.RegisteredBy != "zhou" || !reflect.DeepEqual(c.Details, knownSealed) {
		t.Errorf("registered by %q, details %v", c.RegisteredBy, c.Details)
	}
}

func TestAgeIsTheYoungestThatTheyCanBe(t *testing.T) {
	at := time.Date(2012, 7, 2, 23, 30, 0, 0, events.Zone)
	for birth, want := range map[string]int{
		"1998-07-02": 14, "1998-07-03": 13, "1998-06": 14, "1998-07": 13, "1998": 13, "2012": 0, "2012-07-02": 0,
	} {
		if age := clients.Age(birth, at); age == nil || *age != want {
			t.Errorf("born %s: %v, want %d", birth, age, want)
		}
	}
	for _, birth := range []string{"", "not known", "2013", "2012-07-03", "98-07-02"} {
		if age := clients.Age(birth, at); age != nil {
			t.Errorf("born %q: %d, want not known", birth, *age)
		}
	}
	if age := clients.Age("1998-07-02", time.Date(2012, 7, 1, 20, 0, 0, 0, time.UTC)); *age != 14 {
		t.Errorf("in the programme's zone it is their birthday already: %d", *age)
	}
}
