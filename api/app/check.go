package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/events/sealed/keydb"
)

// Finding is one thing that was looked at.
type Finding struct {
	What string `json:"what"`
	Good bool   `json:"good"`
	Do   string `json:"do,omitempty"` // what to do about it; where it is good all the same, what would be better
}

// patience is how long all that is asked may take to answer, together.
const patience = 30 * time.Second

// Check looks at what the settings name, and begins nothing: what is not there yet is made by serve.
func Check(ctx context.Context, s Settings) (all []Finding) {
	c := checking{Settings: s.Whole()}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	c.directory()
	c.log(ctx)
	c.views(ctx)
	c.keys(ctx)
	return c.all
}

type checking struct {
	Settings
	all  []Finding
	id   string // of the log, if it answers
	head events.Position
}

func (c *checking) good(format string, args ...any) {
	c.all = append(c.all, Finding{What: fmt.Sprintf(format, args...), Good: true})
}

func (c *checking) bad(do, format string, args ...any) {
	c.all = append(c.all, Finding{What: fmt.Sprintf(format, args...), Do: do})
}

func (c *checking) directory() {
	switch info, err := os.Stat(string(c.Dir)); {
	case errors.Is(err, fs.ErrNotExist):
		c.good("the data directory %s is not there yet: serve makes it", c.Dir)
	case err != nil:
		c.bad("let this user read it, or name another with --data", "the data directory cannot be looked at: %v", err)
	case !info.IsDir():
		c.bad("name a directory with --data", "%s is no directory", c.Dir)
	case info.Mode().Perm()&0o007 != 0:
		c.all = append(c.all, Finding{What: fmt.Sprintf("others may look into the data directory %s (%s)", c.Dir, info.Mode().Perm()), Good: true, Do: "chmod 700 it"})
	default:
		c.good("the data directory %s is there", c.Dir)
	}
}

func (c *checking) log(ctx context.Context) {
	if c.nothing(ctx, c.Log, logFile) {
		c.good("there is no log yet: serve makes one")
		return
	}
	log, err := openLog(ctx, c.Log, true)
	if err == nil {
		defer log.Close()
		c.head, err = log.Head(ctx)
	}
	if err != nil {
		c.bad("see that it runs, that this machine reaches it, and what the setting log says", "the log does not answer: %v", err)
		return
	}
	c.id = log.ID().String()
	c.good("the log answers: it is %s and ends at position %s", c.id, c.head)
}

func (c *checking) views(ctx context.Context) {
	if c.nothing(ctx, c.Views, viewsFile) {
		c.good("there are no views yet: serve folds them")
		return
	}
	db, err := openViews(ctx, c.Views, true)
	if err != nil {
		c.bad("see that it runs, that this machine reaches it, and what the setting views says", "the views do not answer: %v", err)
		return
	}
	defer db.Close()
	generations, err := db.Generations(ctx)
	if err != nil {
		c.bad("see that serve has run once on it", "the views do not answer: %v", err)
		return
	}
	serving := 0
	for _, g := range generations {
		if !g.Serving {
			continue
		}
		switch serving++; {
		case c.id == "":
		case g.Log != c.id:
			c.bad("if it is to be this log, serve folds them anew; else log or views names the wrong place",
				"the view %s was folded from the log %s, and the log is %s", g.Projection, g.Log, c.id)
		case events.Position(g.Position) > c.head:
			c.bad("put the newest copy of the log back; serve refuses to go on like this",
				"the view %s remembers position %d, and the log ends at %s: what was acknowledged after that is lost", g.Projection, g.Position, c.head)
		case g.Parked != "":
			c.bad("see what the log of the server says about it; then casestream rebuild "+g.Projection, "the view %s goes no further: %s", g.Projection, g.Parked)
		}
	}
	c.good("the views answer: %d of %d are folded", serving, len(Views))
}

func (c *checking) keys(ctx context.Context) {
	at, err := c.Settings.keys()
	if err == nil {
		err = c.Dir.keysThere(ctx, c.head, at)
	}
	if err != nil {
		c.bad("put the copy that was kept elsewhere back, or mend what the setting views says", "%v", err)
		return
	}
	from := c.Dir.file("root.key")
	if _, set := os.LookupEnv(keydb.RootEnv); set {
		from = "the environment, " + keydb.RootEnv
	} else if c.Dir.lacks("root.key") {
		c.good("there is no root key yet: serve makes %s; keep a copy of it elsewhere then", from)
		return
	}
	root, _, err := keydb.LoadOrCreateRoot(c.Dir.file("root.key"))
	if err != nil {
		c.bad("it is 32 bytes, in hex or base64, that only this user may read", "the root key cannot be read: %v", err)
		return
	}
	there, err := keydb.Exist(ctx, at)
	if err == nil && there {
		var keys *keydb.DB
		if keys, err = keydb.Open(ctx, at, root); err == nil {
			err = keys.Close()
		}
	}
	if err != nil {
		c.bad("the root key and the keys are of one Casestream: put the copy of the one that is wrong back", "the keys do not open: %v", err)
		return
	}
	c.good("the root key is there, from %s, and has the fingerprint %s", from, root.Fingerprint())
}

// nothing tells that nobody has written to a place yet, which may be a file.
func (c *checking) nothing(ctx context.Context, url string, file func(string) string) bool {
	if pg.Is(url) {
		there, err := pg.Has(ctx, url, "generation")
		return err == nil && !there
	}
	if !isFile(url) {
		return false
	}
	_, err := os.Stat(file(url))
	return errors.Is(err, fs.ErrNotExist)
}
