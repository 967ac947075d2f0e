package esdbtest

import (
	"math"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
)

// tooFarBehind is how many bytes of the log a reader of $all, once it has caught up, may leave waiting. A real server counts
// the events in its buffers and those of the connection; what comes of it is the same.
const tooFarBehind = 4 << 20

// followAll is a subscription to $all. It begins behind the position that it is given.
func (s streamsService) followAll(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	filter, err := newFilter(o.GetFilter())
	if err != nil {
		return thrown(call.Context())
	}
	l := s.cluster.state()
	records, _, _ := l.from(0)
	next, err := place(call.Context(), l, o.GetAll(), len(records))
	if err != nil {
		return err
	}
	if p := o.GetAll().GetPosition(); p != nil && next < len(records) && records[next].Position == p.GetCommitPosition() && p.GetPreparePosition() == p.GetCommitPosition() {
		next++
	}
	tooSlow, live := s.faults.dropped(), false
	if err := confirm(call); err != nil {
		return err
	}
	for {
		records, _, grown := l.from(next)
		for _, r := range records {
			select {
			case <-tooSlow:
				return drop(call)
			default:
			}
			if _, end, _ := l.from(next); live && end-r.Position > tooFarBehind {
				return drop(call)
			}
			next++
			if err := filter.send(call, r, idAsText(o)); err != nil {
				return err
			}
		}
		if len(records) > 0 {
			continue
		}
		if !live {
			live = true
			if err := caughtUp(call); err != nil {
				return err
			}
		}
		select {
		case <-grown:
		case <-tooSlow:
			return drop(call)
		case <-call.Context().Done():
			return call.Context().Err()
		}
	}
}

func drop(call streams.Streams_ReadServer) error {
	return refuse(call.Context(), codes.Aborted,
		"Operation timed out: Consumer too slow to handle event while live. Client resubscription required.")
}

// followStream is a subscription to a stream. While there is no such stream it has nothing to say, not even that it
// has caught up.
func (s streamsService) followStream(o *streams.ReadReq_Options, call streams.Streams_ReadServer) error {
	l, stream := s.cluster.state(), name(o.GetStream().GetStreamIdentifier())
	v := l.view(stream)
	next := revisionOf(o.GetStream())
	fromEnd := next == atEnd
	switch {
	case v.deleted:
		return isDeleted(call.Context(), stream)
	case fromEnd:
		next = v.next
	case o.GetStream().GetStart() == nil && next < math.MaxInt64:
		next++ // it begins behind the revision that it is given
	}
	if err := confirm(call); err != nil {
		return err
	}
	for live := false; ; v = l.view(stream) {
		sent := false
		for _, r := range v.records[behind(v.records, next):] {
			if err := call.Send(toEvent(r, idAsText(o))); err != nil {
				return err
			}
			next, sent = r.Revision+1, true
		}
		switch {
		case v.deleted:
			return isDeleted(call.Context(), stream)
		case sent:
			continue
		case !live && (v.found || fromEnd):
			live = true
			if err := caughtUp(call); err != nil {
				return err
			}
		}
		select {
		case <-v.grown:
		case <-call.Context().Done():
			return call.Context().Err()
		}
	}
}

// behind is how many records of a stream are older than a revision.
func behind(records []*record, next int64) int {
	if len(records) == 0 {
		return 0
	}
	return int(max(0, min(next-records[0].Revision, int64(len(records)))))
}

func confirm(call streams.Streams_ReadServer) error {
	return call.Send(&streams.ReadResp{Content: &streams.ReadResp_Confirmation{
		Confirmation: &streams.ReadResp_SubscriptionConfirmation{SubscriptionId: uuid.NewString()},
	}})
}

func caughtUp(call streams.Streams_ReadServer) error {
	return call.Send(&streams.ReadResp{Content: &streams.ReadResp_CaughtUp_{CaughtUp: &streams.ReadResp_CaughtUp{}}})
}
