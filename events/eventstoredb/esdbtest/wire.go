package esdbtest

import (
	"context"
	"encoding/binary"
	"math"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/gossip"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/serverfeatures"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// register offers the services of a node, each under the type that names it.
func (s *Server) register(g *grpc.Server) {
	streams.RegisterStreamsServer(g, streamsService{Server: s})
	gossip.RegisterGossipServer(g, gossipService{Server: s})
	serverfeatures.RegisterServerFeaturesServer(g, featuresService{Server: s})
}

type streamsService struct {
	streams.UnimplementedStreamsServer
	*Server
}

// refuse is an error with trailers, in which this protocol says what the status code does not.
func refuse(ctx context.Context, code codes.Code, text string, trailers ...string) error {
	if err := grpc.SetTrailer(ctx, metadata.Pairs(trailers...)); err != nil {
		return err
	}
	return status.Error(code, text)
}

// thrown is how a real server answers what it did not expect.
func thrown(ctx context.Context) error {
	return refuse(ctx, codes.Unknown, "Exception was thrown by handler.")
}

func isDeleted(ctx context.Context, stream string) error {
	return refuse(ctx, codes.FailedPrecondition, "Event stream '"+stream+"' is deleted.",
		"exception", "stream-deleted", "stream-name", stream)
}

// name is a stream's name as the server understands it: bytes that are no text become U+FFFD.
func name(id *shared.StreamIdentifier) string { return string([]rune(string(id.GetStreamName()))) }

func fromUUID(id *shared.UUID) (uuid.UUID, error) {
	if text := id.GetString_(); text != "" {
		return uuid.Parse(text)
	}
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[:8], uint64(id.GetStructured().GetMostSignificantBits()))
	binary.BigEndian.PutUint64(u[8:], uint64(id.GetStructured().GetLeastSignificantBits()))
	return u, nil
}

func toUUID(u uuid.UUID, asText bool) *shared.UUID {
	if asText {
		return &shared.UUID{Value: &shared.UUID_String_{String_: u.String()}}
	}
	return &shared.UUID{Value: &shared.UUID_Structured_{Structured: &shared.UUID_Structured{
		MostSignificantBits: int64(binary.BigEndian.Uint64(u[:8])), LeastSignificantBits: int64(binary.BigEndian.Uint64(u[8:])),
	}}}
}

// toEvent is a record as it is read.
func toEvent(r *record, idAsText bool) *streams.ReadResp {
	return &streams.ReadResp{Content: &streams.ReadResp_Event{Event: &streams.ReadResp_ReadEvent{
		Event: &streams.ReadResp_ReadEvent_RecordedEvent{
			Id:               toUUID(r.ID, idAsText),
			StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(r.Stream)},
			StreamRevision:   uint64(r.Revision),
			CommitPosition:   r.Position,
			PreparePosition:  r.Position,
			Metadata: map[string]string{ // without "created" the client ends its process
				"type": r.Type, "content-type": r.ContentType, "created": strconv.FormatInt(r.Created, 10),
			},
			CustomMetadata: r.Meta,
			Data:           r.Data,
		},
		Position: &streams.ReadResp_ReadEvent_CommitPosition{CommitPosition: r.Position},
	}}}
}

// toRevision is a revision as a real server counts: signed, the greatest number is the end.
func toRevision(r uint64) int64 {
	if r == math.MaxUint64 {
		return atEnd
	}
	return int64(r)
}

// atEnd stands for the end of a stream in place of a revision.
const atEnd int64 = -1
