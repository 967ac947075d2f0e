package esdbtest

import (
	"regexp"
	"slices"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// filter lets a subscriber to $all see some events, and tells it from time to time how far it has looked.
type filter struct {
	matches func(*record) bool
	every   int // so many events looked at, a checkpoint; 0: never
	looked  int // since the last checkpoint
}

func newFilter(o *streams.ReadReq_Options_FilterOptions) (*filter, error) {
	if o == nil {
		return &filter{matches: func(*record) bool { return true }}, nil
	}
	expression, what := o.GetStreamIdentifier(), func(r *record) string { return r.Stream }
	if expression == nil {
		expression, what = o.GetEventType(), func(r *record) string { return r.Type }
	}
	f := &filter{every: int(max(o.GetMax(), 1) * max(o.GetCheckpointIntervalMultiplier(), 1))}
	if text := expression.GetRegex(); text != "" {
		regex, err := regexp.Compile(text)
		f.matches = func(r *record) bool { return regex.MatchString(what(r)) }
		return f, err
	}
	f.matches = func(r *record) bool {
		return slices.ContainsFunc(expression.GetPrefix(), func(p string) bool { return strings.HasPrefix(what(r), p) })
	}
	return f, nil
}

// send sends a record that is asked for, and a checkpoint when it is time.
func (f *filter) send(call streams.Streams_ReadServer, r *record, idAsText bool) error {
	if r.Empty {
		return nil
	}
	if f.matches(r) {
		if err := call.Send(toEvent(r, idAsText)); err != nil {
			return err
		}
	}
	if f.looked++; f.every == 0 || f.looked < f.every {
		return nil
	}
	f.looked = 0
	return call.Send(&streams.ReadResp{Content: &streams.ReadResp_Checkpoint_{
		Checkpoint: &streams.ReadResp_Checkpoint{CommitPosition: r.Position, PreparePosition: r.Position},
	}})
}
