package eventstoredb

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
)

// door keeps callers from a client that has lost its server. Whoever asked it now would make it look for the server: it
// would drop the connection it had without closing it, and if it found none, close itself for good, and hang everybody who
// is on his way out with an error. So the door is shut before the client hears of the loss: it says the error to its
// logger first. A caller is in when the client, having a connection for him, asks his context for its deadline.
// Both are so in the client's version 4.2.0, its last; should they not be, the guards of call remain.
type door struct {
	entering sync.RWMutex
	shut     bool
}

// enter lets a caller in, and tells whether it may; its context lets in the next.
func (d *door) enter(ctx context.Context) (in *visit, ok bool) {
	d.entering.RLock()
	if d.shut {
		d.entering.RUnlock()
		return nil, false
	}
	return &visit{Context: ctx, in: sync.OnceFunc(d.entering.RUnlock)}, true
}

// visit is the context of a caller at the door.
type visit struct {
	context.Context
	in func()
}

func (v *visit) Deadline() (time.Time, bool) {
	v.in()
	return v.Context.Deadline()
}

// logger is what the client says about its connection: addresses, counts and codes. It shuts the door when that is lost.
func (d *door) logger(level esdb.LogLevel, format string, args ...any) {
	logged(level, format, args...)
	if len(args) != 1 || !strings.HasPrefix(format, "unexpected exception") {
		return
	}
	if err, ok := args[0].(error); ok && codeOf(err) == codes.Unavailable {
		d.entering.Lock()
		d.shut = true
		d.entering.Unlock()
	}
}
