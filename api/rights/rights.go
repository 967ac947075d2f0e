// Package rights says who may see and do what. It is meant to be read by people who do not program: a supervisor, a
// privacy officer, a court.
//
// Whoever asks has a role, and stands in relations to a case; a case is in a state; what is said in it has a class. The
// book of rules (book.go) is one list: this right is given to these roles, in these relations, while the case is in
// these states, and of what it shows these classes are shown. What no rule gives is refused. A conflict of interest closes
// the case to whoever has it, whatever else is true of them.
//
// Routes (routes.go) names for every route the right that it needs. Decide (decide.go) is the one function that answers,
// and lists are filtered by it. testdata/cells.txt has every cell that is open, one to a line, written out from the rules;
// it is committed, so that a change of the rules is seen for what it changes, and the matrix test (api/rest) holds
// the running program to that file and not to this code. Nothing here reads a clock or a database.
package rights

import (
	"slices"
	"strings"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/sealed"
)

// Right is something that can be done or seen.
type Right string

const (
	Public     Right = "public"      // no token is asked for: does it live, what is the contract
	Machine    Right = "machine"     // whoever can read the data directory; nobody's token opens it
	Reference  Right = "reference"   // forms, instruments, the structure of the programme
	Structure  Right = "structure"   // enter agencies, projects, posts, workers
	Numbers    Right = "numbers"     // counts
	Extract    Right = "extract"     // rows that give nobody away, of a project to which one was admitted
	CountCases Right = "count-cases" // which cases are in exact numbers
	ListFacts  Right = "list-facts"  // the facts behind a number; those of cases that one may see

	Keep         Right = "keep"          // hold, restrict and forget what is kept of a client
	Session      Right = "session"       // sign in and out; each route says itself what it needs
	Accounts     Right = "accounts"      // who may sign in, and as what
	Invite       Right = "invite"        // make an account
	SecondPerson Right = "second-person" // decide on what one person may not do alone
	ListDue      Right = "list-due"      // of whom nothing need be kept any longer
	ExportAll    Right = "export-all"    // everything about a client, opened, for the client

	OpenCase       Right = "open-case"       // record an intake under a new id
	RegisterClient Right = "register-client" // register a client under a new id
	Search         Right = "search"          // ask, before an intake, whether someone is known: masked, and logged

	ListCases   Right = "list-cases"   // the caseload: which cases are in it
	HearChanges Right = "hear-changes" // the live feed: of which cases it tells
	ListAudit   Right = "list-audit"   // what was recorded on all cases of the team

	SeeCase     Right = "see-case"     // how a case stands
	SeeTimeline Right = "see-timeline" // its entries
	SeeHistory  Right = "see-history"  // who recorded what, and what corrections changed
	SeeDuty     Right = "see-duty"     // what whoever is on duty needs: flags, whom to call, who may collect
	SeeReferral Right = "see-referral" // what was referred to one's own agency
	SeeClient   Right = "see-client"   // who the client is

	Record         Right = "record"          // the daily work: contacts, measures, plans
	RecordNote     Right = "record-note"     // a note
	RecordUrgent   Right = "record-urgent"   // a note that cannot wait, and says so
	RecordOwed     Right = "record-owed"     // what the law wants recorded whatever the state: incidents, withdrawals of consent
	Correct        Right = "correct"         // amend and retract entries
	AmendClient    Right = "amend-client"    // correct who the client is
	Direct         Right = "direct"          // decide, assign, close, reopen
	AnswerReferral Right = "answer-referral" // say what became of a referral

	Grant              Right = "grant"                // let a worker in for a time
	EndGrant           Right = "end-grant"            // end that before its time
	DeclareOwnConflict Right = "declare-own-conflict" // say that one has a conflict of interest
	DeclareConflict    Right = "declare-conflict"     // say that another worker has one
	LiftConflict       Right = "lift-conflict"        // say that it does not stand in the way any more

	BreakGlass  Right = "break-glass"  // let oneself in for an hour, because it cannot wait
	ReviewGlass Right = "review-glass" // say whether that was right
	ListGlass   Right = "list-glass"   // which glasses wait for a review; those that one may review
	SeeReaders  Right = "see-readers"  // who was shown what of a case, or of a client
	ListUnusual Right = "list-unusual" // what stands out among all that was shown

	SeeWork Right = "see-work" // a group or an activity
	RunWork Right = "run-work" // plan it, hold it, correct its counts
)

// Relation is how someone stands to a case, or to a group or an activity.
type Relation int

// They are in the order of their strength: where two of someone's relations give something, the first one counts.
const (
	Assigned    Relation = iota // responsible for it
	CoWorker                    // beside whoever is responsible
	Recorder                    // recorded the intake, and nobody is assigned yet
	Supervising                 // supervises someone who is responsible, a co-worker, or a recorder as above
	Granted                     // was let in until a time that has not come
	UnderGlass                  // broke the glass within the hour
	Past                        // was responsible before, and has no part in it now
	OnDuty                      // holds a post at the site of the case
	Receiver                    // holds a post of an agency to which it is referred, until that is declined or done
	OverGlass                   // supervises someone who broke the glass, now or before
	None                        // none of these; also where no case is spoken of
	Conflict                    // a conflict of interest was declared
)

// Every relation has a name, in the order above.
var relationNames = []string{
	"assigned", "co-worker", "recorded the intake", "supervisor of the owner", "granted", "broke the glass", "past-assigned", "on duty at the site",
	"receiver of a referral", "supervisor of who broke the glass", "none", "conflict of interest",
}

func (r Relation) String() string { return relationNames[r] }

// Relations are those in which someone stands to one case at once.
type Relations uint16

// Of is these relations.
func Of(all ...Relation) (r Relations) {
	for _, one := range all {
		r |= 1 << one
	}
	return r
}

// Has tells whether a relation is among them. None is among all.
func (r Relations) Has(one Relation) bool { return one == None || r&(1<<one) != 0 }

// State is the state of a case.
type State string

const (
	Open       State = "open"       // in work, from the intake on
	Closed     State = "closed"     // closed or declined
	Restricted State = "restricted" // its client is: who carries it may read it, and only what is owed is recorded
	Erased     State = "erased"     // its client is forgotten: only numbers are left, and nobody sees it
	NoCase     State = "no case"    // no case is spoken of
)

// States are those that a case can be in.
var States = []State{Open, Closed, Restricted, Erased}

// Gives is what a rule gives of what its right shows; nothing of a right to do something.
type Gives struct {
	OwnOnly bool    // only the entries that one wrote oneself
	Shows   Classes // are shown at once
	Asked   Classes // are masked until they are asked for with a purpose
}

// Classes are classes of what is said of people: S0 plain, S1 who someone is, S2 clinical and social, S3 what does most
// harm in the wrong hands.
type Classes string

const (
	plain   Classes = "S0"
	whoItIs Classes = "S0 S1"
	working Classes = "S0 S1 S2"
	gravest Classes = "S3"
)

// Has tells whether a class is among them.
func (c Classes) Has(class sealed.Class) bool {
	for i := 0; i+2 <= len(c); i += 3 {
		if string(c[i:i+2]) == string(class) {
			return true
		}
	}
	return false
}

// and are the classes among both.
func (c Classes) and(other Classes) Classes {
	return Classes(strings.Join(slices.DeleteFunc(strings.Fields(string(c)), func(class string) bool { return !other.Has(sealed.Class(class)) }), " "))
}

// Purposes are what S3 can be asked for: codes, so that no personal word comes into a URL.
var Purposes = []string{"care", "crisis", "report", "court", "medical", "supervision", "handover"}

// Rule gives a right.
type Rule struct {
	Right     Right
	Roles     []session.Role
	Relations []Relation
	States    []State
	Gives     Gives
}
