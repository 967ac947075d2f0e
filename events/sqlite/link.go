package sqlite

import (
	"errors"
	"fmt"

	"github.com/casestream/casestream/events"
	"zombiezen.com/go/sqlite"
)

// link is a row with its hash, and with the place and hash of the row before it in its stream. That every link fits
// the one before it makes the chain, without remembering a million streams.
type link struct {
	placed
	hash, beforeHash []byte
	beforeAt         events.Position // 0: there is none
	placedAt         events.Position // where its stream has this version; 0: nowhere
}

func linked(stmt *sqlite.Stmt) (link, int) {
	p, size := scan(stmt)
	l := link{placed: p, hash: make([]byte, stmt.ColumnLen(6)), beforeAt: events.Position(stmt.ColumnInt64(7)), beforeHash: make([]byte, stmt.ColumnLen(8)), placedAt: events.Position(stmt.ColumnInt64(9))}
	stmt.ColumnBytes(6, l.hash)
	stmt.ColumnBytes(8, l.beforeHash)
	return l, size
}

// verifier walks the links in the order of their positions.
type verifier struct {
	Report
	start   chainHash
	at      events.Position // checked so far
	scratch []byte
}

func (v *verifier) check(l link) {
	if l.position != v.at+1 {
		v.missing(l.position)
	}
	v.at = l.position
	v.Events++
	if l.version == 1 {
		v.Streams++
	}
	if what := v.misfit(l); what != "" {
		v.fault(Fault{Position: l.position, Stream: l.stream, Version: l.version, What: what})
	}
}

// misfit says what is wrong with a link, or nothing.
func (v *verifier) misfit(l link) string {
	before := v.start
	switch {
	case l.stream == "":
		return "its stream has no name"
	case l.version < 1:
		return "versions begin with 1"
	case l.version > 1 && l.beforeAt == 0:
		return "the version before it is missing"
	case l.version > 1 && l.beforeAt >= l.position:
		return "the version before it comes after it"
	case l.version > 1 && copy(before[:], l.beforeHash) != len(before):
		return "the hash before it is cut off"
	}
	var is chainHash
	is, v.scratch = chain(v.scratch, before, l.stream, l.row)
	if string(is[:]) != string(l.hash) {
		return "does not fit its hash: it, or the hash before it, was changed"
	}
	if l.placedAt != l.position {
		return "does not stand where its stream has this version"
	}
	if _, err := l.recorded(l.stream); errors.Is(err, events.ErrUnknown) {
		return "is of a kind or shape that this program does not know"
	} else if err != nil {
		return "fits its hash and cannot be decoded"
	}
	return ""
}

// missing tells that there is nothing from where the walk is up to a position.
func (v *verifier) missing(before events.Position) {
	v.fault(Fault{Position: v.at + 1, What: fmt.Sprintf("missing, up to position %d", before-1)})
	v.at = before - 1
}
