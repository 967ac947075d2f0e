package esdbtest

import (
	"context"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const (
	maxAppend  = 1 << 20  // bytes of data in one append, together
	maxMessage = 16 << 20 // bytes of one message
)

// coarse is the clock of a real server: the client is the first to notice that its deadline has passed. If we were, a
// client that still sends would see an EOF in place of the deadline.
const coarse = 50 * time.Millisecond

// Append takes a stream's name, what is expected of it and its events one by one, and keeps all or none.
func (s streamsService) Append(call streams.Streams_AppendServer) error {
	ctx := call.Context()
	options, events, err := receive(call)
	if err != nil {
		return err
	}
	stream, expected := name(options.GetStreamIdentifier()), expectation(options)
	if err := s.admit(ctx, true); err != nil {
		return err
	}
	if stream == "" {
		return thrown(ctx)
	}
	for _, e := range events {
		e.Stream = stream
		if e.Type == "" {
			return thrown(ctx)
		}
	}
	o, err := s.commit(ctx, stream, func(l *log) outcome { return l.append(stream, expected, events) })
	switch {
	case err != nil:
		return err
	case o.verdict == deleted:
		return isDeleted(ctx, stream)
	case o.verdict == wrong:
		return call.SendAndClose(unexpected(options, o.current))
	}
	if err := s.persist(ctx, stream, o.revision, events); err != nil {
		return status.Error(codes.Internal, err.Error())
	}
	return call.SendAndClose(success(o))
}

// commit is where an append meets its faults.
func (s streamsService) commit(ctx context.Context, stream string, keep func(*log) outcome) (outcome, error) {
	cut := s.faults.cut(stream)
	if err := s.faults.before.pass(ctx, stream); err != nil {
		return outcome{}, err
	}
	if cut == BeforeCommit {
		s.lines.cutCaller(ctx)
		return outcome{}, status.Error(codes.Unavailable, "cut before the commit")
	}
	o := keep(s.cluster.state())
	if cut == AfterCommit {
		s.lines.cutCaller(ctx)
		return outcome{}, status.Error(codes.Unavailable, "cut after the commit")
	}
	if err := s.faults.after.pass(ctx, stream); err != nil {
		return outcome{}, err
	}
	return o, s.faults.linger(ctx)
}

// receive takes the whole of an append. Too much of it is refused while the client still sends.
func receive(call streams.Streams_AppendServer) (*streams.AppendReq_Options, []*record, error) {
	var options *streams.AppendReq_Options
	var events []*record
	size := 0
	for {
		request, err := call.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return options, events, nil
		case status.Code(err) == codes.DeadlineExceeded:
			time.Sleep(coarse)
			return nil, nil, err
		case err != nil:
			return nil, nil, err
		case proto.Size(request) > maxMessage:
			return nil, nil, refuse(call.Context(), codes.ResourceExhausted, "Received message exceeds the maximum configured message size.")
		}
		if o := request.GetOptions(); o != nil {
			options = o
			continue
		}
		said := request.GetProposedMessage()
		if size += len(said.GetData()); size > maxAppend {
			limit := strconv.Itoa(maxAppend)
			return nil, nil, refuse(call.Context(), codes.InvalidArgument, "Maximum Append Size of "+limit+" Exceeded.",
				"exception", "maximum-append-size-exceeded", "maximum-append-size", limit)
		}
		id, err := fromUUID(said.GetId())
		if err != nil {
			return nil, nil, thrown(call.Context())
		}
		events = append(events, &record{
			ID: id, Type: said.GetMetadata()["type"], ContentType: said.GetMetadata()["content-type"],
			Data: said.GetData(), Meta: said.GetCustomMetadata(),
		})
	}
}

// expecting is what appends and deletes say about their stream.
type expecting interface {
	GetRevision() uint64
	GetNoStream() *shared.Empty
	GetAny() *shared.Empty
	GetStreamExists() *shared.Empty
}

func expectation(o expecting) int64 {
	switch {
	case o.GetNoStream() != nil:
		return noStream
	case o.GetAny() != nil:
		return anything
	case o.GetStreamExists() != nil:
		return streamExists
	}
	return int64(o.GetRevision())
}

func success(o outcome) *streams.AppendResp {
	answer := &streams.AppendResp_Success{
		CurrentRevisionOption: &streams.AppendResp_Success_CurrentRevision{CurrentRevision: uint64(o.revision)},
		PositionOption: &streams.AppendResp_Success_Position{Position: &streams.AppendResp_Position{
			CommitPosition: o.position, PreparePosition: o.position,
		}},
	}
	if o.revision < 0 {
		answer.CurrentRevisionOption = &streams.AppendResp_Success_NoStream{NoStream: &shared.Empty{}}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_Success_{Success: answer}}
}

// unexpected says what was expected and what is there, each in two dialects.
func unexpected(o *streams.AppendReq_Options, current int64) *streams.AppendResp {
	type answer = streams.AppendResp_WrongExpectedVersion
	var a answer
	none := &shared.Empty{}
	switch expected := expectation(o); expected {
	case anything:
		a.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_Any_20_6_0{Any_20_6_0: none}
		a.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedAny{ExpectedAny: none}
	case streamExists:
		a.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_StreamExists_20_6_0{StreamExists_20_6_0: none}
		a.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: none}
	case noStream:
		a.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: ^uint64(0)}
		a.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: none}
	default:
		a.ExpectedRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision_20_6_0{ExpectedRevision_20_6_0: uint64(expected)}
		a.ExpectedRevisionOption = &streams.AppendResp_WrongExpectedVersion_ExpectedRevision{ExpectedRevision: uint64(expected)}
	}
	if current < 0 {
		a.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_NoStream_20_6_0{NoStream_20_6_0: none}
		a.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentNoStream{CurrentNoStream: none}
	} else {
		a.CurrentRevisionOption_20_6_0 = &streams.AppendResp_WrongExpectedVersion_CurrentRevision_20_6_0{CurrentRevision_20_6_0: uint64(current)}
		a.CurrentRevisionOption = &streams.AppendResp_WrongExpectedVersion_CurrentRevision{CurrentRevision: uint64(current)}
	}
	return &streams.AppendResp{Result: &streams.AppendResp_WrongExpectedVersion_{WrongExpectedVersion: &a}}
}
