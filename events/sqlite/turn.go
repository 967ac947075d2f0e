package sqlite

import (
	"encoding/json"
	"errors"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"
)

// turn is one transaction of the writer: what it has given out and not committed yet.
type turn struct {
	w       *writer
	last    events.Position
	placed  events.Position // up to here their places are given out too
	streams int64
	heads   map[string]head
}

// append adds a request's rows to the transaction, or answers why not. Its own error ends the transaction.
func (t *turn) append(r *request) error {
	if err := r.ctx.Err(); err != nil {
		r.err = err // nobody waits for it any more
		return nil  //nolint:nilerr // the request failed, not the transaction
	}
	h, err := t.headOf(r.draft)
	if err != nil {
		return err
	}
	if h.version != r.Expected {
		return t.again(h, r)
	}
	if r.NotBefore(h.recorded) {
		if err := r.write(); err != nil {
			return err
		}
	}
	for i := range r.rows {
		t.last++
		h.version++
		row := &r.rows[i]
		row.position, row.version = t.last, h.version
		h.hash, t.w.scratch = chain(t.w.scratch, h.hash, r.Stream, *row)
		if err := t.insert(h, *row); err != nil {
			return err
		}
	}
	h.recorded = r.RecordedAt()
	t.heads[r.Stream] = h
	r.position = t.last
	return nil
}

func (t *turn) insert(h head, r row) error {
	return run(t.w.conn, `INSERT INTO events (position, stream, version, hash, type, meta, data) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		func(stmt *sqlite.Stmt) {
			stmt.BindInt64(1, int64(r.position))
			stmt.BindInt64(2, h.stream)
			stmt.BindInt64(3, int64(r.version))
			stmt.BindBytes(4, h.hash[:])
			stmt.BindText(5, r.name)
			stmt.BindText(6, r.meta)
			stmt.BindText(7, r.data)
		})
}

// again answers an append that does not continue its stream: as the first time if it is already there, else a conflict.
func (t *turn) again(h head, r *request) error {
	r.err = r.Conflict(h.version)
	if r.Expected < 0 || r.Expected+len(r.rows) > h.version {
		return nil
	}
	if err := t.place(); err != nil { // what the same turn may have written
		return err
	}
	stmt, err := t.w.conn.Prepare(`SELECT e.position, meta, p.version` + placedEvents + `
		WHERE p.stream = ? AND p.version > ? ORDER BY p.version LIMIT ?`)
	if err != nil {
		return err
	}
	defer stmt.Reset()
	stmt.BindInt64(1, h.stream)
	stmt.BindInt64(2, int64(r.Expected))
	stmt.BindInt64(3, int64(len(r.rows)))
	for i := range r.rows {
		if there, err := stmt.Step(); err != nil {
			return err
		} else if !there {
			return events.ErrDamaged
		}
		var meta struct {
			EventID uuid.UUID `json:"event_id"`
		}
		if err := json.Unmarshal([]byte(stmt.ColumnText(1)), &meta); err != nil {
			return errors.Join(events.ErrDamaged, err)
		}
		if meta.EventID != r.Facts[i].ID {
			return nil
		}
		r.position = events.Position(stmt.ColumnInt64(0))
	}
	r.err = nil
	return nil
}

// headOf is how far a stream is, this transaction included. A stream that is not there and is meant to be new gets its row.
func (t *turn) headOf(d draft) (head, error) {
	if h, ok := t.heads[d.Stream]; ok {
		return h, nil
	}
	if h, ok := t.w.heads.Get(d.Stream); ok {
		return h, nil
	}
	if d.Expected == 0 {
		err := run(t.w.conn, `INSERT INTO streams (id, name) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, func(stmt *sqlite.Stmt) {
			stmt.BindInt64(1, t.streams+1)
			stmt.BindText(2, d.Stream)
		})
		if err != nil {
			return head{}, err
		}
		if t.w.conn.Changes() == 1 {
			t.streams++
			return head{stream: t.streams, hash: chainStart(t.w.store.id)}, nil
		}
	}
	h, err := t.find(d.Stream)
	if err == nil && h.version > 0 {
		t.heads[d.Stream] = h
	}
	return h, err
}

// find reads a head from the file.
func (t *turn) find(stream string) (h head, err error) {
	stmt, err := t.w.conn.Prepare(`SELECT p.stream, p.version, hash, meta` + placedEvents + `
		WHERE p.stream = (SELECT id FROM streams WHERE name = ?) ORDER BY p.version DESC LIMIT 1`)
	if err != nil {
		return h, err
	}
	defer stmt.Reset()
	stmt.BindText(1, stream)
	if there, err := stmt.Step(); err != nil || !there {
		return h, err
	}
	h.stream, h.version = stmt.ColumnInt64(0), stmt.ColumnInt(1)
	var meta events.Meta
	if err := json.Unmarshal([]byte(stmt.ColumnText(3)), &meta); err != nil || stmt.ColumnBytes(2, h.hash[:]) != len(h.hash) {
		return h, events.ErrDamaged
	}
	h.recorded = meta.RecordedAt
	return h, nil
}
