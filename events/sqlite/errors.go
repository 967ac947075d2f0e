package sqlite

import (
	"errors"
	"fmt"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
)

// ErrWritten: another process, or another Store of this one, writes the log already.
var ErrWritten = errors.New("the log is being written already")

// failure says what an error of the engine means to whoever uses the log. The engine's words name tables, codes and
// pages, never what is in a row.
func failure(err error) error {
	if err == nil || errors.Is(err, events.ErrDamaged) || errors.Is(err, events.ErrUnavailable) {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCorrupt, sqlite.ResultNotADB, sqlite.ResultConstraint:
		return fmt.Errorf("%w: %w", events.ErrDamaged, err)
	case sqlite.ResultIOErr, sqlite.ResultFull, sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultNoMem,
		sqlite.ResultReadOnly, sqlite.ResultCantOpen, sqlite.ResultPerm, sqlite.ResultProtocol:
		return fmt.Errorf("%w: %w", events.ErrUnavailable, err)
	}
	return err
}

// passes tells whether the writer may go on after an error: nothing of the transaction was kept, and it may succeed
// when there is room again. After any other failure of the disk nobody knows what is on it until it is opened again.
func passes(err error) bool {
	switch code := sqlite.ErrCode(err); code.ToPrimary() {
	case sqlite.ResultFull, sqlite.ResultBusy, sqlite.ResultNoMem:
		return true
	default:
		return code == sqlite.ResultIOErrSHMSize // no room for the index of the WAL
	}
}
