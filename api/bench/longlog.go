package bench

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/cases"
)

const streamFacts = 50

// longLog is a log of some size in a folder, with the view of its case files: streams of 50 notes of 600 bytes.
type longLog struct {
	folder  string
	size    int
	fact    events.Event
	streams []string
}

func newLongLog(ctx context.Context, folder string, size int) (*longLog, error) {
	l := &longLog{folder: folder, size: size}
	var err error
	if l.fact, err = sealedNote(ctx); err != nil {
		return nil, err
	}
	store, err := sqlite.Open(ctx, filepath.Join(folder, "log.db"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = store.Close() }()
	if l.streams, err = l.fill(ctx, store, size); err != nil {
		return nil, err
	}
	views, err := readdb.Open(ctx, filepath.Join(folder, "views.db"))
	if err != nil {
		return nil, err
	}
	err = projections.New(store, views, nil, casefile.Projection{}).CatchUp(ctx, nil)
	return l, errors.Join(err, views.Close())
}

// fill appends so many facts to new streams, one append for each, by as many writers as there are connections.
func (l *longLog) fill(ctx context.Context, store events.Store, facts int) (streams []string, err error) {
	var mu sync.Mutex
	err = atOnce(facts/streamFacts, func(int) error {
		stream := events.Stream("case", newID())
		for version := range streamFacts {
			now := time.Now()
			meta := events.Meta{CommandID: newID(), Actor: "worker", OccurredAt: now, RecordedAt: now}
			if _, err := store.Append(ctx, stream, version, meta, l.fact); err != nil {
				return err
			}
		}
		mu.Lock()
		defer mu.Unlock()
		streams = append(streams, stream)
		return nil
	})
	return streams, err
}

func (l *longLog) measure(ctx context.Context) (g grown, err error) {
	path := filepath.Join(l.folder, "log.db")
	if l.size < 100*burst {
		fresh := filepath.Join(l.folder, "copy.db")
		if err := copyFile(path, fresh); err != nil {
			return g, err
		}
		defer os.Remove(fresh)
		path = fresh
	}
	store, err := sqlite.Open(ctx, path)
	if err != nil {
		return g, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	begin := time.Now()
	appended, err := l.fill(ctx, store, burst)
	if err != nil {
		return g, err
	}
	g.appends = float64(len(appended)*streamFacts) / time.Since(begin).Seconds()
	views, err := readdb.OpenReader(ctx, filepath.Join(l.folder, "views.db"))
	if err != nil {
		return g, err
	}
	defer func() { err = errors.Join(err, views.Close()) }()
	var fold, load []time.Duration
	for range looks {
		stream := oneOf(l.streams)
		begin := time.Now()
		if err := foldStream(ctx, store, stream); err != nil {
			return g, err
		}
		folded := time.Now()
		if _, err := casefile.Load(ctx, views, stream, projections.Point{KnownAt: projections.Latest}); err != nil {
			return g, err
		}
		fold, load = append(fold, folded.Sub(begin)), append(load, time.Since(folded))
	}
	slices.Sort(fold)
	slices.Sort(load)
	g.fold, g.load = percentile(fold, 50), percentile(load, 50)
	return g, nil
}

func foldStream(ctx context.Context, log events.Store, stream string) error {
	var state cases.Case
	for fact, err := range log.Read(ctx, stream, 1) {
		if err != nil {
			return err
		}
		state = services.Fold(state, fact)
	}
	return nil
}

// sealedNote is a note as it lies in the log.
func sealedNote(ctx context.Context) (events.Event, error) {
	place := sealed.Place{Stream: events.Stream("case", newID()), Event: newID()}
	note := events.NoteRecorded{Entered: events.Entered{Entry: newID()}, Kind: "process", Text: sealed.Say(words(0))}
	return sealed.Seal[events.Event](ctx, new(sealedtest.Keys), note, place, place.Stream)
}

// copyFile copies a file, down to the disk: what is measured next should not wait for it.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
