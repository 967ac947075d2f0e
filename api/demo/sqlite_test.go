package demo_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/casestream/casestream/api/demo"
	"github.com/casestream/casestream/events/sealed/keydb"
	"github.com/casestream/casestream/events/sqlite"
)

// The promise is a minute on two cores, of a program that is not looked at by the race detector.
func TestLoadingTheYearDurablyTakesLessThanAMinute(t *testing.T) {
	dir := t.TempDir()
	log, err := sqlite.Open(t.Context(), filepath.Join(dir, "log.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	root, _, err := keydb.LoadOrCreateRoot(filepath.Join(dir, "root.key"))
	if err != nil {
		t.Fatal(err)
	}
	random, err := keydb.Open(t.Context(), filepath.Join(dir, "keys.db"), root)
	if err != nil {
		t.Fatal(err)
	}
	defer random.Close()
	began := time.Now()
	if err := demo.Load(t.Context(), desks(log, random), demo.Options{Prepare: random.Prepare}); err != nil {
		t.Fatal(err)
	}
	took := time.Since(began)
	head, _ := log.Head(t.Context())
	t.Logf("%s events in %.1f s", head, took.Seconds())
	if took > time.Minute && !raceDetector {
		t.Errorf("loading took %s", took)
	}
	if onDisk, inMemory := digest(t, log, random), digest(t, loaded(t), keys); onDisk != inMemory {
		t.Errorf("on SQLite, under random keys: %s; in memory: %s", onDisk, inMemory)
	}
}
