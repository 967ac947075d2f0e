package eventstoredb

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// Who opens a log first writes its id, once and for ever, into a stream of its own, which is not category-id and so is
// no part of the log. Every line that is made asks for it, and is given up with its connection (watch.go): a server that
// answers under the same address and has another log, or has lost ours, is not written to.
const (
	identityStream = "casestream"
	identityType   = "casestream.log-founded"
)

type identity struct {
	ID uuid.UUID `json:"id"`
}

// identify answers with the id of the log. In a server that has none it founds one.
func identify(ctx context.Context, client *esdb.Client) (uuid.UUID, error) {
	for {
		if id, err := readIdentity(ctx, client); err != nil || id != uuid.Nil {
			return id, err
		}
		id := uuid.New()
		data, err := json.Marshal(identity{id})
		if err != nil {
			return uuid.Nil, err
		}
		_, err = client.AppendToStream(ctx, identityStream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.NoStream{}},
			esdb.EventData{EventID: id, EventType: identityType, ContentType: esdb.ContentTypeJson, Data: data})
		if err == nil {
			return id, nil
		}
		if !is(err, esdb.ErrorCodeWrongExpectedVersion) { // else somebody was faster
			return uuid.Nil, fmt.Errorf("founding the log: %w", err)
		}
	}
}

// readIdentity answers with the id of the log, or with none.
func readIdentity(ctx context.Context, client *esdb.Client) (uuid.UUID, error) {
	first, err := streamPage(identityStream, esdb.Start{}, esdb.Forwards, 1)(ctx, client)
	if err != nil {
		return uuid.Nil, fmt.Errorf("reading which log it is: %w", err)
	}
	if len(first.events) == 0 {
		return uuid.Nil, nil
	}
	var is identity
	if err := json.Unmarshal(first.events[0].Data, &is); err != nil || first.events[0].EventType != identityType || is.ID == uuid.Nil {
		return uuid.Nil, fmt.Errorf("%w: the stream %s says no id", events.ErrDamaged, identityStream)
	}
	return is.ID, nil
}
