package eventstoredb_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

func TestCredentialsComeFromTheConnectionStringOrAFile(t *testing.T) {
	dir := t.TempDir()
	server := esdbtest.Start(t, esdbtest.Secure(dir, "casestream", "s3cret"))
	file := filepath.Join(dir, "credentials")
	if err := os.WriteFile(file, []byte("casestream:s3cret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := newStream()
	for n, url := range []string{
		strings.Replace(server.URL(), "esdb://", "esdb://casestream:s3cret@", 1),
		server.URL() + "&credentialsFile=" + file,
		strings.Replace(server.DiscoverURL(), "esdb+discover://", "esdb+discover://casestream:s3cret@", 1),
	} {
		store := open(t, url)
		add(t, store, one, n, 1)
		f := begin(t, store, 0)
		f.next()
	}
}

func TestWrongCredentialsAreSaidAtOnceAndNotRepeated(t *testing.T) {
	dir := t.TempDir()
	server := esdbtest.Start(t, esdbtest.Secure(dir, "casestream", "s3cret"))
	for what, url := range map[string]string{
		"another password": strings.Replace(server.URL(), "esdb://", "esdb://casestream:wr0ng@", 1),
		"none":             server.URL(),
	} {
		began := time.Now()
		_, err := eventstoredb.Open(t.Context(), url)
		if err == nil || errors.Is(err, events.ErrUnavailable) || strings.Contains(err.Error(), "wr0ng") {
			t.Errorf("%s: %v, want to be told that nobody will be let in", what, err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: it took %v", what, took)
		}
	}
}

func TestAServerThatNobodyVouchesForIsNotTalkedTo(t *testing.T) {
	server := esdbtest.Start(t, esdbtest.Secure(t.TempDir(), "casestream", "s3cret"))
	url, _, _ := strings.Cut(strings.Replace(server.URL(), "esdb://", "esdb://casestream:s3cret@", 1), "?")
	if _, err := eventstoredb.Open(t.Context(), url); err == nil {
		t.Errorf("a certificate that nobody knows was accepted")
	}
}
