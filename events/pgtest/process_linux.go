package pgtest

import (
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// unprivileged is how the server runs: PostgreSQL refuses root, and it must not outlive the test.
func unprivileged() *syscall.SysProcAttr {
	as := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if uid, gid, ok := someone(); ok {
		as.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return as
}

// give gives the directory to whoever the server runs as.
func give(dir string) error {
	if uid, gid, ok := someone(); ok {
		return os.Chown(dir, int(uid), int(gid))
	}
	return nil
}

// someone is another user for root to be; ok is false for who is not root.
func someone() (uid, gid uint32, ok bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
			gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
			if err1 == nil && err2 == nil {
				return uint32(uid), uint32(gid), true
			}
		}
	}
	return 0, 0, false
}
