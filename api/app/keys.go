package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/casestream/casestream/events/sealed/keydb"
)

// BackUpKeys copies the keys into a file that is not there yet, beside the process that writes them, and reads it again to
// its end. The file is there whole, for this user only, or not at all.
func BackUpKeys(ctx context.Context, s Settings, file string) (held keydb.Held, err error) {
	s = s.Whole()
	if err := s.exist(); err != nil {
		return held, err
	}
	log, err := openLog(ctx, s.Log, true)
	if err != nil {
		return held, err
	}
	defer log.Close()
	head, err := log.Head(ctx)
	if err != nil {
		return held, err
	}
	place, err := s.keys()
	if err != nil {
		return held, err
	}
	if err := s.Dir.keysThere(ctx, head, place); err != nil {
		return held, err
	}
	root, _, err := keydb.LoadOrCreateRoot(s.Dir.file("root.key"))
	if err != nil {
		return held, err
	}
	keys, err := keydb.Open(ctx, place, root)
	if err != nil {
		return held, err
	}
	defer keys.Close()
	return held, whole(file, func(out *os.File) error {
		if held, err = keys.Backup(ctx, log.ID().String(), out); err != nil {
			return err
		}
		if _, err := out.Seek(0, 0); err != nil {
			return err
		}
		_, found, err := keydb.Verify(out, root)
		if err == nil && found != held {
			err = fmt.Errorf("it was written otherwise than it is read: %+v, %+v", held, found)
		}
		return err
	})
}

// whole writes a file that is not there yet, durably.
func whole(file string, write func(*os.File) error) error {
	out, err := os.CreateTemp(filepath.Dir(file), ".keys-*") // made with 0600
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	if err := errors.Join(write(out), out.Sync(), out.Close()); err != nil {
		return err
	}
	if err := os.Link(out.Name(), file); err != nil { // unlike a rename, it refuses to replace
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// RestoreKeys brings back the keys of a backup that are missing, and destroys those of everyone whom the log or the keys that
// are here know to be forgotten. rootFile holds the root key that wrapped the backup; empty: that of now. No server may run.
func RestoreKeys(ctx context.Context, s Settings, file, rootFile string) (found keydb.Restored, err error) {
	s = s.Whole()
	if err := s.exist(); err != nil {
		return found, err
	}
	from, err := os.Open(file)
	if err != nil {
		return found, err
	}
	defer from.Close()
	a := &App{Dir: s.Dir, at: s}
	if a.Log, err = openLog(ctx, s.Log, false); err != nil {
		return found, err
	}
	defer a.Log.Close()
	place, err := s.keys()
	if err != nil {
		return found, err
	}
	if _, elsewhere := os.LookupEnv(keydb.RootEnv); !elsewhere && s.Dir.lacks("root.key") {
		return found, fmt.Errorf("%s is missing: put your copy of it back first; a backup of the keys does not hold it", s.Dir.file("root.key"))
	}
	if err := keydb.FinishRotation(ctx, place, s.Dir.file("root.key")); err != nil {
		return found, err
	}
	root, _, err := keydb.LoadOrCreateRoot(s.Dir.file("root.key"))
	if err != nil {
		return found, err
	}
	then := root
	if rootFile != "" {
		if then, err = keydb.LoadRoot(rootFile); err != nil {
			return found, err
		}
	}
	if _, _, err := keydb.Verify(from, then); err != nil { // before anything is made
		return found, err
	}
	keys, err := keydb.Open(ctx, place, root)
	if err != nil {
		return found, err
	}
	defer keys.Close()
	if found, err = keys.Restore(ctx, a.Log.ID().String(), then, from); err != nil {
		return found, err
	}
	return found, a.honour(ctx, keys, true)
}

// Within tells whether a file would lie in the data directory.
func (d Dir) Within(file string) bool {
	real := func(path string) string {
		if path, err := filepath.Abs(path); err == nil {
			if path, err := filepath.EvalSymlinks(path); err == nil {
				return path
			}
		}
		return filepath.Clean(path)
	}
	inside, err := filepath.Rel(real(string(d)), real(filepath.Dir(file)))
	return err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator))
}
