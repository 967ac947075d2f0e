package rights

import "github.com/casestream/casestream/api/session"

// The words that the rules below are written in.
var (
	casework   = []session.Role{session.Worker, session.Supervisor}
	supervisor = []session.Role{session.Supervisor}
	officer    = []session.Role{session.PrivacyOfficer}
	everybody  = session.Roles

	carrying = []Relation{Assigned, CoWorker, Recorder}
	noCase   = []Relation{None}

	running = []State{Open, Closed}
	kept    = []State{Open, Closed, Restricted}
	apart   = []State{NoCase}

	may       = Gives{}
	masked    = Gives{Shows: working, Asked: gravest}
	ownMasked = Gives{OwnOnly: true, Shows: working, Asked: gravest}
	atTheDoor = Gives{Shows: whoItIs, Asked: gravest}
	identity  = Gives{Shows: whoItIs}
	rows      = Gives{Shows: plain}
)

// Book is the book of rules.
type Book struct {
	Closes []Relation // close a case to whoever stands in them, whatever the rules give
	Rules  []Rule
}

// TheBook is the one that is in force. What no line gives is refused: an administrator sees no case, an erased case is
// seen by nobody.
func TheBook() Book {
	return Book{
		Closes: []Relation{Conflict},
		Rules: []Rule{
			// Of no case.
			{Reference, everybody, noCase, apart, identity},
			{Structure, []session.Role{session.Administrator}, noCase, apart, may},
			{Numbers, []session.Role{session.Supervisor, session.Evaluator, session.Administrator}, noCase, apart, may},
			{Extract, []session.Role{session.Evaluator}, noCase, apart, may},
			{ListFacts, supervisor, noCase, apart, may},
			{ListDue, officer, noCase, apart, may},
			{Accounts, []session.Role{session.Administrator, session.PrivacyOfficer}, noCase, apart, may},
			{Invite, []session.Role{session.Administrator}, noCase, apart, may},
			{SecondPerson, []session.Role{session.Administrator, session.PrivacyOfficer, session.Supervisor}, noCase, apart, may},
			{OpenCase, casework, noCase, apart, may},
			{RegisterClient, casework, noCase, apart, may},

			// The search before an intake. It tells nobody of someone of whose case they have a conflict of interest, nor of
			// whom nothing may be used: who is restricted is not found, and of who is forgotten nothing is left to be found.
			{Search, casework, noCase, []State{NoCase, Open, Closed}, identity},

			// Exact numbers: which cases are in them. They stay when someone is forgotten.
			{CountCases, supervisor, carrying, States, rows},
			{CountCases, supervisor, []Relation{Supervising}, States, rows},

			// Lists: whose rows are in them.
			{ListCases, casework, carrying, kept, identity},
			{ListCases, supervisor, []Relation{Supervising}, kept, identity},
			{ListCases, casework, []Relation{Granted}, running, identity},
			{HearChanges, casework, carrying, kept, rows},
			{HearChanges, supervisor, []Relation{Supervising}, kept, rows},
			{HearChanges, casework, []Relation{Granted}, running, rows},
			{HearChanges, officer, noCase, apart, rows}, // of no case: of broken glasses
			{ListAudit, supervisor, carrying, kept, masked},
			{ListAudit, supervisor, []Relation{Supervising}, kept, masked},

			// Who carries a case, and who supervises them, see it: also a closed one, and one that may not be used any more.
			{SeeCase, casework, carrying, kept, masked},
			{SeeCase, supervisor, []Relation{Supervising}, kept, masked},
			{SeeTimeline, casework, carrying, kept, masked},
			{SeeTimeline, supervisor, []Relation{Supervising}, kept, masked},
			{SeeHistory, casework, carrying, kept, masked},
			{SeeHistory, supervisor, []Relation{Supervising}, kept, masked},
			{SeeDuty, casework, carrying, kept, atTheDoor},
			{SeeDuty, supervisor, []Relation{Supervising}, kept, atTheDoor},
			{SeeClient, casework, carrying, kept, masked},
			{SeeClient, supervisor, []Relation{Supervising}, kept, masked},

			// Who was let in for a time sees it as they do, without who recorded what.
			{SeeCase, casework, []Relation{Granted}, running, masked},
			{SeeTimeline, casework, []Relation{Granted}, running, masked},
			{SeeDuty, casework, []Relation{Granted}, running, atTheDoor},
			{SeeClient, casework, []Relation{Granted}, running, masked},

			// Who breaks the glass sees that one case as if they had been let in.
			{SeeCase, casework, []Relation{UnderGlass}, running, masked},
			{SeeTimeline, casework, []Relation{UnderGlass}, running, masked},
			{SeeDuty, casework, []Relation{UnderGlass}, running, atTheDoor},

			// Who had it before keeps what they wrote themselves.
			{SeeTimeline, casework, []Relation{Past}, running, ownMasked},

			// Who is on duty sees what is needed at the door, and nothing else.
			{SeeDuty, casework, []Relation{OnDuty}, []State{Open}, atTheDoor},

			// An agency sees what was referred to it: whoever supervises there, not everyone who works there.
			{SeeReferral, supervisor, []Relation{Receiver}, running, Gives{Shows: working}},
			{AnswerReferral, supervisor, []Relation{Receiver}, running, may},

			// The work. Who sees a restricted case is let through here too, and is told by the decision behind the door, in words,
			// what it does not take any more: to them, a 404 would say nothing.
			{Record, casework, carrying, kept, may},
			{Record, supervisor, []Relation{Supervising}, kept, may},
			{Record, casework, []Relation{Granted}, running, may},
			{RecordNote, casework, carrying, kept, may},
			{RecordNote, supervisor, []Relation{Supervising}, kept, may},
			{RecordNote, casework, []Relation{Granted}, running, may},
			{Direct, casework, carrying, kept, may},
			{Direct, supervisor, []Relation{Supervising}, kept, may},
			{AnswerReferral, casework, carrying, kept, may},
			{AnswerReferral, supervisor, []Relation{Supervising}, kept, may},

			// What is owed to the law and to the person, also when the case may not be used any more.
			{RecordOwed, casework, carrying, kept, may},
			{RecordOwed, supervisor, []Relation{Supervising}, kept, may},
			{RecordOwed, casework, []Relation{Granted}, running, may},
			{Correct, casework, carrying, kept, may},
			{Correct, supervisor, []Relation{Supervising}, kept, may},
			{AmendClient, casework, carrying, kept, may},
			{AmendClient, supervisor, []Relation{Supervising}, kept, may},

			// What cannot wait. Whoever does casework breaks the glass; who sees the case has none to break, and is told so.
			{BreakGlass, casework, noCase, running, may},
			{RecordUrgent, casework, carrying, kept, may},
			{RecordUrgent, supervisor, []Relation{Supervising}, kept, may},
			{RecordUrgent, casework, []Relation{Granted, UnderGlass}, running, may},

			// And is looked at afterwards, by someone else: who answers for the case, or for who broke it, and the office.
			{ReviewGlass, supervisor, carrying, kept, may},
			{ReviewGlass, supervisor, []Relation{Supervising, OverGlass}, kept, may},
			{ReviewGlass, officer, noCase, kept, may},
			{ListGlass, supervisor, noCase, apart, Gives{Shows: working}},
			{ListGlass, officer, noCase, apart, Gives{Shows: working}},

			// Who read what: who answers for the case, and the office, also of someone who was forgotten.
			{SeeReaders, supervisor, carrying, kept, rows},
			{SeeReaders, supervisor, []Relation{Supervising}, kept, rows},
			{SeeReaders, officer, noCase, States, rows},
			{ListUnusual, officer, noCase, apart, rows},

			// Who may come in besides, and who may not.
			{Grant, supervisor, []Relation{Supervising}, kept, may},
			{EndGrant, supervisor, []Relation{Supervising}, kept, may},
			{DeclareOwnConflict, casework, carrying, kept, may},
			{DeclareOwnConflict, supervisor, []Relation{Supervising}, kept, may},
			{DeclareOwnConflict, casework, []Relation{Granted}, running, may},
			{DeclareOwnConflict, casework, []Relation{OnDuty}, []State{Open}, may},
			{DeclareConflict, supervisor, []Relation{Supervising}, kept, may},
			{LiftConflict, supervisor, []Relation{Supervising}, kept, may},

			// What is kept of a client, whatever the state of the case: nobody's relation, an office.
			{Keep, officer, noCase, States, may},
			{ExportAll, officer, noCase, States, Gives{Shows: working + " " + gravest}},

			// Groups and activities: who answers for them, and who supervises that worker.
			{SeeWork, casework, []Relation{Assigned}, []State{Open}, Gives{Shows: working}},
			{SeeWork, supervisor, []Relation{Supervising}, []State{Open}, Gives{Shows: working}},
			{RunWork, casework, []Relation{Assigned}, []State{Open}, may},
			{RunWork, supervisor, []Relation{Supervising}, []State{Open}, may},
		},
	}
}
