package casefile

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/projections"
)

// stamp says of a fact what is plain: which it is in its stream, what kind of fact in which shape, when and by whom. It is
// one column, because a case is read in hundreds of rows and a row costs as much as it has columns.
type stamp struct {
	version            int
	name               string
	shape              int
	occurred, recorded time.Time
	actor              string
}

func stampOf(f projections.Fact) stamp {
	return stamp{f.Version, f.Event.Type(), f.Shape, f.Meta.OccurredAt, f.Meta.RecordedAt, f.Meta.Actor}
}

// String is the stamp as a row has it: "7 case.NoteRecorded 1 1337299200000000000 1337299260000000000 actor", times in
// ns since 1970. The actor comes last: nothing in an actor is taken for the end of it.
func (s stamp) String() string {
	text := make([]byte, 0, 128)
	text = append(strconv.AppendInt(text, int64(s.version), 10), ' ')
	text = append(append(text, s.name...), ' ')
	text = append(strconv.AppendInt(text, int64(s.shape), 10), ' ')
	text = append(strconv.AppendInt(text, s.occurred.UnixNano(), 10), ' ')
	text = append(strconv.AppendInt(text, s.recorded.UnixNano(), 10), ' ')
	return string(append(text, s.actor...))
}

// stamped reads what String wrote. Name and actor are parts of the text.
func stamped(text string) (s stamp, err error) {
	next := func() (word string) {
		var found bool
		if word, text, found = strings.Cut(text, " "); !found {
			err = errors.New("a stamp that is cut off")
		}
		return word
	}
	number := func() int64 {
		n, bad := strconv.ParseInt(next(), 10, 64)
		if bad != nil && err == nil {
			err = errors.New("a stamp with a number that is none")
		}
		return n
	}
	s.version, s.name, s.shape = int(number()), next(), int(number())
	s.occurred, s.recorded = time.Unix(0, number()).UTC(), time.Unix(0, number()).UTC()
	s.actor = text
	return s, err
}
