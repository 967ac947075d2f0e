package events

// The facts of the programme are as in the account of the pilot year, but for the workers: they are made up.
var programmeSamples = []Event{
	CommissionerNamed{Commissioner: "rescue-station", Names: Names{Zh: "武汉市救助管理站", En: "Wuhan Rescue Station"}},
	AgencyFounded{Agency: "wuhan-boai", Names: Names{Zh: "武汉博爱社会工作服务中心", En: "Wuhan Bo’ai Social Work Service"}, BackedBy: "civil-affairs-bureau"},
	StationOpened{Station: "baibuting-station", Names: Names{Zh: "百步亭社区社工站", En: "Baibuting social-work station"}, Agency: "wuhan-boai", Commissioner: "rescue-station"},
	ProjectLaunched{
		Project: "bring-them-home", Names: Names{Zh: "接送流浪孩子回家", En: "Bringing street children home"},
		Commissioner: "rescue-station", Agency: "wuhan-boai", Category: "street_child", Assumed: true,
	},
	SiteAdded{Project: "bring-them-home", Site: "hankou-station", Names: Names{Zh: "汉口火车站外展点", En: "Outreach at Hankou railway station"}},
	AgreementSigned{
		Agreement: "2012-07", Commissioner: "rescue-station", Agency: "wuhan-boai", Projects: []string{"bring-them-home"},
		Posts: 13, AmountFen: 91_000_000, From: "2012-01-01", Until: "2012-12-31", Assumed: true,
	},
	PostEstablished{
		Post: "rs-01", Kind: "institution", Employer: "rescue-station", Project: "bring-them-home", Site: "hankou-station", Station: "baibuting-station",
		Duties: "流浪未成年人的接案、预估与护送返乡", Goals: "每名儿童在二十四小时内完成预估", Standards: "个案档案完整率、返乡后跟进率", Badge: "WH-SW-0001",
	},
	WorkerRegistered{Worker: sampleID("worker"), Name: say("周敏𠮷"), Post: "rs-01", Supervisor: sampleID("supervisor")},
	WorkerLicensed{Worker: sampleID("worker"), Licence: "assistant_social_worker", Number: say("20110642010000123"), Day: "2011-10-15"},
	TrainingRecorded{Worker: sampleID("worker"), Kind: "casework", Hours: 24, Day: "2012-03-20"},
	GrantMade{Grant: "2012-g1", Agency: "wuhan-boai", Purpose: "founding", AmountFen: 10_000_000, Day: "2012-02-10", Assumed: true},
	TargetSet{Project: "bring-them-home", Year: 2012, Count: "case_files", Number: 60},
	WorkerHomeRecorded{Worker: sampleID("worker"), Address: say("武汉市江岸区百步亭花园路18号"), Since: "2012-01-01"},
	ClaimPublished{About: "trained", Year: 2012, Number: 2530, Unit: "persons", Source: "wuhan-2012"},
	EvaluatorAdmitted{Evaluator: "evaluator:jianghan-university", Project: "bring-them-home", Until: "2013-06-30", Purpose: "evaluation"},
}
