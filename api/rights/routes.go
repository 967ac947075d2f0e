package rights

// Routes names the right that each route needs, by its method and its path below /api/v1. A route that is not here is open
// to nobody; a test says so before anybody finds out.
var Routes = map[string]Right{
	"GET /livez":               Public,
	"GET /readyz":              Public,
	"GET /api/v1/openapi.json": Public,
	"GET /api/v1/docs":         Public,
	"GET /api/v1/docs.css":     Public,
	"POST /control/rebuild":    Machine,

	"GET /categories":            Reference,
	"GET /categories/{key}/form": Reference,
	"GET /measures":              Reference,
	"GET /programme":             Reference,

	"POST /programme/commissioners": Structure,
	"POST /programme/agencies":      Structure,
	"POST /programme/stations":      Structure,
	"POST /programme/projects":      Structure,
	"POST /programme/sites":         Structure,
	"POST /programme/agreements":    Structure,
	"POST /programme/posts":         Structure,
	"POST /programme/workers":       Structure,
	"POST /programme/licences":      Structure,
	"POST /programme/training":      Structure,
	"POST /programme/grants":        Structure,
	"POST /programme/targets":       Structure,
	"POST /programme/claims":        Structure,
	"POST /programme/admissions":    Structure,

	"GET /outcomes":           Numbers,
	"GET /outcomes/facts":     ListFacts,
	"GET /extracts/{project}": Extract,
	"GET /reports/{year}":     Numbers,

	"GET /caseload": ListCases,
	"GET /changes":  HearChanges,
	"GET /audit":    ListAudit,

	"GET /cases/{id}":           SeeCase,
	"GET /cases/{id}/timeline":  SeeTimeline,
	"GET /cases/{id}/audit":     SeeHistory,
	"GET /cases/{id}/duty":      SeeDuty,
	"GET /cases/{id}/referrals": SeeReferral,

	"POST /cases/{id}/intake":               OpenCase,
	"POST /cases/{id}/decision":             Direct,
	"POST /cases/{id}/assignments":          Direct,
	"POST /cases/{id}/closure":              Direct,
	"POST /cases/{id}/reopening":            Direct,
	"POST /cases/{id}/consents":             Record,
	"POST /cases/{id}/assessments":          Record,
	"POST /cases/{id}/measures":             Record,
	"POST /cases/{id}/risks":                Record,
	"POST /cases/{id}/plans":                Record,
	"POST /cases/{id}/goal-ratings":         Record,
	"POST /cases/{id}/interventions":        Record,
	"POST /cases/{id}/notes":                Record,
	"POST /cases/{id}/flags":                Record,
	"POST /cases/{id}/flag-clearances":      Record,
	"POST /cases/{id}/handovers":            Record,
	"POST /cases/{id}/referrals":            Record,
	"POST /cases/{id}/follow-ups":           Record,
	"POST /cases/{id}/referral-answers":     AnswerReferral,
	"POST /cases/{id}/referral-completions": AnswerReferral,
	"POST /cases/{id}/withdrawals":          RecordOwed,
	"POST /cases/{id}/incidents":            RecordOwed,
	"POST /cases/{id}/amendments":           Correct,
	"POST /cases/{id}/retractions":          Correct,
	"POST /cases/{id}/grants":               Grant,
	"POST /cases/{id}/grant-endings":        EndGrant,
	"POST /cases/{id}/conflicts":            DeclareConflict,
	"POST /cases/{id}/conflict-liftings":    LiftConflict,

	"GET /clients/{id}":               SeeClient,
	"POST /clients/{id}/registration": RegisterClient,
	"POST /clients/{id}/details":      AmendClient,

	"GET /groups/{id}":                         SeeWork,
	"POST /groups/{id}/plan":                   RunWork,
	"POST /groups/{id}/members":                RunWork,
	"POST /groups/{id}/departures":             RunWork,
	"POST /groups/{id}/contracts":              RunWork,
	"POST /groups/{id}/sessions":               RunWork,
	"POST /groups/{id}/attendance-corrections": RunWork,
	"POST /groups/{id}/evaluation":             RunWork,

	"GET /activities/{id}":                    SeeWork,
	"POST /activities/{id}/plan":              RunWork,
	"POST /activities/{id}/report":            RunWork,
	"POST /activities/{id}/count-corrections": RunWork,
	"POST /activities/{id}/cancellation":      RunWork,
}

// Instead names the right that some routes need besides, for another case of what they do: an intake or a registration
// under an id that is taken tells that it is, to whoever may see what is there; a conflict of interest of one's own.
var Instead = map[Right]Right{
	OpenCase:        SeeCase,
	RegisterClient:  SeeClient,
	DeclareConflict: DeclareOwnConflict,
}
