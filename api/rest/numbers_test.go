package rest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

var allNumbers = []string{
	"case_files", "intakes", "declined", "open", "closed", "reopened", "set_aside", "contacts", "group_sessions", "activities", "person_times",
	"measures", "ratings",
}

// questions are all that someone may ask of numbers.
func questions() (all []string) {
	for _, filter := range []string{"", "project=" + project, "category=street_child", "agency=chuxin", "site=" + site, "as_of=2012-07-02", "known_at=2012-07-02", "from=2012-01-01&to=2012-12-31"} {
		all = append(all, "/outcomes?"+filter, "/reports/2012")
		for _, number := range allNumbers {
			all = append(all, "/outcomes/facts?number="+number+"&"+filter)
		}
	}
	return all
}

// A supervisor finds the facts of the team by their ids; of other teams' cases there are none.
func TestASupervisorSeesTheIdsOfTheTeamOnly(t *testing.T) {
	o := openOffice(t)
	mine, theirs := o.wholeStory(o.a1), o.wholeStory(o.b1)
	for _, url := range questions() {
		text := string(o.a.sees(url).bytes)
		for name, id := range theirs.ids {
			if strings.Contains(text, id) {
				t.Errorf("GET %s shows supervisor A %s of team B", url, name)
			}
		}
		if strings.Contains(text, o.b1.id.String()) {
			t.Errorf("GET %s shows supervisor A who works in team B", url)
		}
		if strings.Contains(url, "number=contacts&") && !strings.Contains(url, "known_at") && !strings.Contains(text, mine.id("cases")) {
			t.Errorf("GET %s does not show supervisor A the team's own case: %s", url, text)
		}
		cells++
	}
}

func TestAQuestionThatMakesNoSenseIsRefused(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	dated := []string{"/caseload", "/cases/{id}", "/cases/{id}/timeline", "/cases/{id}/audit", "/clients/{id}", "/groups/{id}", "/activities/{id}", "/audit", "/outcomes", "/outcomes/facts", "/reports/{year}"}
	undated := []string{"/categories", "/measures", "/programme", "/categories/{key}/form"}
	nonsense := map[string][]string{
		"as_of":    {"yesterday", "2012-02-30", "2012-7-1", "20120701", "2012-07-01T00:00:00Z", secret, "0", "-1"},
		"known_at": {"yesterday", "2012-02-30", "-1", "1.5", "18446744073709551616", "0x10", secret, "1e3"},
		"after":    {"yesterday", "2012-07-01", "-1", "18446744073709551616", secret},
		secret:     {"1", secret}, "As_of": {"2012-07-01"}, "limit[]": {secret},
	}
	more := map[string]map[string][]string{
		"/outcomes":         {"from": {secret, "2012-13-01"}, "to": {secret, "2012"}, "project": {strings.Repeat("长", 65)}},
		"/outcomes/facts":   {"from": {secret, "2012-13-01"}, "to": {secret}, "number": {secret}, "limit": {"0", "1001", secret}, "previous": {secret, "-1"}},
		"/audit":            {"from": {secret, "2012-02-30"}, "limit": {"0", "501", secret}, "previous": {secret, "-1"}, "actor": {strings.Repeat("长", 65)}},
		"/caseload":         {"stage": {secret}, "worker": {secret}, "project": {strings.Repeat("长", 65)}},
		"/cases/{id}/audit": {"previous": {secret}, "limit": {"0"}},

		"/clients/{id}/export": {"recipient": {secret, "", "Client", "client,guardian", "both"}},
	}
	refused := func(path, name, value string) {
		t.Helper()
		url := s.asked(path)
		mark := "?"
		if strings.Contains(url, "?") {
			mark = "&"
		}
		r := request(http.MethodGet, url, nil)
		r.URL.RawQuery = strings.TrimPrefix(r.URL.RawQuery+mark, "?")
		query := r.URL.Query()
		query.Set(name, value)
		r.URL.RawQuery = query.Encode()
		before := o.head()
		by := o.a
		h := by.asks(r)
		what := fmt.Sprintf("GET %s with %s=%s", path, name, value)
		o.isProblem(what, h, unfit)
		o.isSilent(what, h)
		if o.head() != before {
			t.Errorf("%s: it recorded something", what)
		}
		cells++
	}
	for _, path := range dated {
		for name, values := range nonsense {
			for _, value := range values {
				refused(path, name, value)
			}
		}
		for name, values := range more[path] {
			for _, value := range values {
				refused(path, name, value)
			}
		}
	}
	for _, value := range more["/clients/{id}/export"]["recipient"] {
		refused("/clients/{id}/export", "recipient", value)
	}
	for _, path := range undated {
		refused(path, "as_of", "2012-07-01")
		refused(path, secret, secret)
	}
	for _, path := range []string{"/cases/" + secret, "/clients/1", "/groups/x", "/activities/" + strings.Repeat("a", 36), "/reports/" + secret, "/reports/1999", "/reports/2101"} {
		h := o.a.gets(strings.ReplaceAll(path, secret, "c0ffee5ec2e7"))
		o.isProblem("GET "+path, h, unfit)
		o.isSilent("GET "+path, h)
	}
	h := o.a.gets("/categories/c0ffee5ec2e7/form")
	o.isProblem("GET a form of no category", h, hidden)
	o.isSilent("GET a form of no category", h)
}
