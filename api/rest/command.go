package rest

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
)

// Sent is what every command comes with.
type Sent[C any] struct {
	Key     string `header:"Idempotency-Key" required:"true" format:"uuid" doc:"the command id, made by the client: sent again, it answers as the first time"`
	IfMatch string `header:"If-Match" doc:"the version that was seen, as in ETag"`
	Body    said[C]
	RawBody []byte
}

// sentTo is what a command on one of many streams comes with.
type sentTo[C any] struct {
	ID string `path:"id" format:"uuid" doc:"of the stream; whoever opens one makes its id (UUIDv7)"`
	Sent[C]
}

// receipt is the answer to a command.
type receipt struct {
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotent-Replayed"`
	Body     Receipt
}

// Receipt says where what was recorded stands. Ask with ?after=POSITION to see it in every view.
type Receipt struct {
	Stream   string          `json:"stream"`
	Version  int             `json:"version"`
	Position events.Position `json:"position"`
}

// act is a command route: a line in the list of routes.
type act struct {
	path    string // below /api/v1, with {id} for the id of the stream
	summary string
	ifMatch bool // made on what was seen: If-Match is compulsory
}

// command makes the route of a command on one kind of stream.
func command[S services.State[S], C services.Command[S]](r *router, k kind[S], a act) {
	operation := operationOf[C](r, a, k.category)
	right := rights.Routes[operation.Method+" "+a.path]
	if k.one != "" {
		huma.Register(r.api, operation, func(ctx context.Context, in *Sent[C]) (*receipt, error) {
			return do(ctx, r, k, a, right, k.one, in)
		})
		return
	}
	huma.Register(r.api, operation, func(ctx context.Context, in *sentTo[C]) (*receipt, error) {
		return do(ctx, r, k, a, right, stream(k.category, in.ID), &in.Sent)
	})
}

func operationOf[C any](r *router, a act, tag string) huma.Operation {
	return huma.Operation{
		OperationID: operationID(a.path), Method: http.MethodPost, Path: base + a.path,
		Summary: a.summary, Tags: []string{tag}, DefaultStatus: http.StatusCreated,
		MaxBodyBytes: events.MaxAppend, BodyReadTimeout: bodyWithin, Errors: []int{400, 401, 403, 404, 409, 413, 414, 422, 428, 429, 503},
		SkipValidateBody: true, Metadata: map[string]any{contract: contractOf[said[C]](r)}, // what is said is held to it as it is read
	}
}

// firstYear is the first in which anything can have happened: 0012 is a slip of the pen for 2012.
const firstYear = 1900

// do takes a command from the door to the desk.
func do[S services.State[S], C services.Command[S]](ctx context.Context, r *router, k kind[S], a act, right rights.Right, stream string, in *Sent[C]) (*receipt, error) {
	id, err := r.door.admit(ctx, right)
	if err != nil {
		return nil, refuse(ctx, err)
	}
	if !in.Body.read {
		return nil, problem(codeSyntax)
	}
	options := []services.Option{services.Sent(in.RawBody)}
	if in.IfMatch != "" {
		version, err := strconv.Atoi(strings.Trim(in.IfMatch, `"`))
		if err != nil || version < 0 {
			return nil, problem(codeNoVersion)
		}
		options = append(options, services.AtVersion(version))
	} else if a.ifMatch {
		return nil, problem(codeNoVersion)
	}
	now := r.app.Now()
	meta := events.Meta{Actor: id.Actor(), OccurredAt: in.Body.happened(now), RecordedAt: now}
	if meta.CommandID, err = uuid.Parse(in.Key); err != nil || meta.CommandID == uuid.Nil {
		return nil, problem(codeSchema)
	}
	if at := in.Body.HappenedAt; !at.IsZero() && at.Year() < firstYear {
		return nil, problem(codeLongAgo)
	}
	if k.whose != nil {
		client, err := k.whose(ctx, stream, &in.Body.Command)
		if err != nil {
			return nil, refuse(ctx, err)
		}
		defer r.app.Quiet.Recording(client)()
	}
	if err := k.may(ctx, right, stream, &in.Body.Command, meta); err != nil {
		return nil, refuse(ctx, err)
	}
	done, err := k.desk.Do(ctx, stream, meta, in.Body.Command, options...)
	if err != nil {
		return nil, refuse(ctx, err)
	}
	out := &receipt{ETag: etag(done.Version), Body: Receipt{Stream: stream, Version: done.Version, Position: done.Position}}
	if done.Repeated {
		out.Replayed = "true"
	}
	return out, nil
}

// kind is a kind of stream: its desk, and who may.
type kind[S services.State[S]] struct {
	category string
	one      string // the stream itself, where there is only one
	desk     *services.Desk[S]
	// may lets the right people through. cmd is a pointer to the command, for what has to be put into it from elsewhere.
	may func(ctx context.Context, right rights.Right, stream string, cmd any, meta events.Meta) error
	// whose says about which client something is recorded: nobody begins to forget them meanwhile. nil: about none.
	whose func(ctx context.Context, stream string, cmd any) (uuid.UUID, error)
}

// stream names the stream of an id that was checked before.
func stream(category, id string) string {
	parsed, _ := uuid.Parse(id)
	return events.Stream(category, parsed)
}

func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// operationID names a route: /cases/{id}/notes is cases-notes.
func operationID(path string) string {
	var parts []string
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if !strings.HasPrefix(part, "{") {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "-")
}
