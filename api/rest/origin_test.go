package rest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A page of another site may make a browser send anything, with whatever the browser adds: no route does any of it.
func TestNothingIsDoneForAPageOfAnotherSite(t *testing.T) {
	o := openOffice(t)
	commands, others := 0, 0
	o.wholeStory(o.a1).every(func(route string, r *http.Request) {
		if method, _, _ := strings.Cut(route, " "); method == http.MethodGet {
			return
		}
		if strings.HasPrefix(r.URL.Path, "/control") {
			r.Header.Set("Authorization", "Bearer "+password)
		}
		commands++
		before := o.head()
		for _, from := range []http.Header{
			{"Sec-Fetch-Site": {"cross-site"}},
			{"Sec-Fetch-Site": {"same-site"}},
			{"Origin": {"https://" + secret + ".example"}},
			{"Origin": {"null"}},
			{"Origin": {"http://" + r.Host}, "Sec-Fetch-Site": {"cross-site"}},
		} {
			again := r.Clone(r.Context())
			for name, values := range from {
				again.Header[name] = values
			}
			h := o.hears(again)
			o.isProblem(route+" from elsewhere", h, http.StatusForbidden)
			o.isSilent(route+" from elsewhere", h)
			if h.body["code"] != codeOtherOrigin || o.head() != before {
				t.Errorf("%s from %v: %s", route, from, h.bytes)
			}
			cells++
		}
		if strings.HasPrefix(r.URL.Path, "/control") {
			return
		}
		r.Header.Set("Origin", "http://"+r.Host)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		_, path, _ := strings.Cut(route, " ")
		if aboutAccounts(path) || ofInvitation(path) || slices.Contains(posted, path) {
			others++
			if h := o.hears(r); h.status == http.StatusForbidden {
				t.Errorf("%s from a page of this site: %s", route, h.bytes)
			}
			return
		}
		if h := o.hears(r); h.status != http.StatusCreated {
			t.Errorf("%s from a page of this site: %d %s", route, h.status, h.bytes)
		}
	})
	if commands != len(table)+2+others { // two are of the machine
		t.Errorf("of %d commands %d were tried", len(table)+2+others, commands)
	}
	for _, method := range []string{http.MethodPut, http.MethodPatch, http.MethodDelete} {
		r := request(method, "/cases/"+newID(), nil)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		o.isProblem(method+" from elsewhere", o.a1.asks(r), http.StatusForbidden)
	}
	r := request(http.MethodGet, "/caseload", nil) // a link from elsewhere is followed
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if h := o.a1.asks(r); h.status != http.StatusOK {
		t.Errorf("a link from elsewhere: %d", h.status)
	}
}
