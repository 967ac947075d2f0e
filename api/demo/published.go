package demo

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
)

//go:embed data
var data embed.FS

// account is what was published of the pilot year, as far as the demo uses it (data/wuhan-2012.json).
type account struct {
	Source      string  `json:"source"`
	Departments []named `json:"pilot_departments"`
	Agencies    []struct {
		named
		StartupGrantYuan int64  `json:"startup_grant_yuan"`
		BackedBy         string `json:"backed_by"`
		FoundedOnly      bool   `json:"founded_only"`
	} `json:"agencies"`
	Posts struct {
		Total       int `json:"total"`
		Institution int `json:"civil_affairs_institutions"`
		Community   int `json:"wuchang_communities"`
		Dispatched  int `json:"dispatched_by_agencies"`
	} `json:"posts"`
	Wuchang struct {
		Communities int      `json:"communities"`
		Named       []string `json:"named"`
	} `json:"wuchang"`
	Projects []struct {
		named
		Department    string   `json:"department"`
		Agency        string   `json:"agency"`
		AgencyAssumed bool     `json:"agency_assumed"`
		SplitAssumed  bool     `json:"split_assumed"`
		Sites         []string `json:"sites"`
		Category      string   `json:"category"`
	} `json:"projects"`
	Totals  totals `json:"service_totals_2012"`
	Funding struct {
		PurchaseYuanNearly int `json:"purchase_of_service_yuan_nearly"`
	} `json:"funding_2012"`
	Workforce struct {
		Practitioners int `json:"practitioners"`
		Licensed      int `json:"licensed"`
	} `json:"workforce"`
	Exam struct {
		Registered int `json:"registered"`
		Passed     int `json:"passed"`
		Assistant  int `json:"passed_assistant_social_worker"`
		Worker     int `json:"passed_social_worker"`
	} `json:"exam_2012"`
	Training struct {
		Claims []struct {
			Value   int    `json:"value"`
			Unit    string `json:"unit"`
			AtLeast bool   `json:"at_least"`
		} `json:"claims"`
		Kinds []string `json:"kinds"`
	} `json:"training_2012"`
}

// named is something with a code and its names.
type named struct {
	Key string `json:"key"`
	Zh  string `json:"zh"`
	En  string `json:"en"`
}

// totals are the four figures that the events must come to.
type totals struct {
	Activities  int `json:"community_activities"`
	Sessions    int `json:"group_sessions"`
	CaseFiles   int `json:"case_files"`
	PersonTimes int `json:"person_times_served"`
}

// read decodes one of the data files; strict ones have no field that nobody reads.
func read[T any](name string, strict bool) (into T, err error) {
	text, err := data.ReadFile("data/" + name)
	if err != nil {
		return into, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(&into); err != nil {
		return into, fmt.Errorf("reading data/%s: %w", name, err)
	}
	return into, nil
}
