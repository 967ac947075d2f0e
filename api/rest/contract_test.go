package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/casestream/casestream/api/app"
)

var update = flag.Bool("update", false, "write openapi.json anew")

func TestTheContractIsTheOneThatIsCommitted(t *testing.T) {
	r := newRouter(running(t))
	r.routes("")
	spec, err := r.api.OpenAPI().MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var now bytes.Buffer
	if err := json.Indent(&now, spec, "", " "); err != nil {
		t.Fatal(err)
	}
	now.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", now.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(committed, now.Bytes()) {
		t.Fatal("the contract has changed. If that is meant: go test ./rest -update, and say it in CHANGELOG.md")
	}
}

// running is a Casestream in a new directory, with its projector running.
func running(t testing.TB) *app.App {
	t.Helper()
	a, err := app.Open(t.Context(), app.Dir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		beside := make(chan error)
		go func() { beside <- a.Readers.Run(ctx) }()
		_ = a.Projector.Run(ctx)
		<-beside
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}
