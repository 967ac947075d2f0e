package casefile

import "slices"

// Older counts, by list of a Case, the entries that are left out of it: all are older than those that are shown.
type Older struct {
	Measures      int `json:"measures,omitzero"`
	Interventions int `json:"interventions,omitzero"`
	Notes         int `json:"notes,omitzero"`
	Incidents     int `json:"incidents,omitzero"`
	Handovers     int `json:"handovers,omitzero"`
	FollowUps     int `json:"follow_ups,omitzero"`
}

// Newest is the case with only the newest n of each list that daily work makes longer, and says how many it leaves out.
// What is in force, what happens a few times in a case, like referrals and closures, and what was computed from all
// entries, stays. The case itself is not changed.
func (c Case) Newest(n int) (Case, Older) {
	var older Older
	c.Measures, older.Measures = newest(c.Measures, n)
	c.Interventions, older.Interventions = newest(c.Interventions, n)
	c.Notes, older.Notes = newest(c.Notes, n)
	c.Incidents, older.Incidents = newest(c.Incidents, n)
	c.Handovers, older.Handovers = newest(c.Handovers, n)
	c.FollowUps, older.FollowUps = newest(c.FollowUps, n)
	return c, older
}

func newest[E any](list []E, n int) (last []E, older int) {
	older = max(len(list)-n, 0)
	return slices.Clip(list[older:]), older
}
