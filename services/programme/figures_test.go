package programme_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
)

func TestFigures(t *testing.T) {
	for _, rule := range figures {
		rule.Run(t)
	}
}

var (
	give    = programme.MakeGrant{Grant: "startup-chuxin", Agency: "chuxin", Purpose: "开办经费", AmountFen: 3500000, Day: "2012-05-18", Assumed: true}
	aimAt   = programme.SetTarget{Project: "bring-home", Year: 2012, Count: "case_files", Number: 60}
	publish = programme.PublishClaim{About: "培训", Year: 2012, Number: 2530, Unit: "名", Source: "长江日报 2013-03-19"}

	grant  = events.GrantMade(give)
	target = events.TargetSet(aimAt)
	claim  = events.ClaimPublished(publish)
)

var figures = rules{
	{
		Name:  "a grant is made",
		Given: facts{chuxin},
		When:  give,
		Then:  facts{grant},
	},
	{
		Name:  "a grant has a code that is one",
		Given: facts{chuxin},
		When:  programme.MakeGrant{Grant: "开办经费", Agency: "chuxin", AmountFen: 1, Day: "2012-05-18"},
		Err:   programme.RefusedForm,
	},
	{
		Name:  "a grant's code is not given to another",
		Given: facts{chuxin, grant},
		When:  programme.MakeGrant{Grant: "startup-chuxin", Agency: "chuxin", AmountFen: 1, Day: "2012-05-18"},
		Err:   programme.RefusedTaken,
	},
	{
		Name: "a grant is to an agency that is known",
		When: give,
		Err:  programme.RefusedCode,
	},
	{
		Name:  "a grant is some money",
		Given: facts{chuxin},
		When:  programme.MakeGrant{Grant: "startup-chuxin", Agency: "chuxin", AmountFen: -1, Day: "2012-05-18"},
		Err:   programme.RefusedAmount,
	},
	{
		Name:  "a grant is made on a day of the calendar",
		Given: facts{chuxin},
		When:  programme.MakeGrant{Grant: "startup-chuxin", Agency: "chuxin", AmountFen: 1, Day: "2012"},
		Err:   programme.RefusedDay,
	},
	{
		Name:  "a target is set for a project",
		Given: parties,
		When:  aimAt,
		Then:  facts{target},
	},
	{
		Name: "a target is set for the whole programme",
		When: programme.SetTarget{Year: 2012, Count: "person_times", Number: 38000},
		Then: facts{events.TargetSet{Year: 2012, Count: "person_times", Number: 38000}},
	},
	{
		Name:  "a target may be set again, and the last holds",
		Given: append(parties[:3:3], target),
		When:  programme.SetTarget{Project: "bring-home", Year: 2012, Count: "case_files", Number: 70},
		Then:  facts{events.TargetSet{Project: "bring-home", Year: 2012, Count: "case_files", Number: 70}},
	},
	{
		Name: "a target is of a project that is known",
		When: aimAt,
		Err:  programme.RefusedCode,
	},
	{
		Name: "a target is of a count that is known",
		When: programme.SetTarget{Year: 2012, Count: "smiles", Number: 1},
		Err:  programme.RefusedCode,
	},
	{
		Name: "a target is something to reach",
		When: programme.SetTarget{Year: 2012, Count: "activities", Number: 0},
		Err:  programme.RefusedAmount,
	},
	{
		Name: "a target is for a year",
		When: programme.SetTarget{Count: "activities", Number: 573},
		Err:  programme.RefusedAmount,
	},
	{
		Name: "a claim is kept with its source",
		When: publish,
		Then: facts{claim},
	},
	{
		Name:  "claims that disagree are kept side by side",
		Given: facts{claim},
		When:  programme.PublishClaim{About: "培训", Year: 2012, Number: 2000, Unit: "人次", Source: "长江日报 2013-03-19"},
		Then: facts{events.ClaimPublished{
			About: "培训", Year: 2012, Number: 2000, Unit: "人次", Source: "长江日报 2013-03-19",
		}},
	},
	{
		Name: "a claim without a source is none",
		When: programme.PublishClaim{About: "培训", Year: 2012, Number: 2530, Unit: "名", Source: " "},
		Err:  programme.RefusedSource,
	},
	{
		Name: "a claim is about a year",
		When: programme.PublishClaim{About: "培训", Number: 2530, Unit: "名", Source: "长江日报"},
		Err:  programme.RefusedAmount,
	},
	{
		Name: "a claimed figure is not negative",
		When: programme.PublishClaim{About: "培训", Year: 2012, Number: -1, Unit: "名", Source: "长江日报"},
		Err:  programme.RefusedNegative,
	},
}
