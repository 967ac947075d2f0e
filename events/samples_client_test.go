package events

import (
	"time"

	"github.com/google/uuid"

	"github.com/casestream/casestream/events/sealed"
)

// What samples are made from: every field said, so that a sample pins them all, also those that nobody would fill at
// once. The people are made up.

func entered(name string) Entered { return Entered{Entry: sampleID("entry " + name)} }

// onDay is a time in the programme's zone: 2012-09-03 14:30.
func onDay(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func steps(due, done string, by string) Steps {
	return Steps{Due: []Due{{Step: due, By: onDay(by), Unsure: true}}, Done: []string{done}}
}

var say = sealed.Say

var sampleDetails = Details{
	Name:           say("欧阳𠮷龙"),
	OtherNames:     say("小龙；自称“阿䶮”"),
	Sex:            "male",
	Birth:          say("2001-03"),
	BirthEstimated: true,
	IDKind:         "household_register",
	IDNumber:       say("42011620010315000X"),
	Address:        say("湖北省武汉市黄陂区长轩岭街㛃家湾 7 号"),
	Phone:          say("027-6100 0000"),
	Guardian:       Guardian{Name: say("欧阳守田（外祖父）"), Relation: "grandparent", Phone: say("139 0000 0000")},
}

var clientSamples = []Event{
	ClientRegistered{Entered: entered("client"), Details: sampleDetails},
	ClientDetailsAmended{Entered: entered("details"), Details: sampleDetails, Why: say("派出所核实了姓名：户口簿上是“𠮷”，不是“吉”")},
}

var forgettingSamples = []Event{
	HoldPlaced{Entered: entered("hold"), Reason: "litigation", Why: say("硚口区法院 (2012) 鄂硚民初字第 00117 号，监护权纠纷")},
	HoldLifted{Entered: entered("hold lifted"), Hold: sampleID("entry hold"), Why: say("判决已生效")},
	ProcessingRestricted{Entered: entered("restricted"), Reason: "retention_open", Why: say("监护人要求删除；保存期未满，停止除存储外的处理")},
	RestrictionLifted{Entered: entered("restriction lifted"), Why: say("监护人书面撤回要求")},
	ForgettingRequested{Entered: entered("request"), By: "guardian", Basis: "consent_withdrawn", Why: say("外祖父来信要求删除")},
	ForgettingChecked{Request: sampleID("entry request"), Cases: 2, Until: "2027-11-30", Rules: 1},
	ForgettingApproved{Request: sampleID("entry request"), Begins: onDay("2027-12-20 09:00")},
	ForgettingWithdrawn{Entered: entered("withdrawn"), Request: sampleID("entry request"), Why: say("他自己想留着那张照片")},
	ForgettingBegun{Request: sampleID("entry request")},
	ClientForgotten{
		Request: sampleID("entry request"), By: "guardian", Basis: "consent_withdrawn",
		RequestedAt: onDay("2027-12-01 09:00"), RequestedBy: sampleID("officer").String(),
		CheckedAt: onDay("2027-12-02 09:00"), CheckedBy: sampleID("officer").String(),
		ApprovedAt: onDay("2027-12-06 09:00"), ApprovedBy: sampleID("second officer").String(),
		BegunAt: onDay("2027-12-20 09:00"), DoneAt: onDay("2027-12-20 09:01"), KeyEpoch: 1, Streams: 3, Values: 117,
		Views:     []string{"casefile", "caseload"},
		PublicKey: []byte("32 bytes of a public ed25519 key"), Signature: []byte("64 bytes of a signature"),
	},
}

var sampleNote = NoteRecorded{Entered: entered("note"), Kind: "process", Text: say("小龙第一次主动说起外婆家。他问：“我回去了，你们还来看我吗？”")}

var sampleMember = sampleID("member")

var groupSamples = []Event{
	GroupPlanned{
		Entered: entered("group"), Project: "growing-with-love", Site: "childrens-home", Kind: "growth",
		Title: say("“向日葵”成长小组"), Goals: say("帮助六名院内儿童学会表达情绪、结交同伴"), Worker: sampleID("worker"), Planned: 6,
	},
	MemberJoined{Entered: entered("member"), Member: sampleMember, Case: sampleID("case"), Name: say("黄㛃")},
	MemberLeft{Entered: entered("member left"), Member: sampleMember, Why: "moved_away", Remark: say("本周由姑姑接回孝感")},
	ContractAgreed{Entered: entered("contract"), Text: say("一个人说话时别人听；在组里说的不带出去；迟到的人收椅子")},
	SessionHeld{
		Entered: entered("session"), Number: 3, Phase: "turning", Minutes: 60, PersonTimes: 1, Note: say("两人争抢画笔，组员自己定了轮流的办法"),
		Attendance: sampleAttendance,
	},
	AttendanceCorrected{
		Entered: entered("attendance"), Session: sampleID("entry session"), Attendance: sampleAttendance, PersonTimes: 1, Why: say("把两个同名的孩子记反了"),
	},
	GroupEvaluated{Entered: entered("evaluated"), Reached: "partly", Text: say("五人能说出自己的情绪，一人仍不愿开口，转个案跟进")},

	ActivityPlanned{
		Entered: entered("activity"), Project: "community-wuhan", Site: "baibuting", Title: say("重阳节敬老茶话会"), Day: "2012-10-23", Worker: sampleID("worker"),
	},
	ActivityHeld{
		Entered: entered("held"), Place: "community_centre", Heads: []Heads{{"elders", 46}, {"youth", 12}}, PersonTimes: 58, Counted: "signed", CostFen: 86000,
		FormsOut: 30, FormsBack: 27, Satisfied: 25, Volunteers: 8, VolunteerHours: 24, Partners: []string{"community", "volunteers"}, Note: say("王婆婆中途头晕，社区医生当场量了血压"),
	},
	ActivityCountCorrected{
		Entered: entered("count"), Held: sampleID("entry held"), Heads: []Heads{{"elders", 44}, {"youth", 12}}, PersonTimes: 56, Counted: "signed", Why: say("签到表上有两人签了两次"),
	},
	ActivityCancelled{Entered: entered("cancelled"), Why: say("承办的李阿姨住院，暴雨红色预警，改期另行安排")},
}

var sampleAttendance = []Attendance{
	{Member: sampleMember, Presence: "present", Remark: say("主动帮小䶮搬椅子")},
	{Member: uuid.NewSHA1(sampleMember, nil), Presence: "excused", Remark: say("发烧，在医务室")},
}
