package demo

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

// worker is a social worker on a post.
type worker struct {
	n          int // from 1, through all projects
	id         uuid.UUID
	name       string
	post       string
	kind       string // of the post
	project    *project
	site       place
	station    string
	supervisor *worker
}

// workerID is one that people can type: the day on which the pilot began, and the worker's number.
func workerID(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("20120518-0000-7000-8000-%012d", n))
}

// engage puts a worker on every post. The first of each project supervises it, and one of the supervisors of an
// agency leads the others; supervisors have no cases.
func (y *year) engage() {
	d := diceOf("workforce")
	taken := map[string]bool{}
	stations := 0
	for n, s := range y.allotment.Projects {
		source := y.published.Projects[n]
		p := &project{share: s, zh: source.Zh, agency: source.Agency, department: source.Department, category: source.Category}
		y.projects = append(y.projects, p)
		count := 0
		for _, of := range []struct {
			kind  string
			posts int
		}{{"dispatched", s.Posts.Dispatched}, {"institution", s.Posts.Institution}, {"community", s.Posts.Community}} {
			for range of.posts {
				w := &worker{n: len(y.workers) + 1, kind: of.kind, project: p, site: s.Sites[count%len(s.Sites)]}
				w.id = workerID(w.n)
				for w.name == "" || taken[w.name] {
					w.name = y.people.staff(d)
				}
				taken[w.name] = true
				count++
				w.post = fmt.Sprintf("%s-%02d", s.Code, count)
				if of.kind == "community" {
					w.station = y.station(w.site, &stations)
				}
				y.workers = append(y.workers, w)
				if p.supervisor == nil {
					p.supervisor = w
				} else {
					w.supervisor = p.supervisor
					p.crew = append(p.crew, w)
				}
			}
		}
	}
	for _, p := range y.projects {
		if lead := y.project(y.allotment.Leads[p.agency]).supervisor; lead != p.supervisor {
			p.supervisor.supervisor = lead
		}
	}
}

// station is that of the named community if it is still free, else of the next one that the account does not name.
// Whoever works there is at none of the project's sites.
func (y *year) station(site place, unnamed *int) string {
	named := y.published.Wuchang.Named
	for n, name := range named {
		station := "wuchang-" + strconv.Itoa(n+1)
		if name+"社区" == site.Zh && !slices.ContainsFunc(y.workers, func(w *worker) bool { return w.station == station }) {
			return station
		}
	}
	*unnamed++
	return "wuchang-" + strconv.Itoa(len(named)+*unnamed)
}

// atSite is the site of the post; a post in a community that has no name here has none.
func (w *worker) atSite(named int) string {
	if n, err := strconv.Atoi(strings.TrimPrefix(w.station, "wuchang-")); err == nil && n > named {
		return ""
	}
	return w.site.Code
}

func (y *year) project(key string) *project {
	for _, p := range y.projects {
		if p.Key == key {
			return p
		}
	}
	panic("demo: no project " + key)
}

// writeStations opens the stations of the twenty communities. The account names three; the others have numbers.
func (y *year) writeStations(r *registrar) {
	for n := range y.published.Wuchang.Communities {
		name := fmt.Sprintf("武昌区试点社区社工站(%02d)", n+1)
		if n < len(y.published.Wuchang.Named) {
			name = y.published.Wuchang.Named[n] + "社区社工站"
		}
		r.enter(programme.OpenStation{Station: "wuchang-" + strconv.Itoa(n+1), Names: programme.Names{Zh: name}, Agency: "chuxin", Commissioner: "wuchang"})
	}
}

var duties = map[string]string{
	"institution": "为院站内服务对象提供个案、小组服务;参与评估与安置;与医疗、教学、照料人员协作。",
	"community":   "走访居民,建立个案;组织小组和社区活动;联动社区、社会组织和志愿者。",
	"dispatched":  "按购买服务协议驻点,提供专业服务,督导驻点社工,按月报告。",
}

// writeWorkforce registers everybody on the first morning, supervisors first, and enters licences and training as
// they came.
func (y *year) writeWorkforce() {
	first := registrar{y.book, firstDay.Add(30 * time.Minute)}
	for _, w := range y.workers {
		employer := w.project.agency
		if w.kind != "dispatched" {
			employer = w.project.department
		}
		first.enter(programme.EstablishPost{
			Post: w.post, Kind: w.kind, Employer: employer, Project: w.project.Key, Site: w.atSite(len(y.published.Wuchang.Named)), Station: w.station,
			Duties: duties[w.kind], Goals: "完成所在项目年度服务指标,服务对象满意率不低于九成。",
			Standards: "个案记录及时完整;督导评价;服务对象评价;机构季度考核。", Badge: fmt.Sprintf("武社工2012-%03d", w.n),
		})
	}
	for _, supervised := range []func(*worker) bool{
		func(w *worker) bool { return w.supervisor == nil },
		func(w *worker) bool { return w.supervisor != nil && w == w.project.supervisor },
		func(w *worker) bool { return w.supervisor != nil && w != w.project.supervisor },
	} {
		for _, w := range y.workers {
			if !supervised(w) {
				continue
			}
			y.book.needs(events.Stream("worker", w.id))
			register := programme.RegisterWorker{Worker: w.id, Name: w.name, Post: w.post}
			if w.supervisor != nil {
				register.Supervisor = w.supervisor.id
			}
			first.enter(register)
		}
	}
	y.writeLicences(&first)
	y.writeTrainings()
}

// writeLicences: who came with one, and who passed the examination of June 2012.
func (y *year) writeLicences(first *registrar) {
	exam := registrar{y.book, moment("2012-10-16", 9, 30)}
	for _, w := range y.workers {
		d := diceOf("licence " + w.post)
		kind := "assistant_social_worker"
		if w == w.project.supervisor || d.chance(0.12) {
			kind = "social_worker"
		}
		cmd := programme.LicenseWorker{Worker: w.id, Licence: kind, Number: fmt.Sprintf("DEMO%02d%06d", d.between(9, 11), d.between(1, 999999))}
		switch {
		case w == w.project.supervisor || d.chance(0.45):
			cmd.Day = pick(d, []string{"2009-06-14", "2010-06-13", "2011-06-12"})
			first.enter(cmd)
		case d.chance(0.3):
			cmd.Day = "2012-06-17"
			exam.enter(cmd)
		}
	}
}

func (y *year) writeTrainings() {
	kinds := y.published.Training.Kinds
	for _, w := range y.workers {
		d := diceOf("training " + w.post)
		days := []string{"2012-05-25", pick(d, []string{"2012-07-20", "2012-08-17"}), pick(d, []string{"2012-10-26", "2012-11-23", "2012-12-14"})}
		for n, day := range days {
			kind, hours := kinds[0], 24
			if n > 0 {
				kind, hours = kinds[d.between(1, len(kinds)-1)], pick(d, []int{4, 8, 8, 16})
			}
			r := registrar{y.book, moment(day, 16, 30).Add(time.Duration(w.n*20) * time.Second)}
			r.enter(programme.RecordTraining{Worker: w.id, Kind: kind, Hours: hours, Day: day})
		}
	}
}
