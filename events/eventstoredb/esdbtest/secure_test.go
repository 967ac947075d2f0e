package esdbtest_test

import (
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

func TestSecure(t *testing.T) {
	a := newAsker(t)
	a.server = esdbtest.Start(t, esdbtest.Secure(t.TempDir(), "worker", "s3cret"))
	as := func(url, user string) *asker {
		a.client = connect(t, strings.Replace(url, "://", "://"+user, 1))
		return a
	}
	url := a.server.URL()
	a.want("with name and password", as(url, "worker:s3cret@").append(a.S, esdb.NoStream{}, some(1)...), "last 0")
	a.want("by gossip", as(a.server.DiscoverURL(), "worker:s3cret@").append(a.S, esdb.Revision(0), some(1)...), "last 1")
	for user, want := range map[string]string{"worker:guess@": "Unauthenticated", "": "AccessDenied"} {
		_, err := as(url, user).put(a.S, esdb.Any{}, some(1)...)
		a.want("as "+user, code(err), want)
	}
	_, err := as("esdb://"+a.server.Addr()+"?tls=false", "").put(a.S, esdb.Any{}, some(1)...)
	a.want("without TLS", code(err), "Unavailable")
	a.want("at the end", as(url, "worker:s3cret@").seen(a.S), "[0 1]")
}
