package eventstoredb

import (
	"context"
	"errors"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
)

// Append answers when a majority of the servers has the facts. While the outcome is not known it asks again, with the same
// ids and the same expected revision, and the server answers as the first time; when patience ends, or ctx, the
// caller may do the same.
func (s *Store) Append(ctx context.Context, stream string, expected int, meta events.Meta, facts ...events.Event) (events.Position, error) {
	d, err := events.Drafted(stream, expected, meta, facts)
	if err == nil && !ours(stream) {
		err = errors.New("no fact is of that category: whoever reads the log would not see it")
	}
	if err == nil {
		err = s.lines.ended(ctx)
	}
	var position events.Position
	if err == nil {
		position, err = s.append(ctx, &d)
	}
	if conflict := new(events.Conflict); errors.As(err, &conflict) {
		return 0, conflict // says it all
	} else if err != nil {
		return 0, fmt.Errorf("appending to %s: %w", stream, err)
	}
	s.saw(position)
	return position, nil
}

// contradictions is how often the server may say that a stream has moved on and then show that it has not, before it is
// held against it. Once may be others who append meanwhile.
const contradictions = 4

func (s *Store) append(ctx context.Context, d *events.Draft) (events.Position, error) {
	known, ok := s.heads.get(d.Stream)
	if !ok && d.Expected == 0 {
		ok = true // nobody knows it; the server may
	}
	for range contradictions {
		if !ok || known.version != d.Expected {
			position, there, err := s.compare(ctx, d)
			if err != nil || position != 0 {
				return position, err
			}
			known = there
		}
		d.NotBefore(known.recorded)
		position, err := s.send(ctx, d)
		if !is(err, esdb.ErrorCodeWrongExpectedVersion) {
			return position, err
		}
		ok = false
	}
	return 0, fmt.Errorf("%w: the server refuses version %d and shows nothing after it: somebody truncated the stream", events.ErrDamaged, d.Expected)
}

// send writes a draft after the version that it expects, and no other.
func (s *Store) send(ctx context.Context, d *events.Draft) (events.Position, error) {
	proposed := make([]esdb.EventData, len(d.Facts))
	for i, fact := range d.Facts {
		w, err := d.Written(i)
		if err != nil {
			return 0, err
		}
		proposed[i] = esdb.EventData{EventID: fact.ID, EventType: w.Type, ContentType: esdb.ContentTypeJson, Data: w.Data, Metadata: w.Meta}
	}
	options := esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}, RequiresLeader: true}
	if d.Expected > 0 {
		options.ExpectedRevision = revision(d.Expected)
	}
	result, err := ask(ctx, s.lines, s.writing, func(ctx context.Context, client *esdb.Client) (*esdb.WriteResult, error) {
		return client.AppendToStream(ctx, d.Stream, options, proposed...)
	})
	if err != nil {
		return 0, err
	}
	end := d.Expected + len(d.Facts)
	if result.NextExpectedVersion != revision(end).Value {
		return 0, fmt.Errorf("%w: version %d became %d: somebody deleted the stream on the server", events.ErrDamaged, end, result.NextExpectedVersion+1)
	}
	if result.CommitPosition == 0 { // it was there before, and the server does not remember where
		position, _, err := s.compare(ctx, d)
		return position, err
	}
	return events.Position(result.CommitPosition), nil
}

// beyond is how much of a stream is read beyond the place of a draft: then who lost a race knows by how much.
const beyond = 8

// compare looks at the place of a draft in its stream. When its events stand there, it answers with the position of the
// last, as the first time; when the stream ends before them, with the head that they continue; else it is a conflict.
// What the server says of versions when it refuses is only in its words, so nobody relies on that.
func (s *Store) compare(ctx context.Context, d *events.Draft) (events.Position, head, error) {
	if d.Expected < 0 {
		return s.tail(ctx, d)
	}
	first := max(d.Expected, 1) // the event before them, if there is one
	place := d.Expected + 1 - first
	there, err := ask(ctx, s.lines, s.reading, streamPage(d.Stream, revision(first), esdb.Forwards, place+len(d.Facts)+beyond))
	if err != nil {
		return 0, head{}, err
	}
	for i, e := range there.events {
		if versionOf(e) != first+i {
			return 0, head{}, fmt.Errorf("%w: version %d is missing", events.ErrDamaged, first+i)
		}
	}
	if position, ok := stands(d, there.events[min(place, len(there.events)):]); ok {
		return position, head{}, nil
	}
	if there.more || len(there.events) < place {
		return s.tail(ctx, d)
	}
	return continues(d, there.events)
}

// stands tells whether the events of a draft are those that follow, and where the last of them is.
func stands(d *events.Draft, follow []*esdb.RecordedEvent) (events.Position, bool) {
	if len(follow) < len(d.Facts) {
		return 0, false
	}
	for i, fact := range d.Facts {
		if follow[i].EventID != fact.ID {
			return 0, false
		}
	}
	return events.Position(follow[len(d.Facts)-1].Position.Commit), true
}

// tail compares a draft with the end of its stream.
func (s *Store) tail(ctx context.Context, d *events.Draft) (events.Position, head, error) {
	last, err := ask(ctx, s.lines, s.reading, streamPage(d.Stream, esdb.End{}, esdb.Backwards, 1))
	if err != nil {
		return 0, head{}, err
	}
	return continues(d, last.events)
}

// continues answers with the head that a draft continues, or says how far its stream is. These are its last events.
func continues(d *events.Draft, last []*esdb.RecordedEvent) (events.Position, head, error) {
	var is head
	if len(last) > 0 {
		var err error
		if is, err = headOf(last[len(last)-1]); err != nil {
			return 0, head{}, err
		}
	}
	if is.version != d.Expected {
		return 0, head{}, d.Conflict(is.version)
	}
	return 0, is, nil
}

// headOf is the head of a stream whose last event this is.
func headOf(e *esdb.RecordedEvent) (head, error) {
	r, err := recorded(e)
	return head{version: versionOf(e), recorded: r.Meta.RecordedAt}, err
}
