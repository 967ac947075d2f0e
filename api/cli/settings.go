package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/casestream/casestream/api/app"
)

// inFile are the settings that may stand in a file.
var inFile = []string{"data", "log", "views", "listen", "origin", "tls-cert", "tls-key", "trusted-proxies", "account-rate", "address-rate", "admin"}

// settingsFile gives what neither the command line nor the environment says: kong would ask it before the environment,
// so it looks there itself.
type settingsFile struct {
	path string
	said map[string]string // nil until it was read
}

var _ kong.Resolver = (*settingsFile)(nil)

func (*settingsFile) Validate(*kong.Application) error { return nil }

// Resolve is asked for every flag that is not on the command line.
func (f *settingsFile) Resolve(ctx *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !slices.Contains(inFile, flag.Name) || fromEnv(flag) != "" {
		return nil, nil
	}
	if f.said == nil {
		named, data := "", ""
		for _, other := range ctx.Model.Flags {
			switch other.Name {
			case "config":
				named = fmt.Sprint(ctx.FlagValue(other))
			case "data":
				data = fmt.Sprint(ctx.FlagValue(other))
			}
		}
		if named == "" && flag.Name == "data" {
			return nil, nil // the one in the data directory cannot say where that is
		}
		if err := f.read(named, data); err != nil {
			return nil, err
		}
	}
	if said, ok := f.said[flag.Name]; ok {
		return said, nil
	}
	return nil, nil
}

// read reads the file that was named, else the one in the data directory, if there is one.
func (f *settingsFile) read(named, data string) error {
	if f.path = named; named == "" {
		f.path = filepath.Join(data, app.SettingsFile)
	}
	f.said = map[string]string{}
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) && named == "" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the settings: %w", err)
	}
	if err := json.Unmarshal(text, &f.said); err != nil {
		return fmt.Errorf("reading the settings in %s: they are words by name, {\"log\": \"URL\"}: %w", f.path, err)
	}
	known := inFile
	if named == "" { // the one in the data directory cannot say where that is
		known = slices.DeleteFunc(slices.Clone(inFile), func(name string) bool { return name == "data" })
	}
	for _, name := range slices.Sorted(maps.Keys(f.said)) {
		if !slices.Contains(known, name) {
			return fmt.Errorf("there is no setting %q for %s; there are %s", name, f.path, strings.Join(known, ", "))
		}
	}
	return nil
}

// findings tell of a password that others may read.
func (f *settingsFile) findings() []app.Finding {
	info, err := os.Stat(f.path)
	secret := slices.ContainsFunc(slices.Collect(maps.Values(f.said)), func(said string) bool { return len(app.Secrets(said)) > 0 })
	if err != nil || info.Mode().Perm()&0o077 == 0 || !secret {
		return nil
	}
	return []app.Finding{{What: fmt.Sprintf("there is a password in %s, and others may read it (%s)", f.path, info.Mode().Perm()), Do: "chmod 600 it"}}
}

// setting is a setting as it may be shown, and where it came from.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	From  string `json:"from"`
}

// explain says where the settings that a command knows came from.
func explain(parsed *kong.Context, file *settingsFile) (all []setting) {
	for _, flag := range parsed.Flags() {
		if !slices.Contains(inFile, flag.Name) {
			continue
		}
		from := "default"
		if env := fromEnv(flag); env != "" {
			from = "environment " + env
		}
		for _, path := range parsed.Path {
			if path.Flag == flag {
				if from = "flag --" + flag.Name; path.Resolved {
					from = "file " + file.path
				}
			}
		}
		all = append(all, setting{Name: flag.Name, Value: app.Masked(fmt.Sprint(parsed.FlagValue(flag))), From: from})
	}
	return all
}

// fromEnv names the variable that sets a flag, if one does.
func fromEnv(flag *kong.Flag) string {
	for _, env := range flag.Envs {
		if _, set := os.LookupEnv(env); set {
			return env
		}
	}
	return ""
}
