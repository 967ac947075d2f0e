package account

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Whoever guesses is slowed down: each failure beyond a few doubles the time until the next try is looked at, up to a
// bound. Nobody is ever shut out: after that time a right password is right. And somebody else's guessing does not slow
// down a worker on a device that they have signed in with before: that one is counted by itself.

// pace is how tries of one kind are slowed down.
type pace struct {
	free int           // failures that cost nothing
	most time.Duration // between two tries
}

var (
	paceAccount = pace{free: 3, most: 30 * time.Second}
	paceDevice  = pace{free: 5, most: 30 * time.Second}
	paceAddress = pace{free: 30, most: time.Minute} // a whole office may be behind one
	paceSecond  = pace{free: 3, most: 5 * time.Minute}
)

// forgiven is when failures are forgotten.
const forgiven = 24 * time.Hour

// SlowDownError says how long to wait before trying again. Nothing was looked at.
type SlowDownError struct{ Wait time.Duration }

func (e *SlowDownError) Error() string { return fmt.Sprintf("try again in %s", e.Wait) }

// subject is whose tries are counted together: a name, an address, a device.
type subject struct {
	pace
	digest []byte
}

// wait is how long after the last failure the next try is looked at.
func (p pace) wait(failures int) time.Duration {
	if failures <= p.free {
		return 0
	}
	return min(p.most, time.Second<<min(failures-p.free-1, 20))
}

// try counts a try as failed before it is looked at, so that many at once are not looked at for the price of one; who
// was right is forgiven. It refuses with a SlowDownError, which counts as nothing.
func try(ctx context.Context, tx *sql.Tx, now time.Time, subjects ...subject) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM attempt WHERE last_at < $1`, micros(now.Add(-forgiven))); err != nil {
		return fmt.Errorf("counting tries: %w", err)
	}
	var wait time.Duration
	for _, s := range subjects {
		var failures int
		var last int64
		err := tx.QueryRowContext(ctx, `SELECT failures, last_at FROM attempt WHERE subject = $1`, s.digest).Scan(&failures, &last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("counting tries: %w", err)
		}
		wait = max(wait, at(last).Add(s.wait(failures)).Sub(now))
	}
	if wait > 0 {
		return &SlowDownError{Wait: wait}
	}
	for _, s := range subjects {
		_, err := tx.ExecContext(ctx, `INSERT INTO attempt (subject, failures, last_at) VALUES ($1, 1, $2)
			ON CONFLICT (subject) DO UPDATE SET failures = attempt.failures + 1, last_at = excluded.last_at`, s.digest, micros(now))
		if err != nil {
			return fmt.Errorf("counting tries: %w", err)
		}
	}
	return nil
}

// forgive forgets failures of whoever was right, and takes back the one that was counted for an address: an address is
// not forgiven the others, or whoever has an account could guess on.
func forgive(ctx context.Context, tx *sql.Tx, subjects ...subject) error {
	for _, s := range subjects {
		forget := `DELETE FROM attempt WHERE subject = $1`
		if s.pace == paceAddress {
			forget = `UPDATE attempt SET failures = failures - 1 WHERE subject = $1 AND failures > 0`
		}
		if _, err := tx.ExecContext(ctx, forget, s.digest); err != nil {
			return fmt.Errorf("counting tries: %w", err)
		}
	}
	return nil
}
