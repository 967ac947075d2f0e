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
	add := func(ctx context.Context, client *esdb.Client) (*esdb.WriteResult, error) {
		return client.AppendToStream(ctx, "case", esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}}, esdb.EventData{EventType: "t"})
	}
	for _, err = visited(t.Context(), l, add); !broken(err); { // who was sending meets an end of file, which the client takes for nothing
		_, err = visited(t.Context(), l, add)
	}
	if !is(err, esdb.ErrorUnavailable) {
		t.Errorf("the first meets the loss: %v", err)
	}
	if err := server.Up(); err != nil {
		t.Fatal(err)
	}
	_, err = visited(t.Context(), l, func(context.Context, *esdb.Client) (int, error) {
		t.Errorf("another was let in after %v", err)
		return 0, nil
	})
	if !errors.Is(err, errLost) {
		t.Errorf("another was told %v, want %v", err, errLost)
	}
}
