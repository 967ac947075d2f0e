package app

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Serving is how a command beside a running server finds it: only who may read the data directory can.
type Serving struct {
	Address     string `json:"address"`
	Certificate string `json:"certificate,omitempty"` // the file with the one that it shows
	Control     string `json:"control"`               // the token of whoever runs this machine
	PID         int    `json:"pid"`
}

// Announce says where this process serves, and under which certificate if any, and answers with the token for whoever finds it there.
func (a *App) Announce(address, certificate string) (control string, err error) {
	serving := Serving{Address: address, Certificate: certificate, Control: rand.Text() + rand.Text(), PID: os.Getpid()}
	data, err := json.Marshal(serving)
	if err != nil {
		return "", err
	}
	fresh := a.Dir.file("serving.json.new")
	if err := os.WriteFile(fresh, data, 0o600); err != nil {
		return "", fmt.Errorf("saying where it serves: %w", err)
	}
	return serving.Control, os.Rename(fresh, a.Dir.file("serving.json"))
}

// Withdraw takes the announcement back.
func (a *App) Withdraw() { _ = os.Remove(a.Dir.file("serving.json")) }

// Serving finds the process that serves a data directory; ok is false if none says so.
func (d Dir) Serving() (s Serving, ok bool, err error) {
	data, err := os.ReadFile(d.file("serving.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return s, false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return s, false, fmt.Errorf("finding the running server: %w", err)
	}
	return s, true, nil
}
