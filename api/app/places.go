package app

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/projections/readdb"
)

// Settings say where a Casestream keeps what it has. The root key stays in the data directory in any case.
type Settings struct {
	Dir   Dir
	Log   string // URL; empty: in the data directory
	Views string // URL; empty: in the data directory
}

// Option says where something is kept, if not in the data directory.
type Option func(*Settings)

// LogIn keeps the log elsewhere: see OpenLog. Empty: in the data directory.
func LogIn(url string) Option {
	return func(s *Settings) { s.Log = url }
}

// ViewsIn keeps the views elsewhere: sqlite:DIR, or postgres://…?schema=NAME, and there keys and tokens too: in NAME_keys,
// so that they can be backed up apart. Empty: in the data directory.
func ViewsIn(url string) Option {
	return func(s *Settings) { s.Views = url }
}

// places are the settings with nothing left open.
func places(dir Dir, options []Option) Settings {
	s := Settings{Dir: dir}
	for _, option := range options {
		option(&s)
	}
	return s.Whole()
}

// Whole are the settings with the defaults in place of what is empty.
func (s Settings) Whole() Settings {
	if s.Log == "" {
		s.Log = "sqlite:" + string(s.Dir)
	}
	if s.Views == "" {
		s.Views = "sqlite:" + string(s.Dir)
	}
	return s
}

// keys is where keys and tokens are: on the server of the views, or in the data directory.
func (s Settings) keys() (string, error) {
	if pg.Is(s.Views) {
		return pg.Beside(s.Views, "_keys")
	}
	return s.Dir.file("keys.db"), nil
}

// logHere tells whether the log is in the data directory itself.
func (s Settings) logHere() bool {
	dir, isFile := strings.CutPrefix(s.Log, "sqlite:")
	return isFile && filepath.Clean(dir) == filepath.Clean(string(s.Dir))
}

// openViews opens the views that a URL names: the one place that knows which engines there are.
func openViews(ctx context.Context, url string, reading bool) (*readdb.DB, error) {
	open := readdb.Open
	if reading {
		open = readdb.OpenReader
	}
	dir, isFile := strings.CutPrefix(url, "sqlite:")
	switch {
	case isFile && dir == "":
		return nil, errors.New("sqlite: needs a directory, sqlite:DIR")
	case isFile:
		if !reading {
			if err := Dir(dir).make(); err != nil {
				return nil, err
			}
		}
		return open(ctx, viewsFile(url))
	case pg.Is(url):
		return open(ctx, url)
	}
	return nil, errors.New("views are named by a URL: sqlite:DIR or postgres://USER:PASSWORD@HOST/DATABASE?schema=NAME")
}

func isFile(url string) bool { return strings.HasPrefix(url, "sqlite:") }

func viewsFile(url string) string {
	return filepath.Join(strings.TrimPrefix(url, "sqlite:"), "views.db")
}
