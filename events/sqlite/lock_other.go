//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd || windows)

package sqlite

import (
	"errors"
	"os"
	"runtime"
)

// lockFile refuses: two writers that do not know of each other would damage the log.
func lockFile(string) (*os.File, error) {
	return nil, errors.New("there is no lock on " + runtime.GOOS + " that keeps a second writer away")
}
