package events

import (
	"github.com/google/uuid"

	"github.com/casestream/casestream/events/sealed"
)

var caseSamples = []Event{
	IntakeRecorded{
		Entered: entered("intake"), Client: sampleID("client"), Category: "street_child", Project: "bring-them-home", Site: "rescue-station",
		Source: "outreach", Urgency: "at_once", AgeYears: new(11), Referrer: say("汉口火车站派出所 民警陈志强"), Problem: say("夜间独自在候车室，衣着单薄，自称被人带来武汉乞讨"),
		Form: Form{
			Key: "street_child", Version: 1, Missing: []string{"dialect"},
			Answers: []Answer{
				{Field: "alone", Plain: "yes"},
				{Field: "found_where", Said: sealed.Graded[any](sealed.Clinical, "汉口火车站二楼候车室")},
				{Field: "signs_of_coercion", Said: sealed.Graded[any](sealed.Disclosure, []any{"手臂有旧伤", "害怕提到“师傅”"})},
			},
		},
		Steps: steps("safety_check", "intake", "2012-09-03 16:30"),
	},
	IntakeDecided{
		Entered: entered("decided"), Accepted: true, Reason: say("无人监护，符合救助条件"), Instead: say("同时联系市儿童福利院备用床位"),
		Steps: steps("assessment", "intake_decision", "2012-09-04 14:30"),
	},
	ConsentRecorded{
		Entered: entered("consent"), Purpose: "sharing", Recipient: "huangpi-rescue-station", Basis: "consent", Capacity: "temporary_guardian",
		GivenBy: say("市救助管理站 值班站长刘建国"), Form: "oral", Witness: say("社工周敏"), ChildsWish: say("愿意告诉外婆，不愿告诉父亲"), LimitsExplained: true,
		Reason: say("监护人尚未找到"),
	},
	ConsentWithdrawn{Entered: entered("withdrawn"), Consent: sampleID("entry consent"), By: "guardian", Reason: say("外公不希望学校知道")},
	WorkerAssigned{Entered: entered("assigned"), Worker: sampleID("worker"), Role: "responsible", Reason: say("周敏会讲黄陂话，孩子信任她")},
	AssessmentRecorded{
		Entered: entered("assessment"), Guardianship: "unsafe", Summary: say("外祖父母有意愿也有能力照顾；父亲酗酒、有家暴"),
		Domains: []DomainAssessed{{Domain: "family", Severity: new(7), Needs: say("稳定的照顾者"), Strengths: say("与外婆感情深"), Risks: say("父亲可能上门要人")}},
		Steps:   steps("plan", "assessment", "2012-09-18 14:30"),
	},
	MeasureTaken{
		Entered: entered("measure"), Instrument: "phq-9", Version: 1, When: "baseline", Rater: "self", Informant: say("班主任代述：吴老师"),
		Answers: sealed.New(map[string]int{"1": 2, "2": 1, "9": 1}), Score: new(13.5), Band: "moderate", Missing: 1, FilledIn: true,
		Safety: []string{"self-harm"}, NotDone: "refused", Steps: steps("rate_risk", "measure", "2012-09-03 23:59"),
	},
	RiskRated{Entered: entered("risk"), Level: "high", Reason: say("说过“不想活了”，第 9 题得 1 分"), Steps: steps("contact", "rate_risk", "2012-09-04 15:00")},
	PlanAgreed{
		Entered: entered("plan"), Version: 2, Aim: say("平安回到外婆家，重新上学"), Strategy: say("先稳定情绪，再联系亲属；每周电访，开学前家访"),
		Goals: []Goal{{
			Goal: sampleID("goal"), Domain: "school", Title: say("回到黄陂的小学读五年级"), Weight: 1.5, By: "2013-02-28",
			Levels: []sealed.Text{say("再次流浪"), say("在家但未上学"), say("办好入学手续"), say("坚持上学一个月"), say("上学并参加班级活动")},
		}},
		AgreedBy: []string{"client", "guardian", "worker"}, Steps: steps("review", "plan", "2012-12-01 09:00"),
	},
	GoalRated{
		Entered: entered("rated"), Plan: 2, Goal: sampleID("goal"), Level: 1, When: "interim", Note: say("校长来电：每天都到校"), T: new(56.2), Rated: 1, Unrated: 2,
	},
	InterventionRecorded{
		Entered: entered("intervention"), Kind: "home_visit", Mode: "in_person", Place: "home", Minutes: 90, Reached: true, PersonTimes: 2,
		Present: []Present{{Who: "client", Served: true}, {Who: "family", Name: say("外婆胡桂英"), Served: true}},
		Goals:   []uuid.UUID{sampleID("goal")}, Note: say("外婆腾出了一间房，墙上贴着小龙的奖状"), Steps: steps("contact", "home_visit", "2012-10-20 18:00"),
	},
	sampleNote,
	FlagRaised{Entered: entered("flag"), Kind: "do_not_disclose", Text: say("不得向其父欧阳䶮透露孩子在黄陂的住处"), ReviewBy: "2013-03-01"},
	FlagCleared{Entered: entered("flag cleared"), Flag: sampleID("entry flag"), Reason: say("父亲已签署协议，由镇派出所监督")},
}

var moreCaseSamples = []Event{
	IncidentRecorded{
		Entered: entered("incident"), Kind: "missing", Text: say("午饭后从后门离站，两小时后在江滩找到，手腕有新划痕"),
		Told:  []Told{{Who: "police", Name: say("一元街派出所 值班民警"), At: onDay("2012-09-05 13:20")}},
		Steps: steps("rate_risk", "tell_guardian", "2012-09-05 23:59"),
	},
	HandoverRecorded{
		Entered: entered("handover"), Kind: "escorted_home", Guardianship: sampleID("entry assessment"), AllowedReason: say("督导同意：外祖父当天无法来汉"),
		ChildsWish: say("想坐火车回去，想带上那只布老虎"), Escorts: []sealed.Text{say("社工周敏"), say("救助站 张㛃")},
		Destination: say("黄陂区长轩岭街㛃家湾 7 号"), ReceivedBy: say("外祖父欧阳守田"), ReceivedAs: "grandparent", Receipt: true,
	},
	ReferralMade{
		Entered: entered("referral"), To: "huangpi-rescue-station", Reason: say("返乡后由户籍地跟进入学"), Consent: sampleID("entry consent"),
		Basis: "minors_law_2006_43", BasisReason: say("监护人下落不明时，为保护未成年人"), Steps: steps("referral_answer", "referral", "2012-09-20 17:00"),
	},
	ReferralAnswered{
		Entered: entered("answered"), Referral: sampleID("entry referral"), Answer: "accepted", Note: say("由黄陂站社工余䶮对接"), Steps: steps("referral_result", "referral_answer", "2012-10-20 17:00"),
	},
	ReferralCompleted{
		Entered: entered("completed"), Referral: sampleID("entry referral"), Result: say("已入读长轩岭小学五年级，免除住宿费"), Steps: steps("follow_up", "referral_result", "2012-11-20 17:00"),
	},
	CaseClosed{
		Entered: entered("closed"), Episode: 1, Reason: "other", ReasonText: say("家庭团聚，并由户籍地接手"), DuplicateOf: sampleID("another case"),
		Exit: "escorted_home", Outcome: "family_reunited", Goals: say("入学目标达到，情绪目标部分达到"), After: say("外婆每月来电一次；有事先找余社工"),
		T: new(58.7), Rated: 2, Unrated: 1, Steps: steps("follow_up_1_month", "closure", "2013-01-10 17:00"),
	},
	FollowUpRecorded{
		Entered: entered("follow-up"), Window: "1_month", Reached: true, PersonTimes: 1, Findings: map[string]string{"home": "yes", "safe": "yes", "school": "unknown"},
		Note: say("外婆说夜里还会惊醒，但不再提出走"), Steps: steps("follow_up_3_months", "follow_up_1_month", "2013-03-10 17:00"),
	},
	CaseReopened{
		Entered: entered("reopened"), Episode: 2, Worker: sampleID("worker"), Why: "rescued_again", Reason: say("在武昌火车站再次被发现，称父亲来过学校"),
		Steps: steps("safety_check", "reopening", "2013-04-02 11:00"),
	},
	EntryAmended{
		Entered: entered("amended"), Amends: sampleID("entry note"), Why: say("日期记错了一天，是外公不是外婆"), HappenedAt: onDay("2012-09-06 10:00"), Now: Said{Entry: sampleNote},
	},
	EntryRetracted{Entered: entered("retracted"), Retracts: sampleID("entry note"), Why: say("写到别的孩子的档案里了")},
	AccessGranted{Entered: entered("granted"), Worker: sampleID("another worker"), Until: onDay("2012-09-30 18:00"), Purpose: "cover", Reason: say("周敏外出送另一个孩子返乡")},
	AccessEnded{Entered: entered("access ended"), Worker: sampleID("another worker"), Reason: say("周敏提前回站")},
	ConflictDeclared{Entered: entered("conflict"), Worker: sampleID("another worker"), Kind: "kin", Reason: say("是孩子父亲的表弟")},
	ConflictLifted{Entered: entered("conflict lifted"), Worker: sampleID("another worker"), Reason: say("经核实只是同姓")},
}
