package keydb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/casestream/casestream/events/sealed"
)

// New keys are made by one goroutine at a time that takes all who wait into one transaction: a morning's load of
// new clients costs a few fsyncs.

// inOne is how many keys one transaction makes at most, so that the first does not wait long for the last.
const inOne = 256

// wish is a key that somebody waits for. Several may wait for one owner's: the first makes it, the others find it.
type wish struct {
	owner string
	made  chan struct{}
	key   *sealed.Key
	err   error
}

// Prepare makes the keys of many owners in few transactions: those that have none yet. A loader calls it before it
// appends, instead of paying for an fsync per person. An owner who was forgotten makes it sealed.ErrForgotten; the
// others have their keys all the same.
func (db *DB) Prepare(ctx context.Context, owners ...string) error {
	wishes := make([]*wish, 0, len(owners))
	for _, owner := range owners {
		if _, ok := db.cache.get(owner); ok {
			continue
		}
		if err := checkOwner(owner); err != nil {
			return err
		}
		wishes = append(wishes, db.want(owner))
	}
	var failed error
	for _, w := range wishes {
		if _, err := w.wait(ctx); err != nil && failed == nil {
			failed = err
		}
	}
	return failed
}

func (db *DB) make(ctx context.Context, owner string) (*sealed.Key, error) {
	return db.want(owner).wait(ctx)
}

// wait ends with its caller's context; the key is made all the same.
func (w *wish) wait(ctx context.Context) (*sealed.Key, error) {
	select {
	case <-w.made:
	case <-ctx.Done():
		return nil, fmt.Errorf("making the key of %s: %w", w.owner, ctx.Err())
	}
	if w.err != nil {
		return nil, fmt.Errorf("making the key of %s: %w", w.owner, w.err)
	}
	return w.key, nil
}

func (db *DB) want(owner string) *wish {
	db.mu.Lock()
	defer db.mu.Unlock()
	w := &wish{owner: owner, made: make(chan struct{})}
	if db.closed {
		w.err = sql.ErrConnDone
		close(w.made)
		return w
	}
	db.waiting = append(db.waiting, w)
	if !db.making {
		db.making = true
		db.makers.Add(1)
		go db.makeWanted()
	}
	return w
}

// makeWanted works until nobody waits.
func (db *DB) makeWanted() {
	defer db.makers.Done()
	for {
		db.mu.Lock()
		batch := slices.Clone(db.waiting[:min(len(db.waiting), inOne)])
		db.waiting = db.waiting[len(batch):]
		if len(batch) == 0 {
			db.waiting, db.making = nil, false
			db.mu.Unlock()
			return
		}
		db.mu.Unlock()

		err := db.commit(context.Background(), batch) // not the context of one who waits: others wait for it too

		for _, w := range batch {
			if err != nil {
				w.key, w.err = nil, err
			}
			close(w.made)
		}
	}
}

// commit finds or makes a key for each, durably, or for none. A forgotten owner fails alone.
func (db *DB) commit(ctx context.Context, batch []*wish) error {
	// Always in the same order: two processes that want the same owners must not wait for each other in a circle.
	slices.SortFunc(batch, func(a, b *wish) int { return strings.Compare(a.owner, b.owner) })
	asOf := db.cache.asOf()
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, w := range batch {
		w.key, w.err = db.findOrMake(ctx, tx, w.owner)
		if w.err != nil && !errors.Is(w.err, sealed.ErrForgotten) {
			return w.err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	for _, w := range batch {
		if w.err == nil {
			db.cache.put(asOf, w.owner, w.key, w.owner, w.key.ID)
		}
	}
	return nil
}

func (db *DB) findOrMake(ctx context.Context, tx *sql.Tx, owner string) (*sealed.Key, error) {
	r := row{owner: owner}
	// The update changes nothing: it locks the owner against another process and answers what is there.
	err := tx.QueryRowContext(ctx, `INSERT INTO owners (owner, epoch) VALUES ($1, 1)
		ON CONFLICT (owner) DO UPDATE SET epoch = owners.epoch RETURNING epoch, forgotten_at`, owner).
		Scan(&r.epoch, &r.forgotten)
	if err != nil {
		return nil, err
	}
	if r.forgotten.Valid {
		return nil, sealed.ErrForgotten
	}
	err = tx.QueryRowContext(ctx, `SELECT wrapped FROM keys WHERE owner = $1 AND epoch = $2`, owner, r.epoch).Scan(&r.wrapped)
	if err == nil {
		return r.key(db.root)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	key, wrapped, err := newKey(db.root, keyID(owner, r.epoch.Int64))
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO keys (owner, epoch, wrapped) VALUES ($1, $2, $3)`, owner, r.epoch, wrapped)
	return key, err
}
