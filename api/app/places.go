package app

import (
	"github.com/casestream/casestream/events/pg"
)

// Option says where something is kept, if not in the data directory.
type Option func(*at)

// ViewsIn keeps views, keys and tokens in PostgreSQL: postgres://…?schema=NAME. Views are in that schema, keys and
// tokens in NAME_keys, so that they can be backed up apart. Empty: in the data directory.
func ViewsIn(place string) Option {
	return func(a *at) {
		if place != "" {
			a.views = place
		}
	}
}

// at is where an App keeps what it has. The root key stays in the data directory, away from the keys that it wraps.
type at struct {
	dir   Dir
	views string
}

func places(dir Dir, options []Option) at {
	a := at{dir: dir, views: dir.file("views.db")}
	for _, option := range options {
		option(&a)
	}
	return a
}

// keys is where keys and tokens are: on the server of the views, or in the data directory.
func (a at) keys() (string, error) {
	if pg.Is(a.views) {
		return pg.Beside(a.views, "_keys")
	}
	return a.dir.file("keys.db"), nil
}
