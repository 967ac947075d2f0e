package eventstoredb

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// A page is what is read at once. It is in memory before anybody sees the first event of it, so that the server waits for
// nobody who thinks about what was read, and a page that broke off is read again.
type page struct {
	events []*esdb.RecordedEvent
	more   bool // there may be: it ended because it was long enough
}

const (
	pageEvents = 512
	pageBytes  = 4 << 20
)

type question[T any] = func(context.Context, *esdb.Client) (T, error)

// streamPage reads a stream that may not exist.
func streamPage(stream string, from esdb.StreamPosition, direction esdb.Direction, count int) question[page] {
	return func(ctx context.Context, client *esdb.Client) (page, error) {
		options := esdb.ReadStreamOptions{From: from, Direction: direction, RequiresLeader: true}
		return received(client.ReadStream(ctx, stream, options, uint64(count)))(count)
	}
}

// allPage reads everything on the server, in the order in which it was written, or against it.
func allPage(from esdb.AllPosition, direction esdb.Direction, count int) question[page] {
	return func(ctx context.Context, client *esdb.Client) (page, error) {
		options := esdb.ReadAllOptions{From: from, Direction: direction, RequiresLeader: true}
		p, err := received(client.ReadAll(ctx, options, uint64(count)))(count)
		if thrown(err) {
			err = fmt.Errorf("%w: %w", errNowhere, err)
		}
		return p, err
	}
}

// errNowhere: only positions of events can be read from, and the server has no word for others.
var errNowhere = errors.New("the server cannot read from there; perhaps it is no position of this log")

// received reads to the end, or until there is enough. The stream is always closed: one that was read to its end leaves a
// goroutine behind too.
func received(stream *esdb.ReadStream, err error) func(count int) (page, error) {
	return func(count int) (p page, _ error) {
		if err != nil {
			return p, err
		}
		defer stream.Close()
		for size := 0; ; {
			event, err := stream.Recv()
			switch {
			case errors.Is(err, io.EOF):
				p.more = len(p.events) >= count
				return p, nil
			case is(err, esdb.ErrorCodeResourceNotFound):
				return p, nil
			case err != nil:
				return page{}, err
			}
			is := event.OriginalEvent()
			p.events = append(p.events, is)
			if size += len(is.Data) + len(is.UserMetadata); size > pageBytes {
				p.more = true
				return p, nil
			}
		}
	}
}

// revision is the number that the server gives to a version: it counts from 0.
func revision(version int) esdb.StreamRevision { return esdb.Revision(uint64(version - 1)) }

func versionOf(e *esdb.RecordedEvent) int { return int(e.EventNumber) + 1 }
