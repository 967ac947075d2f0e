package rest

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/casestream/casestream/api/app"
)

// publicly asks for something outside /api/v1, or below it, as nobody.
func (o *office) publicly(path string) heard {
	r := request(http.MethodGet, "", nil)
	r.URL.Path = path
	return o.hears(r)
}

// What is open to everybody holds nothing about anybody.
func TestWhatIsPublicTellsOfNobody(t *testing.T) {
	o := openOffice(t)
	s := o.wholeStory(o.a1)
	for path, kind := range map[string]string{
		"/livez": "text/plain", "/readyz": "application/json", base + "/openapi.json": "application/openapi+json", base + "/docs": "text/html",
		InvitationPath: "text/html", InvitationPath + ".js": "text/javascript",
		base + "/docs.css": "text/css",
	} {
		h := o.publicly(path)
		text := string(h.bytes)
		if h.status != http.StatusOK || !strings.HasPrefix(h.header.Get("Content-Type"), kind) || h.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("GET %s: %d %v", path, h.status, h.header)
		}
		for _, part := range append(trace, o.a1.name, o.a1.id.String(), s.id("cases"), s.id("clients"), project) {
			if strings.Contains(text, part) {
				t.Errorf("GET %s tells %q", path, part)
			}
		}
		cells++
	}
}

func TestWhoAsksWhetherItIsReadyIsToldHowFarEveryViewIs(t *testing.T) {
	o := openOffice(t)
	o.wholeStory(o.a1)
	var ready Health
	if err := json.Unmarshal(o.publicly("/readyz").bytes, &ready); err != nil {
		t.Fatal(err)
	}
	if !ready.Ready || len(ready.Views) != len(app.ViewNames()) || ready.Head != o.head().String() || len(ready.Why) != 0 {
		t.Errorf("%+v", ready)
	}
	for _, view := range ready.Views {
		if view.Behind != 0 || view.Position != o.head() || view.Parked != "" {
			t.Errorf("%+v", view)
		}
	}
}

// The contract and the page for people name every route, and the page is readable without a script.
func TestTheDocumentsNameEveryRoute(t *testing.T) {
	o := openOffice(t)
	var contract struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]map[string]any
	}
	if err := json.Unmarshal(o.publicly(base+"/openapi.json").bytes, &contract); err != nil {
		t.Fatal(err)
	}
	page := string(o.publicly(base + "/docs").bytes)
	if contract.OpenAPI != "3.1.0" || strings.Contains(page, "<script") {
		t.Errorf("OpenAPI %s; a script on the page: %v", contract.OpenAPI, strings.Contains(page, "<script"))
	}
	for route := range doorTable {
		method, path, _ := strings.Cut(route, " ")
		if path == "/changes" || path == "/livez" || path == "/readyz" || strings.HasPrefix(path, "/control") || strings.HasPrefix(path, base) || ofInvitation(path) || path == "/session/provider/back" {
			continue // not of the contract: a stream, what is for operators, and pages
		}
		if contract.Paths[base+path][strings.ToLower(method)] == nil {
			t.Errorf("the contract does not name %s", route)
		}
		if !strings.Contains(page, base+path) {
			t.Errorf("the page does not name %s", route)
		}
	}
}

// A command that is recorded is answered as one, whatever the sender would rather read.
func TestWhoWouldRatherReadSomethingElseReadsJSON(t *testing.T) {
	o := openOffice(t)
	s := o.story(o.a1)
	s.comes("/cases/{id}/intake")
	for _, rather := range []string{"text/html", "application/xml;q=1", "application/" + secret, "*/*;q=0", ""} {
		before := o.head()
		h := o.a1.does(s.url("/cases/{id}/notes"), body{"entry": newID(), "kind": "process", "text": secret}, "Accept", rather)
		if h.header.Get("Content-Type") != "application/json" || o.head() != before+1 {
			t.Errorf("Accept: %s: %d %s", rather, h.status, h.header.Get("Content-Type"))
		}
		o.isSilent("Accept: "+rather, h)
	}
}
