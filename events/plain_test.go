package events

// The strings that stand in facts as they are, each decided on by someone (TestAPlainStringWasDecidedOn). They outlive
// the erasure of whom they are about, and everyone with a backup can read them. So nothing goes here that a person
// words: what can be chosen from a list, days, and what is public about bodies, posts and projects.

// codes are chosen from a list, which services holds to; nobody can type words into them.
const codes = `
	Details.sex Details.id_kind Guardian.relation
	HoldPlaced.reason ProcessingRestricted.reason ForgettingRequested.by ForgettingRequested.basis
	ClientForgotten.by ClientForgotten.basis ClientForgotten.views

	IntakeRecorded.category IntakeRecorded.project IntakeRecorded.site IntakeRecorded.source IntakeRecorded.urgency
	ConsentRecorded.purpose ConsentRecorded.recipient ConsentRecorded.basis ConsentRecorded.capacity ConsentRecorded.form
	ConsentWithdrawn.by WorkerAssigned.role
	DomainAssessed.domain AssessmentRecorded.guardianship
	MeasureTaken.instrument MeasureTaken.when MeasureTaken.rater MeasureTaken.band MeasureTaken.safety MeasureTaken.not_done
	RiskRated.level
	Goal.domain PlanAgreed.agreed_by GoalRated.when
	InterventionRecorded.kind InterventionRecorded.mode InterventionRecorded.place Present.who NoteRecorded.kind
	FlagRaised.kind IncidentRecorded.kind Told.who HandoverRecorded.kind HandoverRecorded.received_as
	ReferralMade.to ReferralMade.basis ReferralAnswered.answer
	CaseClosed.reason CaseClosed.exit CaseClosed.outcome
	FollowUpRecorded.window FollowUpRecorded.findings CaseReopened.why
	AccessGranted.purpose ConflictDeclared.kind
	Due.step Steps.done

	GroupPlanned.project GroupPlanned.site GroupPlanned.kind MemberLeft.why
	SessionHeld.phase Attendance.presence GroupEvaluated.reached
	ActivityPlanned.project ActivityPlanned.site ActivityHeld.place Heads.people ActivityHeld.counted ActivityHeld.partners
	ActivityCountCorrected.counted

	CommissionerNamed.commissioner AgencyFounded.agency AgencyFounded.backed_by
	StationOpened.station StationOpened.agency StationOpened.commissioner
	ProjectLaunched.project ProjectLaunched.commissioner ProjectLaunched.agency ProjectLaunched.category
	SiteAdded.project SiteAdded.site
	AgreementSigned.agreement AgreementSigned.commissioner AgreementSigned.agency AgreementSigned.projects
	PostEstablished.post PostEstablished.kind PostEstablished.employer PostEstablished.project PostEstablished.site
	PostEstablished.station PostEstablished.badge
	WorkerRegistered.post WorkerLicensed.licence TrainingRecorded.kind
	GrantMade.grant GrantMade.agency TargetSet.project TargetSet.count ClaimPublished.about ClaimPublished.unit
	EvaluatorAdmitted.evaluator EvaluatorAdmitted.project EvaluatorAdmitted.purpose

	Asking.role Asking.route Asking.purpose Shown.classes Disclosed.marks Exported.what Denied.right
	GlassBroken.role GlassBroken.reason GlassReviewed.role GlassReviewed.finding
`

// names are of streams: a category and an id.
const names = `
	Shown.streams Denied.stream
`

// days are calendar days, 2012-09-03. A birthday is no such day: it is sealed.
const days = `
	Goal.by ForgettingChecked.kept_until FlagRaised.review_by ActivityPlanned.day AgreementSigned.from AgreementSigned.until
	WorkerLicensed.day TrainingRecorded.day GrantMade.day WorkerHomeRecorded.since EvaluatorAdmitted.until
`

// public is what bodies say of themselves, of their projects and of a post before anyone holds it.
const public = `
	Names.zh Names.en PostEstablished.duties PostEstablished.goals PostEstablished.standards
	GrantMade.purpose ClaimPublished.source
`

// fromTheForm follows the class that the form's own field has: plain holds class S0 only.
const fromTheForm = `
	Form.key Form.missing Answer.field Answer.plain
`

// certified is what a certificate needs: actors by their ids, and what proves who signed it.
const certified = `
	ClientForgotten.requested_by ClientForgotten.checked_by ClientForgotten.approved_by
	ClientForgotten.public_key ClientForgotten.signature
`
