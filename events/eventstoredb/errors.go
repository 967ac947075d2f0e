package eventstoredb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/casestream/casestream/events"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// errSilent: the client or the server has not answered in time. What became of the call is not known.
var errSilent = errors.New("no answer")

// errLost: the client has lost its server. Nothing was asked.
var errLost = errors.New("the connection was lost")

// is tells whether the client calls an error so. FromError of the client would not: it looks at no wrapped error, and
// calls no error at all an error.
func is(err error, code esdb.ErrorCode) bool {
	named := new(esdb.Error)
	return errors.As(err, &named) && named.Code() == code
}

// codeOf is what the protocol calls an error, under whatever the client calls it: many it calls only "unknown".
func codeOf(err error) codes.Code {
	var spoken interface{ GRPCStatus() *status.Status }
	if errors.As(err, &spoken) {
		return spoken.GRPCStatus().Code()
	}
	return codes.Unknown
}

// thrown tells whether the server answered that it does not know what went wrong in it.
func thrown(err error) bool {
	var spoken interface{ GRPCStatus() *status.Status }
	return errors.As(err, &spoken) && spoken.GRPCStatus().Code() == codes.Unknown
}

// broken tells whether the client is of no use any more, or will not be until it finds the server again. One that has not
// found it closes itself for good.
func broken(err error) bool {
	if errors.Is(err, errSilent) || errors.Is(err, errLost) || is(err, esdb.ErrorCodeConnectionClosed) || is(err, esdb.ErrorUnavailable) {
		return true
	}
	switch codeOf(err) {
	case codes.Unavailable, codes.Canceled: // cancelled by the client: it closes
		return true
	}
	return false
}

// verdict is what an error means for whoever asked: the same asked again may get an answer, or it never will.
func verdict(err error) (again bool, _ error) {
	switch {
	case errors.Is(err, events.ErrUnavailable), errors.Is(err, events.ErrDamaged), errors.Is(err, events.ErrTooLarge), errors.Is(err, errNowhere):
		return false, err // ours: it was judged before
	case broken(err), is(err, esdb.ErrorCodeNotLeader):
		return true, err
	case is(err, esdb.ErrorCodeStreamDeleted):
		return false, fmt.Errorf("%w: somebody deleted the stream on the server", events.ErrDamaged)
	case is(err, esdb.ErrorCodeWrongExpectedVersion), is(err, esdb.ErrorCodeResourceNotFound),
		is(err, esdb.ErrorCodeUnauthenticated), is(err, esdb.ErrorCodeAccessDenied):
		return false, err
	}
	switch codeOf(err) {
	case codes.InvalidArgument, codes.ResourceExhausted:
		return false, fmt.Errorf("%w: the server is set to take less than %d bytes, or counts more than the facts: %w", events.ErrTooLarge, events.MaxAppend, err)
	case codes.Unauthenticated, codes.PermissionDenied:
		return false, err
	}
	return true, err
}

// logged takes what the client says about its connection: addresses, counts and codes.
func logged(level esdb.LogLevel, format string, args ...any) {
	if slog.Default().Enabled(context.Background(), slog.LevelDebug) {
		slog.Debug("the client of EventStoreDB", "level", level, "says", fmt.Sprintf(format, args...))
	}
}
