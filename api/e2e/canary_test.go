package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/events/sqlite"
)

// Nothing that is written about a person stands open in any file, nor in anything that the process prints: not while
// it runs, not after a power cut, not after it was stopped, not after the views were folded anew.
func TestNothingPersonalIsOnTheDiskOrInTheLogLines(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("SQLITE_TMPDIR", temp)
	o := open(t)
	g := newGarden(o)
	g.grow()
	g.wrong()
	g.isShownToWhoMay(t)
	g.isEverywhere(t)
	g.isNotWatched(t)
	s := o.server
	said := s.log
	scan := func(when string) {
		t.Helper()
		patterns := disguises(g.texts())
		files := 0
		for _, dir := range []string{o.dir, temp} {
			files += search(t, when, dir, patterns)
		}
		if !strings.Contains(said.String(), "Casestream") {
			t.Errorf("%s: what it printed is not here", when)
		}
		find(t, when+": what it printed", []byte(said.String()), patterns)
		t.Logf("%s: %d files, %d bytes of output", when, files, len(said.String()))
	}
	scan("while it runs")
	s.kill()
	scan("after kill -9")
	s = start(t, o.dir)
	said = s.log
	scan("after it came back")
	printed := casestream(t, "rebuild", "--data", o.dir) + casestream(t, "verify", "--data", o.dir) + casestream(t, "replay", "--json", "--data", o.dir)
	find(t, "what rebuild, verify and replay print", []byte(printed), disguises(g.texts()))
	scan("while it runs, folded anew")
	s.stop()
	scan("after it was stopped")
	isWrapped(t, o)
}

// isShownToWhoMay checks that whoever may read it has read every word, and an evaluator none.
func (g *garden) isShownToWhoMay(t *testing.T) {
	t.Helper()
	g.shown.Write(g.officer.get(t, g.api+"/clients/"+g.id("clients")+"/export?recipient=client").raw)
	shown := g.shown.String()
	for n, where := range g.planted {
		if !strings.Contains(shown, fmt.Sprintf("%s%03d", g.mark, n)) && !unshown[where] {
			t.Errorf("%s was written, and the worker does not see it", where)
		}
	}
	year := fmt.Sprint(time.Now().Year())
	for _, url := range []string{
		"/outcomes", "/outcomes?project=" + project, "/outcomes?from=" + year + "-01-01", "/reports/2012", "/reports/" + year, "/programme",
		"/extracts/" + project, "/extracts/" + project + "?from=" + year + "-01-01", "/outcomes/facts?number=contacts", "/caseload",
		"/cases/" + g.id("cases"), "/clients/" + g.id("clients"), "/groups/" + g.id("groups"), "/audit",
	} {
		answer, err := g.numbers.ask(t.Context(), http.MethodGet, g.api+url, nil)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(answer.raw), g.mark[:32]) {
			t.Errorf("GET %s shows an evaluator what was written", url)
		}
	}
}

// isNotWatched checks that metrics and profiles know what was asked for, and nothing that was written.
func (g *garden) isNotWatched(t *testing.T) {
	t.Helper()
	patterns := disguises(g.texts())
	for path, holds := range map[string]string{
		"/metrics": `route="/api/v1/cases/:id/notes"`, "/debug/pprof/goroutine?debug=2": "goroutine", "/debug/pprof/heap?debug=1": "heap profile", "/debug/pprof/heap": "",
	} {
		shown := string(someone("").get(t, g.admin+path).raw)
		if !strings.Contains(shown, holds) || shown == "" {
			t.Errorf("GET %s holds no %s", path, holds)
		}
		find(t, "GET "+path, []byte(shown), patterns)
		for _, id := range []string{g.workerID, g.supervisorID, g.id("cases"), g.id("clients"), g.worker.token} {
			if strings.Contains(shown, id) {
				t.Errorf("GET %s holds an id or a token: %s", path, id)
			}
		}
	}
}

// unshown is what the API has no place for yet.
var unshown = map[string]bool{"/licences number": true, "/homes address": true, "/glass-reviews words": true}

// isEverywhere checks that there is no personal field in which no canary was put: each sealed field of each fact of the
// catalogue holds one somewhere in the log.
func (g *garden) isEverywhere(t *testing.T) {
	t.Helper()
	root, _, err := keydb.LoadOrCreateRoot(g.dir + "/root.key")
	if err != nil {
		t.Fatal(err)
	}
	keys, err := keydb.Open(t.Context(), g.dir+"/keys.db", root)
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	written := make(map[string]bool)
	kinds := make(map[string]reflect.Type)
	for _, name := range []string{"/log.db", "/access.db"} {
		log, err := sqlite.OpenReader(t.Context(), g.dir+name)
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		for r, err := range log.ReadAll(t.Context(), 0) {
			if err != nil {
				t.Fatal(err)
			}
			kinds[r.Event.Type()] = reflect.TypeOf(r.Event)
			filled(reflect.ValueOf(r.Event), r.Event.Type(), func(field string, value any) {
				written[field] = written[field] || g.isPlanted(t, keys, r.Stream, value)
			})
		}
	}
	for _, name := range events.Types() {
		kind, ok := kinds[name]
		if !ok {
			if !plain[name] {
				t.Errorf("no %s was recorded: what is written in it is not looked for", name)
			}
			continue
		}
		for _, field := range personal(kind, name) {
			if !written[field] {
				t.Errorf("no canary was put into %s", field)
			}
		}
	}
}

// plain are the facts that have no personal field, and are not needed here.
var plain = map[string]bool{
	"programme.station-opened": true, "programme.agreement-signed": true, "programme.training-recorded": true, "programme.grant-made": true,
	"programme.target-set": true, "programme.claim-published": true,
	"access.searched": true, "access.exported": true, "access.denied": true,
	"client.forgetting-checked": true, "client.forgetting-approved": true, "client.forgetting-begun": true, "client.forgotten": true,
}

// isPlanted opens a sealed value and tells whether it is a canary. The answers to a measure are numbers: none can be.
func (g *garden) isPlanted(t *testing.T, keys sealed.Keys, stream string, value any) bool {
	t.Helper()
	var text string
	var err error
	switch said := value.(type) {
	case sealed.Text:
		text, err = said.Open(t.Context(), keys, stream)
	case sealed.Value[any]:
		var answer any
		answer, err = said.Open(t.Context(), keys, stream)
		text = fmt.Sprint(answer)
	case sealed.Value[map[string]int]:
		return !said.IsZero()
	default:
		t.Fatalf("what is a %T?", value)
	}
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(text, g.mark) || strings.HasPrefix(text, birth)
}

func isSealed(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[sealed.Text]().PkgPath() && t.Kind() == reflect.Struct
}

// personal names the personal fields of a kind of fact. A fact inside an amendment is one of the others.
func personal(t reflect.Type, at string) (all []string) {
	switch {
	case isSealed(t):
		return []string{at}
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Pointer:
		return personal(t.Elem(), at)
	case t.Kind() == reflect.Struct:
		for f := range t.Fields() {
			if f.IsExported() {
				all = append(all, personal(f.Type, at+" "+f.Name)...)
			}
		}
	}
	return all
}

// filled shows every personal field of a fact.
func filled(v reflect.Value, at string, show func(field string, value any)) {
	switch {
	case isSealed(v.Type()):
		show(at, v.Interface())
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			filled(v.Index(i), at, show)
		}
	case v.Kind() == reflect.Struct:
		for f, value := range v.Fields() {
			if f.IsExported() {
				filled(value, at+" "+f.Name, show)
			}
		}
	}
}

// isWrapped checks that the root key is in its own file alone, and no token in any.
func isWrapped(t *testing.T, o *office) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(o.dir, "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	root, err := hex.DecodeString(lines[len(lines)-1])
	if err != nil || len(root) != 32 {
		t.Fatalf("the root key is not where this test looks: %v", err)
	}
	secrets := map[string][]byte{
		"the root key": root, "the root key, in hex": []byte(hex.EncodeToString(root)), "the root key, in base64": []byte(base64.RawStdEncoding.EncodeToString(root)),
		"a worker's token": []byte(o.worker.token), "an evaluator's token": []byte(o.numbers.token),
	}
	entries, err := os.ReadDir(o.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Name() == "root.key" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(o.dir, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for what, secret := range secrets {
			if bytes.Contains(content, secret) {
				t.Errorf("%s is in %s", what, entry.Name())
			}
		}
	}
}
