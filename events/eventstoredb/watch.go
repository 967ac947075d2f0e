package eventstoredb

import (
	"context"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// watch gives the line up when its connection is lost, also when nobody calls just then. Without it the client would
// connect again in silence, and whoever calls next would write to whatever log is there then. A subscription in
// which nothing ever happens ends when the connection does, and says so. Only a call that begins in the same millisecond
// can still slip through, to a server that was away for no longer; it can begin a stream there, and continue none.
func (l *line) watch(within time.Duration, lost func(*line)) error {
	ctx, cancel := context.WithCancel(context.Background())
	begun := make(chan error, 1)
	l.take()
	go func() {
		defer l.put()
		defer cancel()
		nothing, err := visited(leading(ctx), l, func(ctx context.Context, client *esdb.Client) (*esdb.Subscription, error) {
			return client.SubscribeToStream(ctx, identityStream, esdb.SubscribeToStreamOptions{From: esdb.End{}, RequiresLeader: true})
		})
		begun <- err
		if err != nil {
			return
		}
		defer context.AfterFunc(l.over, cancel)()
		for nothing.Recv().SubscriptionDropped == nil {
		}
		nothing.Close()
		lost(l)
	}()
	late := time.NewTimer(within)
	defer late.Stop()
	select {
	case err := <-begun:
		return err
	case <-late.C:
		cancel()
		return errSilent
	}
}
