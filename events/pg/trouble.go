package pg

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// Trouble tells an error of the server, of the way to it or of the moment from one that a statement brings about and
// will bring about again.
func Trouble(err error) bool {
	var said *pgconn.PgError
	if errors.As(err, &said) {
		switch said.Code[:min(2, len(said.Code))] {
		case "21", "22", "23", "44", "54": // the statement, what is in it, a constraint, a limit of the engine
			return false
		case "42": // what it names is not there, or may not be touched: the second is for an administrator to mend
			return said.Code == "42501"
		}
		return true
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

// Missing tells that a table was named that is not there.
func Missing(err error) bool {
	var said *pgconn.PgError
	return errors.As(err, &said) && said.Code == "42P01"
}
