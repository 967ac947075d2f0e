package programme_test

import (
	"slices"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

func TestWorkforce(t *testing.T) {
	for _, rule := range workforce {
		rule.Run(t)
	}
}

var (
	establish = programme.EstablishPost(post1)
	register  = programme.RegisterWorker{Worker: wang, Name: "某社工", Post: "post-2", Supervisor: li}
	license   = programme.LicenseWorker{Worker: li, Licence: "social_worker", Number: "2012-0001", Day: "2012-08-01"}
	train     = programme.RecordTraining{Worker: li, Kind: "岗前培训班", Hours: 16, Day: "2012-06-02"}
	licensed  = events.WorkerLicensed{
		Worker: li, Licence: "social_worker", Number: sealed.Say("2012-0001"), Day: "2012-08-01",
	}
	trained = events.TrainingRecorded{Worker: li, Kind: "岗前培训班", Hours: 16, Day: "2012-06-02"}
)

// establishing is establish with something else said.
func establishing(change func(*programme.EstablishPost)) programme.EstablishPost {
	changed := establish
	change(&changed)
	return changed
}

func given(before facts, more ...events.Event) facts { return append(slices.Clone(before), more...) }

var places = facts{bureau, chuxin, station, project, site}

var workforce = rules{
	{
		Name:  "a post is established",
		Given: places,
		When:  establish,
		Then:  facts{post1},
	},
	{
		Name:  "a post may be of an agency, for no project in particular",
		Given: places,
		When: establishing(func(c *programme.EstablishPost) {
			c.Kind, c.Employer, c.Project, c.Site, c.Station = "dispatched", "chuxin", "", "", ""
		}),
		Then: facts{events.PostEstablished{
			Post: "post-1", Kind: "dispatched", Employer: "chuxin", Duties: "接案", Goals: "返家", Standards: "年度考核", Badge: "A01",
		}},
	},
	{
		Name:  "a post has a code that is one",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Post = "岗位一" }),
		Err:   programme.RefusedForm,
	},
	{
		Name:  "a post's code is not given to another",
		Given: structure,
		When:  establishing(func(c *programme.EstablishPost) { c.Duties = "督导" }),
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "a post is of a kind that is known",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Kind = "honorary" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a post has an employer that is known",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Employer = "boya" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a post is for a project that is known",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Project, c.Site = "love-helps-growth", "" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a post is at a site of its project",
		Given: given(places, events.SiteAdded{Project: "other", Site: "elsewhere"}),
		When:  establishing(func(c *programme.EstablishPost) { c.Site = "elsewhere" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a post is of a station that is known",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Station = "youfu" }),
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a post says its duties",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Duties = " " }),
		Err:   programme.RefusedUnclear,
	},
	{
		Name:  "a post says its goals",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Goals = "" }),
		Err:   programme.RefusedUnclear,
	},
	{
		Name:  "a post says by which standards it is judged",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Standards = "" }),
		Err:   programme.RefusedUnclear,
	},
	{
		Name:  "a post has a badge",
		Given: places,
		When:  establishing(func(c *programme.EstablishPost) { c.Badge = "" }),
		Err:   programme.RefusedUnclear,
	},
	{
		Name:  "a worker is registered on a post",
		Given: given(structure, liOn1),
		When:  register,
		Then:  facts{wangOn2},
	},
	{
		Name:  "a worker is someone",
		Given: structure,
		When:  programme.RegisterWorker{Name: "某社工", Post: "post-1"},
		Err:   programme.RefusedMissing,
	},
	{
		Name:  "a worker is registered on a post that is known",
		Given: structure,
		When:  programme.RegisterWorker{Worker: li, Name: "某社工", Post: "post-9"},
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a post is held by one worker at a time",
		Given: staffed,
		When:  programme.RegisterWorker{Worker: zhao, Name: "某社工", Post: "post-1"},
		Err:   programme.RefusedHeld,
	},
	{
		Name:  "a worker moves to a vacant post",
		Given: staffed,
		When:  programme.RegisterWorker{Worker: wang, Name: "某社工", Post: "post-3", Supervisor: li},
		Then:  facts{worker(wang, "post-3", li)},
	},
	{
		Name:  "a worker does not move to a post that is held",
		Given: staffed,
		When:  programme.RegisterWorker{Worker: wang, Name: "某社工", Post: "post-1", Supervisor: li},
		Err:   programme.RefusedHeld,
	},
	{
		Name:  "a post that was left is vacant",
		Given: given(staffed, worker(wang, "post-3", li)),
		When:  programme.RegisterWorker{Worker: zhao, Name: "某社工", Post: "post-2"},
		Then:  facts{worker(zhao, "post-2", uuid.Nil)},
	},
	{
		Name:  "a worker gets another supervisor on the same post",
		Given: given(staffed, worker(zhao, "post-3", uuid.Nil)),
		When:  programme.RegisterWorker{Worker: wang, Name: "某社工", Post: "post-2", Supervisor: zhao},
		Then:  facts{worker(wang, "post-2", zhao)},
	},
	{
		Name:  "a supervisor was registered before",
		Given: given(structure, liOn1),
		When:  programme.RegisterWorker{Worker: wang, Name: "某社工", Post: "post-2", Supervisor: zhao},
		Err:   programme.RefusedWorker,
	},
	{
		Name:  "nobody supervises themselves",
		Given: structure,
		When:  programme.RegisterWorker{Worker: li, Name: "某社工", Post: "post-1", Supervisor: li},
		Err:   programme.RefusedCycle,
	},
	{
		Name:  "nobody is supervised by one who reports to them through others",
		Given: given(staffed, worker(zhao, "post-3", wang)),
		When:  programme.RegisterWorker{Worker: li, Name: "某社工", Post: "post-1", Supervisor: zhao},
		Err:   programme.RefusedCycle,
	},
	{
		Name:  "where a worker lives is recorded",
		Given: staffed,
		When:  programme.RecordWorkerHome{Worker: li, Address: "汉口路12号", Since: "2012-01-01"},
		Then:  facts{events.WorkerHomeRecorded{Worker: li, Address: sealed.Say("汉口路12号"), Since: "2012-01-01"}},
	},
	{
		Name:  "where nobody lives is not recorded",
		Given: staffed,
		When:  programme.RecordWorkerHome{Worker: li, Address: " ", Since: "2012-01-01"},
		Err:   programme.RefusedMissing,
	},
	{
		Name:  "where a stranger lives is not recorded",
		Given: staffed,
		When:  programme.RecordWorkerHome{Worker: uuid.Nil, Address: "汉口路12号", Since: "2012-01-01"},
		Err:   programme.RefusedWorker,
	},
	{
		Name:  "a worker is licensed",
		Given: staffed,
		When:  license,
		Then:  facts{licensed},
	},
	{
		Name:  "a worker may rise from assistant to social worker",
		Given: given(staffed, events.WorkerLicensed{Worker: li, Licence: "assistant_social_worker", Day: "2010-08-01"}),
		When:  license,
		Then:  facts{licensed},
	},
	{
		Name:  "a worker has one licence of a kind",
		Given: given(staffed, licensed),
		When:  programme.LicenseWorker{Worker: li, Licence: "social_worker", Number: "2012-0001", Day: "2012-08-02"},
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "a licence is of a worker who is known",
		Given: structure,
		When:  license,
		Err:   programme.RefusedWorker,
	},
	{
		Name:  "a licence is one that is known",
		Given: staffed,
		When:  programme.LicenseWorker{Worker: li, Licence: "driver", Day: "2012-08-01"},
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a licence is given on a day of the calendar",
		Given: staffed,
		When:  programme.LicenseWorker{Worker: li, Licence: "social_worker", Day: "2012-8-1"},
		Err:   programme.RefusedDay,
	},
	{
		Name:  "a worker is trained",
		Given: staffed,
		When:  train,
		Then:  facts{trained},
	},
	{
		Name:  "a worker is trained for other hours on the same day",
		Given: given(staffed, trained),
		When:  programme.RecordTraining{Worker: li, Kind: "岗前培训班", Hours: 2, Day: "2012-06-02"},
		Then:  facts{events.TrainingRecorded{Worker: li, Kind: "岗前培训班", Hours: 2, Day: "2012-06-02"}},
	},
	{
		Name:  "a training is of a worker who is known",
		Given: structure,
		When:  train,
		Err:   programme.RefusedWorker,
	},
	{
		Name:  "a training takes some hours",
		Given: staffed,
		When:  programme.RecordTraining{Worker: li, Kind: "专题讲座", Hours: 0, Day: "2012-06-02"},
		Err:   programme.RefusedAmount,
	},
	{
		Name:  "a training is on a day of the calendar",
		Given: staffed,
		When:  programme.RecordTraining{Worker: li, Kind: "专题讲座", Hours: 2, Day: "2012-06-31"},
		Err:   programme.RefusedDay,
	},
}
