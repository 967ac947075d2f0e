package demo

import "fmt"

// allotment is how the published totals are spread (data/allotment.json). All of it is assumed.
type allotment struct {
	Note     string              `json:"note"`
	Projects []share             `json:"projects"`
	Leads    map[string]string   `json:"leads"` // agency: the project whose supervisor leads it
	Targets  targets             `json:"targets"`
	PerPost  int64               `json:"agreements_yuan_per_post"`
	Courses  map[string]course   `json:"courses"` // by category
	Endings  map[string][]ending `json:"endings"` // by category; "": of the others
	Reopened map[string]again    `json:"reopened"`
}

// share is what one project has of everything.
type share struct {
	Key        string   `json:"key"`
	En         string   `json:"en"`
	Code       string   `json:"code"` // of its posts
	Sites      []place  `json:"sites"`
	Posts      posts    `json:"posts"`
	Cases      int      `json:"cases"`
	Declined   int      `json:"declined"`
	Sessions   int      `json:"sessions"`
	Of         int      `json:"of"` // sessions of one group
	Activities int      `json:"activities"`
	People     []string `json:"people"` // who comes to its activities
}

type place struct {
	Code string `json:"code"`
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

type posts struct {
	Institution int `json:"institution"`
	Community   int `json:"community"`
	Dispatched  int `json:"dispatched"`
}

type targets struct {
	Activities  int `json:"activities"`
	Sessions    int `json:"group_sessions"`
	CaseFiles   int `json:"case_files"`
	PersonTimes int `json:"person_times"`
}

// course is what a case of a category usually takes; each pair is least and most.
type course struct {
	Days     [2]int  `json:"days"`
	Contacts [2]int  `json:"contacts"`
	Ages     [2]int  `json:"ages"`
	Kin      string  `json:"kin"`
	Late     float64 `json:"late"` // how often something is written down days later
}

// ending is one way for a case to end, and how often.
type ending struct {
	Weight  int    `json:"weight"`
	Reason  string `json:"reason"`
	Exit    string `json:"exit"`
	Outcome string `json:"outcome"`
	Text    string `json:"text"`
}

// again is how many cases of a category are reopened, and why.
type again struct {
	Cases int
	Why   string
}

func (a *again) UnmarshalJSON(text []byte) error {
	_, err := fmt.Sscanf(string(text), "[%d, %q]", &a.Cases, &a.Why)
	return err
}

// fits sees that what is spread adds up to what was published.
func (a allotment) fits(published account) error {
	var sum totals
	var all posts
	for _, p := range a.Projects {
		sum.Activities += p.Activities
		sum.Sessions += p.Sessions
		sum.CaseFiles += p.Cases
		all.Institution += p.Posts.Institution
		all.Community += p.Posts.Community
		all.Dispatched += p.Posts.Dispatched
	}
	sum.PersonTimes = published.Totals.PersonTimes // what activities have to bring, settled last: activities.go
	if sum != published.Totals {
		return fmt.Errorf("data/allotment.json spreads %+v, published are %+v", sum, published.Totals)
	}
	is := posts{published.Posts.Institution, published.Posts.Community, published.Posts.Dispatched}
	if all != is || all.Institution+all.Community+all.Dispatched != published.Posts.Total {
		return fmt.Errorf("data/allotment.json has posts %+v, published are %+v", all, is)
	}
	return nil
}
