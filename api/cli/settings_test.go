package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// explained is what config check says of each setting.
func explained(t *testing.T, env []string, args ...string) map[string]setting {
	t.Helper()
	a := casestream(t, env, append([]string{"config", "check", "--json"}, args...)...)
	var said struct{ Settings []setting }
	if err := json.Unmarshal([]byte(a.out), &said); err != nil {
		t.Fatalf("%v\n%s%s", err, a.out, a.err)
	}
	all := make(map[string]setting)
	for _, s := range said.Settings {
		all[s.Name] = s
	}
	if len(all) != len(inFile) {
		t.Errorf("of %v it explains %v", inFile, all)
	}
	return all
}

func TestAFlagComesBeforeTheEnvironmentBeforeTheFileBeforeTheDefault(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return "sqlite:" + dir + "/" + name }
	file := written(t, dir+"/settings.json", fmt.Sprintf(`{"log": %q, "views": %q, "listen": "127.0.0.1:3", "data": %q}`, in("f"), in("f"), dir+"/f"))
	env := []string{"CASESTREAM_LOG=" + in("e"), "CASESTREAM_VIEWS=" + in("e"), "CASESTREAM_DATA=" + dir + "/e"}
	expect := func(t *testing.T, all map[string]setting, name, value, from string) {
		t.Helper()
		if s := all[name]; s.Value != value || s.From != from {
			t.Errorf("%s is %s from %s, want %s from %s", name, s.Value, s.From, value, from)
		}
	}
	t.Run("all four", func(t *testing.T) {
		all := explained(t, env, "--config", file, "--log", in("g"))
		expect(t, all, "log", in("g"), "flag --log")
		expect(t, all, "views", in("e"), "environment CASESTREAM_VIEWS")
		expect(t, all, "data", dir+"/e", "environment CASESTREAM_DATA")
		expect(t, all, "listen", "127.0.0.1:3", "file "+file)
	})
	t.Run("a file alone", func(t *testing.T) {
		all := explained(t, []string{"CASESTREAM_CONFIG=" + file})
		expect(t, all, "log", in("f"), "file "+file)
		expect(t, all, "views", in("f"), "file "+file)
		expect(t, all, "data", dir+"/f", "file "+file)
	})
	t.Run("the door", func(t *testing.T) {
		file := written(t, dir+"/door.json", `{"account-rate": "5", "address-rate": "0", "trusted-proxies": "10.0.0.1", "admin": "127.0.0.1:9"}`)
		all := explained(t, []string{"CASESTREAM_ADDRESS_RATE=50"}, "--config", file, "--data", dir+"/g")
		expect(t, all, "account-rate", "5", "file "+file)
		expect(t, all, "address-rate", "50", "environment CASESTREAM_ADDRESS_RATE")
		expect(t, all, "trusted-proxies", "10.0.0.1", "file "+file)
		expect(t, all, "admin", "127.0.0.1:9", "file "+file)
	})
	t.Run("nothing", func(t *testing.T) {
		all := explained(t, nil, "--data", dir+"/g")
		expect(t, all, "log", in("g"), "default")
		expect(t, all, "views", in("g"), "default")
		expect(t, all, "listen", "127.0.0.1:8080", "default")
	})
	t.Run("the file in the data directory", func(t *testing.T) {
		own := written(t, dir+"/own/casestream.json", fmt.Sprintf(`{"log": %q}`, in("elsewhere")))
		all := explained(t, nil, "--data", dir+"/own")
		expect(t, all, "log", in("elsewhere"), "file "+own)
		expect(t, all, "views", in("own"), "default")
	})
}

func TestASettingsFileThatIsWrongIsRefused(t *testing.T) {
	dir := t.TempDir()
	for text, want := range map[string]string{
		`{"lgo": "sqlite:x"}`: `no setting "lgo"`,
		`{"log": 3}`:          "words by name",
		`log = x`:             "words by name",
	} {
		file := written(t, dir+"/casestream.json", text)
		for _, args := range [][]string{{"verify", "--data", dir}, {"verify", "--config", file}, {"serve", "--data", dir}, {"token", "administrator", "--data", dir}} {
			if a := casestream(t, nil, args...); a.code != 2 || !strings.Contains(a.err, want) {
				t.Errorf("%s, %v: %d %s", text, args, a.code, a.err)
			}
		}
	}
	if a := casestream(t, nil, "verify", "--config", dir+"/none.json"); a.code != 2 || !strings.Contains(a.err, "none.json") {
		t.Errorf("a file that is not there: %d %s", a.code, a.err)
	}
	if err := os.Remove(dir + "/casestream.json"); err != nil {
		t.Fatal(err)
	}
	written(t, dir+"/casestream.json", `{"data": "elsewhere"}`)
	if a := casestream(t, nil, "verify", "--data", dir); a.code != 2 || !strings.Contains(a.err, `no setting "data"`) || !strings.Contains(a.err, "there are log, views, listen") {
		t.Errorf("a data directory that says it is elsewhere: %d %s", a.code, a.err)
	}
}

// Every command finds log and views where the settings say, whoever says it.
func TestEveryCommandSharesTheSettings(t *testing.T) {
	dir := t.TempDir()
	data := dir + "/data"
	written(t, data+"/casestream.json", fmt.Sprintf(`{"log": "sqlite:%s/log", "views": "sqlite:%s/views"}`, dir, dir))
	for _, line := range []string{
		"demo", "verify", "replay", "report year 2012", "case show 20120712-0000-7000-8000-000000000001",
		"rebuild outcomes", "token demo", "token administrator", "verify --digest", "config check",
	} {
		a := casestream(t, nil, append(strings.Fields(line), "--data", data)...)
		if a.code != 0 || a.out == "" {
			t.Errorf("%s: %d\n%s%s", line, a.code, a.out, a.err)
		}
	}
	entries, err := os.ReadDir(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if slices.Contains([]string{"log.db", "views.db"}, e.Name()) {
			t.Errorf("there is a %s in the data directory", e.Name())
		}
	}
	a := casestream(t, nil, "conformance", "--store", "sqlite:"+dir+"/log", "--only", "counts from 1")
	if a.code != 1 || !strings.Contains(a.err, "somebody works with this log") {
		t.Errorf("test facts among people's: %d %s%s", a.code, a.out, a.err)
	}
	a = casestream(t, nil, "demo", "--data", dir+"/other", "--log", "sqlite:"+dir+"/log")
	if a.code != 1 || !strings.Contains(a.err, "a log of its own") {
		t.Errorf("the demo among people's work: %d %s%s", a.code, a.out, a.err)
	}
}
