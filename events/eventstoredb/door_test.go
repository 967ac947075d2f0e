package eventstoredb

import (
	"context"
	"errors"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events/eventstoredb/esdbtest"
)

func TestNobodyEntersAClientThatLostItsServer(t *testing.T) {
	server := esdbtest.Start(t)
	a, err := parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	l, err := newLine(a.config)
	if err != nil {
		t.Fatal(err)
	}
	defer l.retire()
	if _, err := visited(t.Context(), l, identify); err != nil {
		t.Fatal(err)
	}
	server.Kill()
	_, err = visited(t.Context(), l, func(ctx context.Context, client *esdb.Client) (*esdb.WriteResult, error) {
		return client.AppendToStream(ctx, "case", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, esdb.EventData{EventType: "t"})
	})
	if !broken(err) || errors.Is(err, errLost) {
		t.Errorf("the first meets the loss: %v", err)
	}
	if err := server.Up(); err != nil {
		t.Fatal(err)
	}
	_, err = visited(t.Context(), l, func(context.Context, *esdb.Client) (int, error) {
		t.Error("another was let in")
		return 0, nil
	})
	if !errors.Is(err, errLost) {
		t.Errorf("another was told %v, want %v", err, errLost)
	}
}
