package esdbtest

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/google/uuid"
)

const (
	typeMetadata  = "$metadata"
	typeTombstone = "$streamDeleted"
	contentJSON   = "application/json"
)

// metaOf is the stream that has the metadata of a stream.
func metaOf(stream string) string { return "$$" + stream }

// truncation is the event by which a real server hides the beginning of a stream.
func truncation(stream string, before int64) *record {
	return &record{
		ID: uuid.New(), Stream: metaOf(stream), Type: typeMetadata, ContentType: contentJSON,
		Data: []byte(`{"$tb":` + strconv.FormatInt(before, 10) + `}`),
	}
}

// hidden says before which revision a stream is not seen. Metadata that is not understood hides nothing.
func (l *log) hidden(stream string) (before int64) {
	said := l.streams[metaOf(stream)]
	if len(said) == 0 {
		return 0
	}
	var meta struct {
		Before   int64 `json:"$tb"`
		MaxCount int64 `json:"$maxCount"`
	}
	if err := json.Unmarshal(said[len(said)-1].Data, &meta); err != nil {
		return 0
	}
	if meta.MaxCount > 0 {
		meta.Before = max(meta.Before, int64(len(l.streams[stream]))-meta.MaxCount)
	}
	return meta.Before
}

// softDeleted streams are hidden altogether, until someone appends.
func (l *log) softDeleted(stream string) bool { return l.hidden(stream) == math.MaxInt64 }

// delete hides a stream, or ends it for ever.
func (l *log) delete(stream string, expected int64, forever bool) outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	o := l.judge(stream, expected, []uuid.UUID{uuid.New()})
	if o.verdict == fits && !forever && o.current < 0 {
		o.verdict = wrong // there is nothing to hide
	}
	if o.verdict != fits {
		return o
	}
	r := truncation(stream, math.MaxInt64)
	if forever {
		r = &record{ID: uuid.New(), Stream: stream, Type: typeTombstone, ContentType: contentJSON}
	}
	l.add(r)
	o.position = r.Position
	return o
}

// view is what can be read of a stream.
type view struct {
	records []*record // what is not hidden
	next    int64     // the revision of the next event
	found   bool
	deleted bool
	grown   <-chan struct{} // closed when anything was appended anywhere
}

func (l *log) view(stream string) view {
	l.mu.Lock()
	defer l.mu.Unlock()
	all, before := l.streams[stream], l.hidden(stream)
	return view{
		records: all[min(before, int64(len(all))):], next: int64(len(all)),
		found: len(all) > 0 && before != math.MaxInt64, deleted: l.dead[stream] != nil, grown: l.grown,
	}
}
