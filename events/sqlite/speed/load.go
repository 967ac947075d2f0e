package speed

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sqlite"
	"github.com/google/uuid"
)

// streamLength is how many events a writer appends to a stream before it begins another.
const streamLength = 50

// load is what is appended, and where to.
type load struct {
	ctx   context.Context
	fact  events.Event
	bytes []byte // of one event, as the log keeps it
	store *sqlite.Store
	file  *rawFile
	each  *singles
}

func newLoad(ctx context.Context, folder string) (l *load, err error) {
	l = &load{ctx: ctx}
	if l.fact, err = note(ctx); err != nil {
		return nil, err
	}
	data, _, err := events.Encode(l.fact)
	if err != nil {
		return nil, err
	}
	meta, err := json.Marshal(command())
	if err != nil {
		return nil, err
	}
	l.bytes = slices.Concat([]byte(l.fact.Type()), meta, data)
	if l.file, err = newRawFile(filepath.Join(folder, "raw")); err != nil {
		return nil, err
	}
	if l.each, err = newSingles(filepath.Join(folder, "single.db"), l.fact.Type(), string(meta), string(data)); err != nil {
		return nil, errors.Join(err, l.close())
	}
	if l.store, err = sqlite.Open(ctx, filepath.Join(folder, "log.db")); err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (l *load) close() (err error) {
	if l.store != nil {
		err = l.store.Close()
	}
	if l.each != nil {
		err = errors.Join(err, l.each.close())
	}
	if l.file != nil {
		err = errors.Join(err, l.file.close())
	}
	return err
}

func (l *load) raw(int) func() error { return func() error { return l.file.append(l.bytes) } }

func (l *load) single(int) func() error { return l.each.writer() }

func (l *load) log(int) func() error { return appendTo(l.ctx, l.store, l.fact) }

// appendTo appends a fact to one new stream after another.
func appendTo(ctx context.Context, store events.Store, fact events.Event) func() error {
	stream, version := "", streamLength
	return func() error {
		if version == streamLength {
			stream, version = newStream(), 0
		}
		_, err := store.Append(ctx, stream, version, command(), fact)
		version++
		return err
	}
}

// drive lets writers append one after another for some time.
func drive(ctx context.Context, writers int, slice time.Duration, writer func(int) func() error) (Measured, error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var all sync.WaitGroup
	begin := time.Now()
	for n := range writers {
		all.Go(func() {
			own, add := []time.Duration{}, writer(n)
			var err error
			for last := time.Now(); err == nil && last.Sub(begin) < slice; {
				if err = add(); err == nil {
					err = ctx.Err()
				}
				now := time.Now()
				own, last = append(own, now.Sub(last)), now
			}
			mu.Lock()
			defer mu.Unlock()
			took, failed = append(took, own...), errors.Join(failed, err)
		})
	}
	all.Wait()
	in := time.Since(begin)
	if failed != nil {
		return Measured{}, failed
	}
	slices.Sort(took)
	return Measured{
		PerSecond: float64(len(took)) / in.Seconds(),
		P50:       took[len(took)/2], P99: took[len(took)*99/100],
	}, nil
}

func newStream() string { return events.Stream("case", uuid.Must(uuid.NewV7())) }

func command() events.Meta {
	now := time.Now()
	return events.Meta{CommandID: uuid.Must(uuid.NewV7()), Correlation: correlation, Actor: "worker-0190d3c2", Agency: "agency-1", OccurredAt: now, RecordedAt: now}
}

var correlation = uuid.Must(uuid.NewV7())

// note is a note on the course of a case, sealed, of about 600 bytes.
func note(ctx context.Context) (events.Event, error) {
	key, err := sealed.NewKey("client-"+correlation.String()+"/1", make([]byte, 32))
	if err != nil {
		return nil, err
	}
	said := events.NoteRecorded{Entered: events.Entered{Entry: uuid.Must(uuid.NewV7())}, Kind: "process", Text: sealed.Say(strings.Repeat("家访。", 27))}
	place := sealed.Place{Stream: newStream(), Event: correlation}
	closed, err := sealed.Seal(ctx, sealed.Keys(oneKey{key}), said, place, place.Stream)
	if err != nil {
		return nil, fmt.Errorf("sealing the note that is measured with: %w", err)
	}
	return closed, nil
}

type oneKey struct{ key *sealed.Key }

func (k oneKey) Sealing(context.Context, string) (*sealed.Key, error) { return k.key, nil }
func (k oneKey) Opening(context.Context, string) (*sealed.Key, error) { return k.key, nil }
