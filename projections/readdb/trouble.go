package readdb

import (
	"database/sql"
	"database/sql/driver"
	"errors"

	"modernc.org/sqlite"
	engine "modernc.org/sqlite/lib"
)

// Trouble tells an error of the engine or of the machine, a full disk or a locked file, from one that a statement
// brings about and will bring about again.
func Trouble(err error) bool {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		return true
	}
	var said *sqlite.Error
	if !errors.As(err, &said) {
		return false
	}
	switch said.Code() & 0xff {
	case engine.SQLITE_BUSY, engine.SQLITE_LOCKED, engine.SQLITE_NOMEM, engine.SQLITE_READONLY, engine.SQLITE_INTERRUPT,
		engine.SQLITE_IOERR, engine.SQLITE_CORRUPT, engine.SQLITE_FULL, engine.SQLITE_CANTOPEN, engine.SQLITE_PROTOCOL,
		engine.SQLITE_NOTADB:
		return true
	}
	return false
}
