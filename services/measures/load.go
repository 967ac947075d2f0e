package measures

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
)

//go:embed data/*.json
var data embed.FS

// instruments holds every version of every instrument, by key, the newest version first. The data is part of the program, so a
// fault in it is a fault of the program and stops it at the start.
var instruments = func() []Instrument {
	all, err := load(data)
	if err != nil {
		panic(err)
	}
	return all
}()

// Find gives the newest version of an instrument.
func Find(key string) (Instrument, bool) {
	for _, i := range instruments {
		if i.Key == key {
			return i, true
		}
	}
	return Instrument{}, false
}

// FindVersion gives the version that an old answer was given to.
func FindVersion(key string, version int) (Instrument, bool) {
	for _, i := range instruments {
		if i.Key == key && i.Version == version {
			return i, true
		}
	}
	return Instrument{}, false
}

// All lists the newest version of every instrument, by key.
func All() []Instrument {
	return slices.CompactFunc(slices.Clone(instruments), func(a, b Instrument) bool { return a.Key == b.Key })
}

// load reads and validates every file, and says of all that is wrong, not only of the first.
func load(files fs.FS) ([]Instrument, error) {
	names, err := fs.Glob(files, "data/*.json")
	if err != nil {
		return nil, err
	}
	var all []Instrument
	var faults []error
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		i, err := parse(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("measures: %s: %w", name, err))
		}
		all = append(all, i)
	}
	slices.SortStableFunc(all, func(a, b Instrument) int {
		return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(b.Version, a.Version))
	})
	for n := 1; n < len(all); n++ {
		if all[n].Key == all[n-1].Key && all[n].Version == all[n-1].Version {
			faults = append(faults, fmt.Errorf("measures: %s version %d is there twice", all[n].Key, all[n].Version))
		}
	}
	return all, errors.Join(faults...)
}

func parse(text []byte) (Instrument, error) {
	var i Instrument
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&i); err != nil {
		return i, err
	}
	if _, err := d.Token(); err != io.EOF {
		return i, errors.New("more than one JSON document")
	}
	return i, i.validate()
}
