package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// scanLog is the bound of a rebuild: it reads the file of a log from its first event to its last, with one statement on
// one connection tuned as the log's own readers are, and decodes who, when and what of each with encoding/json into the
// very structs of package events. Sealed fields stay sealed; their type checks the form of an envelope, here as in
// the log. It runs on one goroutine and checks neither positions nor chains nor shapes: what a short program would do
// that knows the file.
func scanLog(path string) (n int, err error) {
	conn, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for _, pragma := range []string{`PRAGMA query_only = on`, `PRAGMA mmap_size = 1099511627776`} {
		if err := sqlitex.ExecuteTransient(conn, pragma, nil); err != nil {
			return 0, err
		}
	}
	types, err := eventTypes()
	if err != nil {
		return 0, err
	}
	stmt, err := conn.Prepare(`SELECT position, version, type, meta, data, name FROM events
		JOIN streams ON streams.id = events.stream ORDER BY position`)
	if err != nil {
		return 0, err
	}
	var meta, data []byte
	read := func(column int, into []byte) []byte {
		if size := stmt.ColumnLen(column); cap(into) < size {
			into = make([]byte, size*2)
		}
		into = into[:cap(into)]
		return into[:stmt.ColumnBytes(column, into)]
	}
	for ; ; n++ {
		there, err := stmt.Step()
		if err != nil || !there {
			return n, err
		}
		r := events.Recorded{Position: events.Position(stmt.ColumnInt64(0)), Version: stmt.ColumnInt(1), Stream: stmt.ColumnText(5)}
		meta, data = read(3, meta), read(4, data)
		if err := json.Unmarshal(meta, &r.Meta); err != nil {
			return n, err
		}
		known, ok := types[stmt.ColumnText(2)]
		if !ok {
			return n, fmt.Errorf("position %s: %w", r.Position, events.ErrUnknown)
		}
		fact := reflect.New(known)
		if err := json.Unmarshal(data, fact.Interface()); err != nil {
			return n, err
		}
		r.Event = fact.Elem().Interface().(events.Event)
		last = r
	}
}

// last keeps the compiler from leaving out what nobody looks at.
var last events.Recorded //nolint:unused // that is what it is for

// eventTypes is the struct of each event by its name on disk.
func eventTypes() (map[string]reflect.Type, error) {
	types := make(map[string]reflect.Type)
	for _, name := range events.Types() {
		empty, err := events.Empty(name)
		if err != nil {
			return nil, err
		}
		types[name] = reflect.TypeOf(empty)
	}
	return types, nil
}
