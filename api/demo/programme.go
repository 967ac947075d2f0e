package demo

import (
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/programme"
)

func programmeDesk(d Desks) *services.Desk[programme.Programme] { return d.Programme }

// registrar enters facts of the programme one after the other, from a time on.
type registrar struct {
	book *book
	next time.Time
}

func (r *registrar) enter(cmd services.Command[programme.Programme]) {
	issue(r.book, programmeDesk, events.ProgrammeStream, by{happened: r.next, recorded: r.next}, cmd)
	r.next = r.next.Add(20 * time.Second)
}

// writeProgramme enters, on the first morning, who commissions, who works, where, for how much and to what end; the
// agency that was only founded and what was published come when they came.
func (y *year) writeProgramme() {
	y.book.needs(events.ProgrammeStream)
	first := registrar{y.book, firstDay.Add(-time.Hour)}
	for _, d := range y.published.Departments {
		first.enter(programme.NameCommissioner{Commissioner: d.Key, Names: programme.Names{Zh: d.Zh, En: d.En}})
	}
	later := registrar{y.book, moment("2012-10-18", 10, 5)}
	for _, a := range y.published.Agencies {
		found := programme.FoundAgency{Agency: a.Key, Names: programme.Names{Zh: a.Zh, En: a.En}, BackedBy: a.BackedBy}
		grant := programme.MakeGrant{
			Grant: "startup-" + a.Key, Agency: a.Key, Purpose: "民办社工机构开办补助", AmountFen: a.StartupGrantYuan * 100, Day: "2012-06-15", Assumed: true,
		}
		if a.FoundedOnly {
			grant.Day = "2012-10-18"
			later.enter(found)
			later.enter(grant)
			continue
		}
		first.enter(found)
		grants := registrar{y.book, moment(grant.Day, 15, 0).Add(time.Duration(len(a.Key)) * time.Minute)}
		grants.enter(grant)
	}
	y.writeProjects(&first)
	y.writeStations(&first)
	y.writeAgreements(&first)
	y.writeTargets(&first)
	y.writeClaims()
}

func (y *year) writeProjects(r *registrar) {
	for n, p := range y.projects {
		source := y.published.Projects[n]
		r.enter(programme.LaunchProject{
			Project: p.Key, Names: programme.Names{Zh: p.zh, En: p.En}, Commissioner: p.department, Agency: p.agency,
			Category: p.category, Assumed: source.AgencyAssumed || source.SplitAssumed,
		})
		for _, site := range p.Sites {
			r.enter(programme.AddSite{Project: p.Key, Site: site.Code, Names: programme.Names{Zh: site.Zh, En: site.En}})
		}
	}
}

// writeAgreements: each commissioner buys from each agency that works for it; together they come near the published
// sum.
func (y *year) writeAgreements(r *registrar) {
	type parties struct{ commissioner, agency string }
	var order []parties
	bought := map[parties]*programme.SignAgreement{}
	for _, p := range y.projects {
		of := parties{p.department, p.agency}
		if bought[of] == nil {
			order = append(order, of)
			bought[of] = &programme.SignAgreement{
				Agreement: "purchase-2012-" + of.commissioner + "-" + of.agency, Commissioner: of.commissioner, Agency: of.agency,
				From: "2012-05-18", Until: "2013-05-17", Assumed: true,
			}
		}
		bought[of].Projects = append(bought[of].Projects, p.Key)
		bought[of].Posts += p.Posts.Dispatched
		bought[of].AmountFen += int64(p.Posts.Dispatched) * y.allotment.PerPost * 100
	}
	for _, of := range order {
		r.enter(*bought[of])
	}
}

func (y *year) writeTargets(r *registrar) {
	set := func(project string, activities, sessions, files, personTimes int) {
		for _, t := range []programme.SetTarget{
			{Count: "activities", Number: activities},
			{Count: "group_sessions", Number: sessions},
			{Count: "case_files", Number: files},
			{Count: "person_times", Number: personTimes},
		} {
			t.Project, t.Year = project, firstDay.Year()
			r.enter(t)
		}
	}
	all := y.allotment.Targets
	set("", all.Activities, all.Sessions, all.CaseFiles, all.PersonTimes)
	for _, p := range y.projects {
		files := p.Cases - p.Cases/25
		set(p.Key, p.Activities-p.Activities/40, p.Sessions, files, files*18+p.Sessions*8+p.Activities*40)
	}
}

// writeClaims keeps what was published, also where it disagrees with itself.
func (y *year) writeClaims() {
	r := registrar{y.book, allKnown.Add(-time.Hour)}
	source, _, _ := strings.Cut(y.published.Source, " (") // what follows is said of our file
	claim := func(about string, number int, unit string) {
		r.enter(programme.PublishClaim{About: about, Year: firstDay.Year(), Number: number, Unit: unit, Source: source})
	}
	p := y.published
	claim("activities", p.Totals.Activities, "次")
	claim("group_sessions", p.Totals.Sessions, "次")
	claim("case_files", p.Totals.CaseFiles, "个")
	claim("person_times", p.Totals.PersonTimes, "人次")
	claim("projects", len(p.Projects), "个")
	claim("posts", p.Posts.Total, "个")
	claim("agencies", len(p.Agencies), "家")
	for _, c := range p.Training.Claims {
		unit := c.Unit
		if c.AtLeast {
			unit += "以上"
		}
		claim("training", c.Value, unit)
	}
	claim("practitioners", p.Workforce.Practitioners, "人")
	claim("licensed", p.Workforce.Licensed, "人")
	claim("exam_registered", p.Exam.Registered, "人")
	claim("exam_passed", p.Exam.Passed, "人")
	claim("exam_passed_assistant_social_worker", p.Exam.Assistant, "人")
	claim("exam_passed_social_worker", p.Exam.Worker, "人")
	claim("purchase_of_service", p.Funding.PurchaseYuanNearly, "元(近)")
}
