package esdbtest

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// requiresLeader tells whether a caller wants to be answered by the leader alone. A follower sends such a reader away, too.
func requiresLeader(ctx context.Context) bool {
	sent, _ := metadata.FromIncomingContext(ctx)
	said := sent.Get("requires-leader")
	return len(said) == 1 && said[0] == "true"
}
