package sqlite

import (
	"fmt"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	// enoughPages is how much waits in the WAL before it is brought into the file, in pages, about: 30 MB. Less would
	// write the pages that every commit changes more often, more would make every checkpoint a longer pause.
	enoughPages = 4000
	// commitPages are changed by every commit, about: where the events end, and their new places.
	commitPages = 4
	// share is what the writer may keep of the pages, 4 MB: many times what a commit needs.
	share = 500
	// othersTurn is how long the writer waits for another process that holds the file.
	othersTurn = 10 * time.Second
	// readersTurn is how long a checkpoint waits for those who read a page. Others may hold the file longer; then the
	// next checkpoint tries again.
	readersTurn = 100 * time.Millisecond
)

// checkpoint brings what waits in the WAL into the file, when it is enough, and lets the WAL begin again. It comes after
// the answers: nobody waits for it who only waits for the disk. And it lets readers finish their page, where SQLite's own
// would give up when one reads at that moment, let the WAL grow and try again at every commit. When it fails, nothing is
// lost: what is in the WAL is durable, and stays there until a later one.
func (w *writer) checkpoint(batch []*request) {
	bytes := 0
	for _, r := range batch {
		if r.err == nil {
			bytes += r.Size()
		}
	}
	w.pages += commitPages + bytes/pageSize
	if w.pages < w.enoughPages {
		return
	}
	w.pages = 0
	w.conn.SetBusyTimeout(readersTurn)
	defer w.conn.SetBusyTimeout(othersTurn)
	_ = run(w.conn, `PRAGMA wal_checkpoint(restart)`, nil)
	_ = makeRoom(w.conn) // without it the next commits are slower
}

// makeRoom lets go of the pages that nobody in this process used for longest, as many as the writer's share, if it has no
// room for them. All connections of a process have one page cache together (SQLITE_ENABLE_MEMORY_MANAGEMENT), with the sum
// of their shares as its bound, and one that has its share takes the pages of others. When it is full, who has less than
// their share drop every page that they let go, be it the root of a table, and read it again for every commit.
func makeRoom(conn *sqlite.Conn) error {
	for _, pages := range []int{1, share} {
		if err := sqlitex.ExecuteTransient(conn, fmt.Sprintf(`PRAGMA cache_size = %d`, pages), nil); err != nil {
			return err
		}
	}
	return nil
}
