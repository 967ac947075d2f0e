//go:build !linux

package speed

import "os"

func syncData(f *os.File) error { return f.Sync() }
