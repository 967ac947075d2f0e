package sqlite

import (
	"fmt"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// A log of format 1 kept the places of its events in an index of their own table, UNIQUE (stream, version). Whoever only
// reads it finds them there and leaves the file as it is. Whoever writes brings it up first: every event goes, as it is,
// into a table without that index. The chains are over what an event says, and stay.

const placesOfFormat1 = `CREATE TEMPORARY VIEW placed AS SELECT stream, version, position FROM events`

// bringUp makes a log of format 1 one of today's, all or nothing. It takes as much room again as the log has.
func bringUp(conn *sqlite.Conn) error {
	script := fmt.Sprintf(`
DROP TRIGGER events_are_not_changed;
DROP TRIGGER events_are_not_removed;
ALTER TABLE events RENAME TO events_1;
%s
INSERT INTO events (position, stream, version, hash, type, meta, data)
	SELECT position, stream, version, hash, type, meta, data FROM events_1 ORDER BY position;
INSERT INTO places (stream, version, position) SELECT stream, version, position FROM events_1 ORDER BY stream, version;
DROP TABLE events_1;
PRAGMA user_version = %d;`, tablesOfEvents, format)
	if err := sqlitex.ExecuteScript(conn, script, nil); err != nil {
		return fmt.Errorf("bringing the log to format %d (it is as it was): %w", format, err)
	}
	return sqlitex.ExecuteTransient(conn, `PRAGMA wal_checkpoint(truncate)`, nil)
}
