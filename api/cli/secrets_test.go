package cli

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// A password that stands in a URL is not said again: not by a command, not by an error, not by a log; wherever the
// URL came from, and however wrong it is.
func TestNoPasswordIsPrinted(t *testing.T) {
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) }) // serve sets its own
	const secret = "s3cr3t%21pw"
	commands := []string{
		"serve --listen 127.0.0.1:0", "demo", "token administrator", "case show 20120712-0000-7000-8000-000000000001", "replay", "report year 2012",
		"rebuild", "verify", "config check", "config check --json",
	}
	urls := []string{
		"postgres://u:" + secret + "@127.0.0.1:1/db?schema=s",
		"esdb://admin:" + secret + "@127.0.0.1:1?tls=true",
		"esdb+discover://admin:" + secret + "@127.0.0.1:1,127.0.0.1:2",
		"postgres://127.0.0.1:1/db?user=u&password=" + secret,
		"postgres://u:" + secret,
		"mysql://u:" + secret + "@127.0.0.1:1/db",
		"esdb://admin:" + secret + "/x@y@127.0.0.1:1:2?nonsense=%zz",
		"postgres://u:" + secret + "@127.0.0.1:not-a-port/db",
	}
	run := func(t *testing.T, env []string, args ...string) {
		t.Helper()
		dir := t.TempDir() // one that is there, so that the engine is asked
		a := casestream(t, env, append(args, "--data", dir)...)
		if a.code == 0 && a.out == "" {
			t.Errorf("%s %s: it says nothing", env, args)
		}
		for _, word := range []string{"s3cr3t", "!pw", "%21pw"} {
			if strings.Contains(a.out+a.err, word) {
				t.Errorf("%s %s:\n%s%s", env, args, a.out, a.err)
				return
			}
		}
	}
	for i, url := range urls {
		some := commands
		if i > 0 { // once is enough for whatever all commands share: an engine may take its time to say that nobody is there
			some = []string{"serve --listen 127.0.0.1:0", "verify"}
		}
		for _, name := range []string{"log", "views"} {
			for _, line := range some {
				run(t, nil, append(strings.Fields(line), "--"+name+"="+url)...)
			}
			t.Run("", func(t *testing.T) {
				run(t, []string{"CASESTREAM_" + strings.ToUpper(name) + "=" + url}, "config", "check")
			})
			run(t, nil, "verify", "--config", written(t, t.TempDir()+"/settings.json", fmt.Sprintf(`{%q: %q}`, name, url)))
		}
		run(t, nil, "serve", "--listen", url)
		run(t, nil, "conformance", "--limit", "1s", "--store", url)
		t.Run("", func(t *testing.T) {
			run(t, []string{"CASESTREAM_STORE=" + url}, "conformance", "--limit", "1s", "--json", "--only", "counts from 1")
		})
		run(t, nil, "verify", url)
		run(t, nil, "verify", "--no-such-flag="+url)
		run(t, nil, "verify", "--config", url)
	}
}

func TestALogLineIsMasked(t *testing.T) {
	var b bytes.Buffer
	c := call{secrets: secretsIn([]string{"--log=esdb://a:s3cr3t@h:1"}, nil)}
	slog.New(slog.NewTextHandler(c.masked(&b), nil)).Warn("dialing", "to", "esdb://a:s3cr3t@h:1", "with", "s3cr3t", "error", fmt.Errorf("esdb://a:s3cr3t@h:1: no"))
	if said := b.String(); strings.Contains(said, "s3cr3t") || !strings.Contains(said, "esdb://a:***@h:1") {
		t.Error(said)
	}
}
