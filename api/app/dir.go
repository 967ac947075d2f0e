package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/pg"
	"github.com/casestream/casestream/events/sealed/keydb"
)

// Dir is a data directory: log.db, views.db, search.db, keys.db, access.db, root.key, and demo.json where the demo lives.
type Dir string

// SettingsFile says, in a data directory, where log and views are if not there.
const SettingsFile = "casestream.json"

func (d Dir) file(name string) string { return filepath.Join(string(d), name) }

func (d Dir) make() error {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return fmt.Errorf("making the directory: %w", err)
	}
	return nil
}

// exist refuses to read where nothing was written yet.
func (s Settings) exist() error {
	sign := s.Dir.file("log.db")
	if !s.logHere() {
		sign = string(s.Dir)
	}
	if _, err := os.Stat(sign); err != nil {
		return fmt.Errorf("there is no Casestream data in %s: start one with `casestream serve`, or `casestream demo`", s.Dir)
	}
	return nil
}

// keysThere refuses to begin where keys were lost. New ones would hide the loss, and what is recorded under them would
// be lost when the old ones are put back.
func (d Dir) keysThere(ctx context.Context, head events.Position, keys string) error {
	there, err := keydb.Exist(ctx, keys)
	if err != nil || !there && head == 0 {
		return err
	}
	missing, how := d.file("root.key"), "put your copy of it back"
	if !there {
		how = "bring them back from a backup with `casestream keys restore FILE`, or put your copy of it back"
		if missing = keys; pg.Is(keys) {
			missing = "the schema of the keys in PostgreSQL"
		}
	} else if _, elsewhere := os.LookupEnv(keydb.RootEnv); elsewhere || !d.lacks("root.key") {
		return nil
	}
	return fmt.Errorf("%s is missing: %s; without it nobody can read a word about any person", missing, how)
}

func (d Dir) lacks(name string) bool {
	_, err := os.Stat(d.file(name))
	return errors.Is(err, fs.ErrNotExist)
}

// demo marks a directory as one of the demo. There the clock is shifted, so that its today is the day after the
// pilot year was reported, and goes on from there.
type demo struct {
	Today    string    `json:"today"`
	LoadedAt time.Time `json:"loaded_at"`
	Complete bool      `json:"complete"`
}

// DemoToday is the day it is in a demo directory when it has just been loaded.
const DemoToday = "2013-01-04"

// MarkDemo marks the directory as one of the demo; complete when all of it is loaded.
func (d Dir) MarkDemo(now time.Time, complete bool) error {
	if err := d.make(); err != nil {
		return err
	}
	data, err := json.MarshalIndent(demo{Today: DemoToday, LoadedAt: now, Complete: complete}, "", "  ")
	if err != nil {
		return err
	}
	fresh := d.file("demo.json.new")
	if err := os.WriteFile(fresh, append(data, '\n'), 0o600); err != nil {
		return fmt.Errorf("marking the demo directory: %w", err)
	}
	return os.Rename(fresh, d.file("demo.json"))
}

// Demo tells whether the directory is one of the demo, and whether that is loaded whole.
func (d Dir) Demo() (is, complete bool, err error) {
	mark, err := d.demo()
	return mark.Today != "", mark.Complete, err
}

func (d Dir) demo() (mark demo, err error) {
	data, err := os.ReadFile(d.file("demo.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return mark, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &mark)
	}
	if err != nil {
		return mark, fmt.Errorf("reading what marks the demo directory: %w", err)
	}
	return mark, nil
}

func (d Dir) clock() (func() time.Time, error) {
	mark, err := d.demo()
	if err != nil || mark.Today == "" {
		return time.Now, err
	}
	day, err := time.ParseInLocation(time.DateOnly, mark.Today, events.Zone)
	if err != nil {
		return nil, fmt.Errorf("reading what marks the demo directory: %w", err)
	}
	shift := day.Add(9 * time.Hour).Sub(mark.LoadedAt)
	return func() time.Time { return time.Now().Add(shift) }, nil
}

// Empty refuses a directory that has data in it.
func (d Dir) Empty() error {
	entries, err := os.ReadDir(string(d))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking into the data directory: %w", err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == SettingsFile || e.Name() == RetentionFile })
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty: the demo needs a directory of its own, name one with --data", d)
	}
	return nil
}
