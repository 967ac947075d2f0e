package esdbtest

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
)

// Read answers four questions: a stream or all of them, as far as there is or for ever.
func (s streamsService) Read(request *streams.ReadReq, call streams.Streams_ReadServer) error {
	if err := s.admit(call.Context(), false); err != nil {
		return err
	}
	o := request.GetOptions()
	stream, live := o.GetStream(), o.GetSubscription() != nil
	switch {
	case stream != nil && live:
		return s.followStream(o, call)
	case stream != nil:
		return s.readStream(o, call)
	case live:
		return s.followAll(o, call)
	}
	return s.readAll(o, call)
}

func (s streamsService) readStream(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	stream, from := name(o.GetStream().GetStreamIdentifier()), revisionOf(o.GetStream())
	backwards := o.GetReadDirection() == streams.ReadReq_Options_Backwards
	if o.GetCount() == 0 || from < 0 && !(backwards && from == atEnd) {
		return refuse(call.Context(), codes.Unknown, "Unexpected ReadStreamResult: Error")
	}
	v := s.cluster.state().view(stream)
	switch {
	case v.deleted:
		return isDeleted(call.Context(), stream)
	case !v.found:
		return call.Send(&streams.ReadResp{Content: &streams.ReadResp_StreamNotFound_{
			StreamNotFound: &streams.ReadResp_StreamNotFound{StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(stream)}},
		}})
	}
	return send(call, o, v.records, func(r *record) bool {
		if backwards {
			return from == atEnd || r.Revision <= from
		}
		return r.Revision >= from
	})
}

func (s streamsService) readAll(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	l, all := s.cluster.state(), o.GetAll()
	backwards := o.GetReadDirection() == streams.ReadReq_Options_Backwards
	records, _, _ := l.from(0)
	at, err := place(call.Context(), l, all, len(records))
	switch {
	case err != nil:
		return err
	case o.GetCount() == 0:
		return refuse(call.Context(), codes.Unknown, "Unexpected ReadAllResult: Error")
	case backwards:
		records = records[:at]
	default:
		records = records[at:]
	}
	return send(call, o, records, func(r *record) bool { return !r.Empty })
}

// place is the index in $all at which a reader begins, or in front of which one that goes backwards does.
func place(ctx context.Context, l *log, o *streams.ReadReq_Options_AllOptions, end int) (int, error) {
	switch {
	case o.GetStart() != nil:
		return 0, nil
	case o.GetPosition() == nil:
		return end, nil
	}
	at, valid := l.seek(position{o.GetPosition().GetCommitPosition(), o.GetPosition().GetPreparePosition()})
	if !valid {
		return 0, refuse(ctx, codes.Unknown, "Unexpected ReadAllResult: Error")
	}
	return min(at, end), nil
}

// send sends the records that are asked for, from the side that the reader comes from, and not more than it wants.
func send(call streams.Streams_ReadServer, o *streams.ReadReq_Options, records []*record, asked func(*record) bool) error {
	left := o.GetCount()
	for i := range records {
		if o.GetReadDirection() == streams.ReadReq_Options_Backwards {
			i = len(records) - 1 - i
		}
		if !asked(records[i]) {
			continue
		}
		if err := call.Send(toEvent(records[i], idAsText(o))); err != nil {
			return err
		}
		if left--; left == 0 {
			return nil
		}
	}
	return nil
}

// revisionOf is where a reader of a stream begins.
func revisionOf(o *streams.ReadReq_Options_StreamOptions) int64 {
	switch {
	case o.GetStart() != nil:
		return 0
	case o.GetEnd() != nil:
		return atEnd
	}
	return toRevision(o.GetRevision())
}

func idAsText(o *streams.ReadReq_Options) bool { return o.GetUuidOption().GetString_() != nil }
