package esdbtest

import "github.com/google/uuid"

// What an append may expect of its stream, beside a revision from 0 on. The numbers are those of the real server's texts.
const (
	noStream     int64 = -1
	anything     int64 = -2
	streamExists int64 = -4
)

// verdict is what the log says to an append.
type verdict int

const (
	fits     verdict = iota // it can be kept
	repeated                // it is here already, and is answered as the first time
	wrong                   // the stream is not where it was expected
	deleted                 // the stream is gone
)

// outcome is the answer to an append or a delete.
type outcome struct {
	verdict  verdict
	current  int64  // revision of the stream's last event; noStream without one
	revision int64  // of the last event of the append
	position uint64 // the same in $all
}

// judge compares an append with its stream, as the real server does it: who says where in the stream its events belong is
// compared with what is there, for ever; who says Any or StreamExists with a cache of ids.
func (l *log) judge(stream string, expected int64, ids []uuid.UUID) outcome {
	current := int64(len(l.streams[stream])) - 1
	o := outcome{current: current, revision: current}
	switch {
	case l.dead[stream] != nil:
		o.verdict = deleted
	case expected == streamExists && l.softDeleted(stream):
		o.verdict = deleted
	case expected == streamExists && current < 0 && len(l.streams[metaOf(stream)]) == 0:
		o.verdict = wrong
	case expected == anything || expected == streamExists:
		l.recall(&o, stream, ids)
	case expected < current:
		l.compare(&o, stream, expected, ids)
	case expected > current:
		o.verdict = wrong
	}
	return o
}

// recall looks ids up in the cache. All known in this stream: repeated. The first unknown: new. Mixed: neither.
func (l *log) recall(o *outcome, stream string, ids []uuid.UUID) {
	for i, id := range ids {
		r := l.known[id]
		if r == nil || r.Stream != stream {
			if i > 0 {
				o.verdict = wrong
			}
			return
		}
		o.verdict, o.revision, o.position = repeated, r.Revision, r.Position
	}
}

// compare looks at the places behind the expected revision: the same ids in the same order are a repetition, and so is
// the beginning of it.
func (l *log) compare(o *outcome, stream string, expected int64, ids []uuid.UUID) {
	o.verdict = wrong
	if len(ids) == 0 {
		return
	}
	there := l.streams[stream][expected+1:]
	for i, id := range ids {
		if i >= len(there) || there[i].ID != id {
			if i == 0 && expected == noStream && l.softDeleted(stream) {
				o.verdict = fits
			}
			return
		}
	}
	last := there[len(ids)-1]
	o.verdict, o.revision, o.position = repeated, last.Revision, last.Position
}

// append keeps events in a stream, all or none.
func (l *log) append(stream string, expected int64, events []*record) outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	var ids []uuid.UUID
	for _, e := range events {
		ids = append(ids, e.ID)
	}
	o := l.judge(stream, expected, ids)
	if o.verdict != fits {
		return o
	}
	if l.softDeleted(stream) && len(events) > 0 {
		l.add(truncation(stream, o.current+1)) // what was deleted stays unseen
	}
	if len(events) == 0 {
		events = []*record{{Stream: stream, Empty: true}}
	}
	l.add(events...)
	last := events[len(events)-1]
	o.position = last.Position
	if !last.Empty {
		o.revision = last.Revision
	}
	return o
}
