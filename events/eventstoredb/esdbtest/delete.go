package esdbtest

import (
	"context"
	"fmt"
	"strconv"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
)

// Delete hides a stream until the next append to it.
func (s streamsService) Delete(ctx context.Context, request *streams.DeleteReq) (*streams.DeleteResp, error) {
	o := request.GetOptions()
	at, err := s.end(ctx, name(o.GetStreamIdentifier()), expectation(o), false)
	if err != nil {
		return nil, err
	}
	return &streams.DeleteResp{PositionOption: &streams.DeleteResp_Position_{
		Position: &streams.DeleteResp_Position{CommitPosition: at, PreparePosition: at},
	}}, nil
}

// Tombstone ends a stream for ever.
func (s streamsService) Tombstone(ctx context.Context, request *streams.TombstoneReq) (*streams.TombstoneResp, error) {
	o := request.GetOptions()
	at, err := s.end(ctx, name(o.GetStreamIdentifier()), expectation(o), true)
	if err != nil {
		return nil, err
	}
	return &streams.TombstoneResp{PositionOption: &streams.TombstoneResp_Position_{
		Position: &streams.TombstoneResp_Position{CommitPosition: at, PreparePosition: at},
	}}, nil
}

func (s streamsService) end(ctx context.Context, stream string, expected int64, forever bool) (uint64, error) {
	if err := s.admit(ctx, true); err != nil {
		return 0, err
	}
	switch o := s.cluster.state().delete(stream, expected, forever); o.verdict {
	case deleted:
		return 0, isDeleted(ctx, stream)
	case wrong:
		return 0, refuse(ctx, codes.FailedPrecondition,
			fmt.Sprintf("Delete failed due to WrongExpectedVersion. Stream: %s, Expected version: %d, Actual version: %d", stream, expected, o.current),
			"exception", "wrong-expected-version", "stream-name", stream,
			"expected-version", strconv.FormatInt(expected, 10), "actual-version", strconv.FormatInt(o.current, 10))
	default:
		return o.position, nil
	}
}
