package readdb

import (
	"errors"

	"github.com/casestream/casestream/events/pg"
	driver "modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"
)

// Trouble tells an error of the engine or of the machine, a full disk, a locked file or a lost connection, from one
// that a statement brings about and will bring about again.
func Trouble(err error) bool {
	var said *driver.Error
	if !errors.As(err, &said) {
		return pg.Trouble(err)
	}
	switch said.Code() & 0xff {
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED, codes.SQLITE_NOMEM, codes.SQLITE_READONLY, codes.SQLITE_INTERRUPT,
		codes.SQLITE_IOERR, codes.SQLITE_CORRUPT, codes.SQLITE_FULL, codes.SQLITE_CANTOPEN, codes.SQLITE_PROTOCOL,
		codes.SQLITE_NOTADB:
		return true
	}
	return false
}
