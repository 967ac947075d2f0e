package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
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
	s := o.server
	said := s.log
	scan := func(when string) {
		t.Helper()
		patterns := disguises(g.mark)
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
	find(t, "what rebuild, verify and replay print", []byte(printed), disguises(g.mark))
	scan("while it runs, folded anew")
	s.stop()
	scan("after it was stopped")
	isWrapped(t, o)
}

// isShownToWhoMay checks that whoever may read it has read every word, and an evaluator none.
func (g *garden) isShownToWhoMay(t *testing.T) {
	t.Helper()
	shown := g.shown.String()
	for n, where := range g.planted {
		if !strings.Contains(shown, fmt.Sprintf("%s%03d", g.mark, n)) && !unshown[where] {
			t.Errorf("%s was written, and the worker does not see it", where)
		}
	}
	for _, url := range []string{"/outcomes", "/outcomes/facts?number=contacts", "/outcomes/facts?number=measures", "/programme", "/reports/2012"} {
		if strings.Contains(string(g.numbers.get(t, g.api+url).raw), g.mark[:32]) {
			t.Errorf("GET %s shows an evaluator what was written", url)
		}
	}
}

// unshown is what the API has no place for yet.
var unshown = map[string]bool{"/details why": true, "/licences number": true}

// isEverywhere checks that there is no personal field in which nothing was written: each sealed field of each fact of
// the catalogue holds something somewhere in the log.
func (g *garden) isEverywhere(t *testing.T) {
	t.Helper()
	log, err := sqlite.OpenReader(t.Context(), g.dir+"/log.db")
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	written := make(map[string]bool)
	kinds := make(map[string]reflect.Type)
	for r, err := range log.ReadAll(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		kinds[r.Event.Type()] = reflect.TypeOf(r.Event)
		filled(reflect.ValueOf(r.Event), r.Event.Type(), written)
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
				t.Errorf("nothing was written into %s", field)
			}
		}
	}
}

// plain are the facts that have no personal field, and are not needed here.
var plain = map[string]bool{
	"programme.station-opened": true, "programme.agreement-signed": true, "programme.training-recorded": true, "programme.grant-made": true,
	"programme.target-set": true, "programme.claim-published": true,
}

type sealable interface{ IsZero() bool }

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

// filled notes which personal fields hold something.
func filled(v reflect.Value, at string, written map[string]bool) {
	switch {
	case isSealed(v.Type()):
		if !v.Interface().(sealable).IsZero() {
			written[at] = true
		}
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			filled(v.Index(i), at, written)
		}
	case v.Kind() == reflect.Struct:
		for f, value := range v.Fields() {
			if f.IsExported() {
				filled(value, at+" "+f.Name, written)
			}
		}
	}
}

// disguises are the forms in which a text can stand in a file.
func disguises(mark string) map[string][]byte {
	digits, han := mark[:32], mark[32:]
	all := make(map[string][]byte)
	for name, text := range map[string]string{"digits": digits, "Chinese": han} {
		all[name+", UTF-8"] = []byte(text)
		var little, big, escaped []byte
		for _, u := range utf16.Encode([]rune(text)) {
			little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
			escaped = fmt.Appendf(escaped, `\u%04x`, u)
		}
		all[name+", UTF-16LE"], all[name+", UTF-16BE"] = little, big
		all[name+", JSON"], all[name+", JSON in capitals"] = escaped, []byte(strings.ReplaceAll(strings.ToUpper(string(escaped)), `\U`, `\u`))
		all[name+", hex"], all[name+", hex in capitals"] = []byte(hex.EncodeToString([]byte(text))), []byte(strings.ToUpper(hex.EncodeToString([]byte(text))))
		for shift := range 3 {
			for kind, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
				coded := encoding.EncodeToString(append(make([]byte, shift), text...))
				from, to := (shift*8+5)/6, (shift+len(text))*8/6 // the ends depend on what is beside
				all[fmt.Sprintf("%s, %s at %d", name, kind, shift)] = []byte(coded[from:to])
			}
		}
	}
	raw, _ := hex.DecodeString(digits)
	all["the bytes themselves"] = raw
	return all
}

// search looks into every file below a directory.
func search(t *testing.T, when, dir string, patterns map[string][]byte) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		find(t, when+": "+filepath.Base(path), content, patterns)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func find(t *testing.T, where string, content []byte, patterns map[string][]byte) {
	t.Helper()
	for form, pattern := range patterns {
		if at := bytes.Index(content, pattern); at >= 0 {
			t.Errorf("%s holds what was written about someone (%s): …%q…", where, form, content[max(0, at-40):min(len(content), at+60)])
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

// What the search finds, when there is something to be found.
func TestTheSearchFindsEveryDisguise(t *testing.T) {
	g := newGarden(nil)
	patterns := disguises(g.mark)
	found := func(content string) bool {
		for _, pattern := range patterns {
			if bytes.Contains([]byte(content), pattern) {
				return true
			}
		}
		return false
	}
	utf16of := func(text string, first, then int) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			b = append(b, byte(u>>first), byte(u>>then))
		}
		return string(b)
	}
	han := g.mark[32:]
	for what, content := range map[string]string{
		"as it is": "x" + g.mark + "x", "only the Chinese": "x" + han + "x", "only the digits": "x" + g.mark[:32],
		"UTF-16": utf16of("名"+g.mark, 0, 8), "UTF-16, the other way": utf16of(han+"名", 8, 0),
		"hex": hex.EncodeToString([]byte("ab" + han + "c")), "HEX": strings.ToUpper(hex.EncodeToString([]byte(g.mark))),
		"JSON": strings.Trim(fmt.Sprintf("%+q", "名"+han), `"`),
	} {
		if !found(content) {
			t.Errorf("%s: it is not found", what)
		}
	}
	for before := range 6 {
		for after := range 4 {
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding} {
				for _, text := range []string{g.mark, han, g.mark[:32]} {
					if !found(encoding.EncodeToString([]byte(strings.Repeat("v", before) + text + strings.Repeat("n", after)))) {
						t.Errorf("base64 with %d bytes before and %d after is not found", before, after)
					}
				}
			}
		}
	}
	if found(strings.Repeat("此处无他人之名", 100)) {
		t.Error("it finds what is not there")
	}
}
