package casefile

import (
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
)

// stamp says of a fact what is plain: where it is in the log and in its stream, what kind of fact in which shape, when, by
// whom, and on behalf of whom.
type stamp struct {
	position           events.Position
	version            int
	name               string
	shape              int
	occurred, recorded time.Time
	actor, behalf      string
}

func stampOf(f projections.Fact) stamp {
	return stamp{f.Position, f.Version, f.Event.Type(), f.Shape, f.Meta.OccurredAt, f.Meta.RecordedAt, f.Meta.Actor, f.Meta.OnBehalfOf}
}

// appendTo writes the stamp, "123 7 case.NoteRecorded 1 1337299200000000000 1337299260000000000 actor behalf", times in ns
// since 1970. Whatever an actor is, there is no blank, quote or line break in it.
func (s stamp) appendTo(line []byte) []byte {
	line = append(strconv.AppendUint(line, uint64(s.position), 10), ' ')
	line = append(strconv.AppendInt(line, int64(s.version), 10), ' ')
	line = append(append(line, s.name...), ' ')
	line = append(strconv.AppendInt(line, int64(s.shape), 10), ' ')
	line = append(strconv.AppendInt(line, s.occurred.UnixNano(), 10), ' ')
	line = append(strconv.AppendInt(line, s.recorded.UnixNano(), 10), ' ')
	line = append(append(line, url.QueryEscape(s.actor)...), ' ')
	return append(line, url.QueryEscape(s.behalf)...)
}

// stamped reads what appendTo wrote. Its texts are, most of them, parts of the line.
func stamped(line string) (s stamp, err error) {
	fault := func(said string) {
		if err == nil {
			err = errors.New("a stamp " + said)
		}
	}
	next := func() (word string) {
		var found bool
		if word, line, found = strings.Cut(line, " "); !found {
			fault("that is cut off")
		}
		return word
	}
	number := func() int64 {
		n, bad := strconv.ParseInt(next(), 10, 64)
		if bad != nil {
			fault("with a number that is none")
		}
		return n
	}
	text := func(word string) string {
		said, bad := url.QueryUnescape(word)
		if bad != nil {
			fault("with a name that is none")
		}
		return said
	}
	s.position, s.version, s.name, s.shape = events.Position(number()), int(number()), next(), int(number())
	s.occurred, s.recorded = time.Unix(0, number()).UTC(), time.Unix(0, number()).UTC()
	s.actor, s.behalf = text(next()), text(line)
	return s, err
}
