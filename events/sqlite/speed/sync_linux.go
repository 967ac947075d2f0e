package speed

import (
	"os"
	"syscall"
)

// syncData waits until the disk has the bytes, and not also when they were written.
func syncData(f *os.File) error { return syscall.Fdatasync(int(f.Fd())) }
