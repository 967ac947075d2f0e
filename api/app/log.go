package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/eventstoredb"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sqlite"
)

// logs are the engines of the log there are, by the scheme of their URL. This is the one place that knows them: serve,
// whatever else opens a log, and conformance all come here. A new engine is a line.
var logs = map[string]logEngine{
	"sqlite": {
		open: func(ctx context.Context, url string) (events.Store, error) {
			return store(sqlite.Open(ctx, logFile(url)))
		},
		read: func(ctx context.Context, url string) (events.Store, error) {
			return store(sqlite.OpenReader(ctx, logFile(url)))
		},
		promises: sqlite.Promises,
	},
	"memory": {
		promises: memory.Promises,
		open:     func(context.Context, string) (events.Store, error) { return memory.New(), nil },
	},
	"esdb":          eventStore,
	"esdb+discover": eventStore,
}

var eventStore = logEngine{open: openEventStore, read: openEventStore, promises: eventstoredb.Promises}

func openEventStore(ctx context.Context, url string) (events.Store, error) {
	return store(eventstoredb.Open(ctx, url))
}

// logEngine opens logs of one kind, by their URL.
type logEngine struct {
	open     func(ctx context.Context, url string) (events.Store, error)
	read     func(ctx context.Context, url string) (events.Store, error) // beside the process that writes; nil: it cannot
	promises events.Promises
}

// OpenLog opens the log that a URL names, and makes it if there is none: sqlite:DIR, esdb://…, esdb+discover://…, or
// memory:. Its errors do not repeat the URL: a password may be in it.
func OpenLog(ctx context.Context, url string) (events.Store, error) {
	engine, err := logEngineOf(url)
	if err != nil {
		return nil, err
	}
	return engine.open(ctx, url)
}

// OpenLogBeside opens it as another process does while the first has it.
func OpenLogBeside(ctx context.Context, url string) (events.Store, error) {
	engine, err := logEngineOf(url)
	if err != nil {
		return nil, err
	}
	return engine.read(ctx, url)
}

// Promises are what the log of a URL promises beyond the port.
func Promises(url string) events.Promises {
	engine, _ := logEngineOf(url)
	return engine.promises
}

// openLog opens the log of a Casestream: it has to be one that lasts.
func openLog(ctx context.Context, url string, reading bool) (events.Store, error) {
	engine, err := logEngineOf(url)
	if err != nil {
		return nil, err
	}
	if !engine.promises.Lasts {
		return nil, errors.New("a log in memory keeps nothing: it is for tests and for casestream conformance")
	}
	if reading {
		return engine.read(ctx, url)
	}
	return engine.open(ctx, url)
}

func logEngineOf(url string) (logEngine, error) {
	scheme, place, _ := strings.Cut(url, ":")
	engine, known := logs[scheme]
	switch {
	case known && scheme == "sqlite" && place == "":
		return engine, errors.New("sqlite: needs a directory, sqlite:DIR")
	case known:
		return engine, nil
	case schemes.MatchString(scheme) && scheme != url:
		return engine, fmt.Errorf("there is no log of the kind %s: a log is sqlite:DIR, esdb://HOST:PORT or esdb+discover://HOST:PORT", scheme)
	}
	return engine, errors.New("a log is named by a URL: sqlite:DIR, esdb://HOST:PORT or esdb+discover://HOST:PORT")
}

var schemes = regexp.MustCompile(`^[a-z][a-z0-9+]{0,20}$`)

func logFile(url string) string { return filepath.Join(strings.TrimPrefix(url, "sqlite:"), "log.db") }

// store makes no interface of a nil pointer.
func store[S events.Store](s S, err error) (events.Store, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// ErrInUse: people's work is in this log.
var ErrInUse = errors.New("somebody works with this log: a programme is recorded in it")

// NotInUse refuses a log that somebody works with.
func NotInUse(ctx context.Context, log events.Store) error {
	for _, err := range log.Read(ctx, events.ProgrammeStream, 1) {
		if err == nil {
			err = ErrInUse
		}
		return err
	}
	return nil
}

// NotInUse refuses settings whose log is elsewhere and that somebody works with. One in the data directory is no
// stranger's.
func (s Settings) NotInUse(ctx context.Context) error {
	if s = s.Whole(); s.logHere() {
		return nil
	}
	log, err := openLog(ctx, s.Log, false)
	if err != nil {
		return err
	}
	return errors.Join(NotInUse(ctx, log), log.Close())
}
