package outcomes

// Result is a report. A number that is asked for and cannot be given is null, never 0; lists are in the order of their
// keys and never null.
type Result struct {
	// CaseFiles (建档个案) are the cases whose first acceptance falls in the time asked for, less those that were closed,
	// on whatever day, as a duplicate or as opened in error. Such a file is in none of the numbers of this block but SetAside.
	CaseFiles int `json:"case_files"`
	Intakes   int `json:"intakes"`   // by the day of the intake
	Declined  int `json:"declined"`  // by the day of the decision; never accepted up to the end of the time
	Open      int `json:"open"`      // accepted and not closed at the end of the time, whenever it was opened
	Closed    int `json:"closed"`    // closures; a case that was reopened and closed again has two
	Reopened  int `json:"reopened"`  // reopenings: each begins an episode
	SetAside  int `json:"set_aside"` // closures as a duplicate or as opened in error

	Contacts      int         `json:"contacts"` // interventions and follow-ups that reached someone
	GroupSessions int         `json:"group_sessions"`
	Activities    int         `json:"activities"`
	PersonTimes   PersonTimes `json:"person_times"`
	Persons       Persons     `json:"persons"`

	Closures Closures  `json:"closures"`
	Goals    Goals     `json:"goal_attainment"`
	Measures []Measure `json:"measures"`

	ByProject  []Share    `json:"by_project"`
	ByCategory []Share    `json:"by_category"`
	ByMonth    []Month    `json:"by_month"`
	Delivery   []Delivery `json:"delivery"` // when a year is asked for: From is its first day and the end is in it
}

// PersonTimes (人次): one served person actually present, once per contact.
type PersonTimes struct {
	Cases      int `json:"cases"`
	Groups     int `json:"groups"`
	Activities int `json:"activities"`
	Total      int `json:"total"`
}

// Persons (人数) are counted apart from person-times and never added to each other: a member of a group may be a client
// too. The persons at an activity are not known.
type Persons struct {
	ClientsServed int `json:"clients_served"` // clients with a contact that served someone
	GroupMembers  int `json:"group_members"`  // members present at a session
}

// Number is how many there are of one kind.
type Number struct {
	Key    string `json:"key"`
	Number int    `json:"number"`
}

// Unstated is the key of what was not said.
const Unstated = "unstated"

// Closures by what was said of them. By reason they are Closed and SetAside together; by exit and by outcome Closed alone.
type Closures struct {
	ByReason  []Number `json:"by_reason"`
	ByExit    []Number `json:"by_exit"`
	ByOutcome []Number `json:"by_outcome"`
}

// Share is what one project, or one category, has of the headline numbers.
type Share struct {
	Key           string `json:"key"`
	Agency        string `json:"agency,omitempty"` // of a project, on the day asked for
	CaseFiles     int    `json:"case_files"`
	Contacts      int    `json:"contacts"`
	GroupSessions int    `json:"group_sessions"`
	Activities    int    `json:"activities"`
	PersonTimes   int    `json:"person_times"`
}

// Month is what falls in one month, 2006-01. Months in which nothing happened are left out.
type Month struct {
	Month         string `json:"month"`
	CaseFiles     int    `json:"case_files"`
	Contacts      int    `json:"contacts"`
	GroupSessions int    `json:"group_sessions"`
	Activities    int    `json:"activities"`
	PersonTimes   int    `json:"person_times"`
}

// Goals is the goal attainment of the episodes that were closed in the time (Closed): of the plan in force in the
// episode, with each of its goals' last rating under that plan, follow-up ratings included.
type Goals struct {
	MeanT    *float64 `json:"mean_t"` // over WithT; null: none
	WithT    int      `json:"with_t"`
	WithoutT int      `json:"without_t"` // no plan, or no goal rated
	Rated    int      `json:"goals_rated"`
	Unrated  int      `json:"goals_unrated"`
	Reached  int      `json:"goals_reached"` // of Rated: last rating 0 or above
}

// Measure is what one instrument says. A pair is the first baseline of an episode of a case, and the last interim,
// closure or follow-up score after it, of the same version of the instrument, that falls in the time asked for. A
// measure belongs to the episode in which it was taken; after a closure that is still the one that was closed.
// Instrument gas is goal attainment: T over the goals of the plan in force that have a baseline and a later rating.
type Measure struct {
	Instrument string `json:"instrument"`
	Taken      int    `json:"taken"`    // with or without a score
	NotDone    int    `json:"not_done"` // due, and not done
	Paired     int    `json:"paired"`
	Unpaired   int    `json:"unpaired"` // scored in the time, and no pair comes of it; see pairs.go

	MeanBefore *float64 `json:"mean_before"` // of the pairs, as all means
	MeanAfter  *float64 `json:"mean_after"`
	MeanChange *float64 `json:"mean_change"` // after less before: read it with Direction
	// EffectSize is MeanChange divided by the standard deviation of the changes (n−1). Null: fewer than two pairs, or all alike.
	EffectSize *float64 `json:"effect_size"`

	Direction              string   `json:"direction"` // lower-is-better, higher-is-better; empty: not known
	MinimalImportantChange *float64 `json:"minimal_important_change"`
	// By the minimal important change; null where none is known, because then nobody may judge.
	Improved  *int `json:"improved"`
	Unchanged *int `json:"unchanged"`
	Worse     *int `json:"worse"`
}

// Delivery is what was reached of a target of the year. Project is empty for a target of the whole programme, which
// is shown when no part of it is asked for.
type Delivery struct {
	Project string   `json:"project,omitempty"`
	Year    int      `json:"year"`
	Count   string   `json:"count"` // activities, group_sessions, case_files, person_times
	Target  int      `json:"target"`
	Reached int      `json:"reached"`
	Share   *float64 `json:"share"`         // reached ÷ target; null: the target is 0
	Gone    float64  `json:"share_of_year"` // how much of the year is gone at the end of the time
}
