package programme_test

import (
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
)

func TestProjects(t *testing.T) {
	for _, rule := range projects {
		rule.Run(t)
	}
}

var (
	launch = programme.LaunchProject{
		Project: "bring-home", Names: programme.Names{Zh: "接送流浪孩子回家"}, Commissioner: "civil-affairs", Agency: "chuxin",
		Category: "street_child",
	}
	addSite = programme.AddSite{Project: "bring-home", Site: "rescue-station", Names: programme.Names{Zh: "市救助管理站"}}
	sign    = programme.SignAgreement{
		Agreement: "pos-1", Commissioner: "civil-affairs", Agency: "chuxin", Projects: []string{"bring-home"},
		Posts: 5, AmountFen: 20000000, From: "2012-05-18", Until: "2012-12-31",
	}
)

// launching and signing are launch and sign with something else said.
func launching(change func(*programme.LaunchProject)) programme.LaunchProject {
	changed := launch
	change(&changed)
	return changed
}

func signing(change func(*programme.SignAgreement)) programme.SignAgreement {
	changed := sign
	change(&changed)
	return changed
}

var parties = facts{bureau, chuxin, project}

var projects = rules{
	{
		Name:  "a project is launched",
		Given: facts{bureau, chuxin},
		When:  launch,
		Then:  facts{project},
	},
	{
		Name:  "a project has a code that is one",
		Given: facts{bureau, chuxin},
		When:  launching(func(c *programme.LaunchProject) { c.Project = "Bring home" }),
		Err:   programme.RefusedForm,
	},
	{
		Name:  "a project's code is not given to another",
		Given: parties,
		When:  launching(func(c *programme.LaunchProject) { c.Category = "orphan" }),
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "a project is for a commissioner that is known",
		Given: facts{chuxin},
		When:  launch,
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a project is of an agency that is known",
		Given: facts{bureau},
		When:  launch,
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a project serves a category that is known",
		Given: facts{bureau, chuxin},
		When:  launching(func(c *programme.LaunchProject) { c.Category = "pirate" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a project works at a site",
		Given: parties,
		When:  addSite,
		Then:  facts{site},
	},
	{
		Name:  "two projects may call their sites the same",
		Given: append(parties[:3:3], events.SiteAdded{Project: "other", Site: "rescue-station"}),
		When:  addSite,
		Then:  facts{site},
	},
	{
		Name:  "a site has a code that is one",
		Given: parties,
		When:  programme.AddSite{Project: "bring-home", Site: "市救助管理站"},
		Err:   programme.RefusedForm,
	},
	{
		Name:  "a site's code is not given to another of the project",
		Given: append(parties[:3:3], site),
		When:  programme.AddSite{Project: "bring-home", Site: "rescue-station", Names: programme.Names{Zh: "武昌站"}},
		Err:   programme.RefusedTaken,
	},
	{
		Name: "a site is of a project that is known",
		When: addSite,
		Err:  programme.RefusedCode,
	},
	{
		Name:  "an agreement is signed",
		Given: parties,
		When:  sign,
		Then:  facts{agreement},
	},
	{
		Name:  "an agreement may be for one day and for posts alone",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Projects, c.Until = nil, c.From }),
		Then: facts{events.AgreementSigned{
			Agreement: "pos-1", Commissioner: "civil-affairs", Agency: "chuxin", Projects: []string{},
			Posts: 5, AmountFen: 20000000, From: "2012-05-18", Until: "2012-05-18",
		}},
	},
	{
		Name:  "an agreement has a code that is one",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Agreement = "pos 1" }),
		Err:   programme.RefusedForm,
	},
	{
		Name:  "an agreement's code is not given to another",
		Given: append(parties[:3:3], agreement),
		When:  signing(func(c *programme.SignAgreement) { c.AmountFen++ }),
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "an agreement is with a commissioner that is known",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Commissioner = "chuxin" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "an agreement is with an agency that is known",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Agency = "civil-affairs" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "an agreement pays for projects that are known",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Projects = []string{"bring-home", "love-helps-growth"} }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "an agreement is about some money",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.AmountFen = 0 }),
		Err:   programme.RefusedAmount,
	},
	{
		Name:  "an agreement takes no posts away",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Posts = -1 }),
		Err:   programme.RefusedNegative,
	},
	{
		Name:  "an agreement begins on a day of the calendar",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.From = "2012-02-30" }),
		Err:   programme.RefusedDay,
	},
	{
		Name:  "an agreement ends on a day of the calendar",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Until = "2012年底" }),
		Err:   programme.RefusedDay,
	},
	{
		Name:  "an agreement does not end before it begins",
		Given: parties,
		When:  signing(func(c *programme.SignAgreement) { c.Until = "2012-05-17" }),
		Err:   programme.RefusedPeriod,
	},
}
