package rest

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/services"
	"github.com/danielgtaylor/huma/v2"
)

// Problem is every answer that is not the one asked for (RFC 9457). It says what to do, in Chinese and English,
// and never repeats what was sent.
type Problem struct {
	Type     string   `json:"type" doc:"names the kind of problem"`
	Title    string   `json:"title" doc:"what it is, in English"`
	Status   int      `json:"status" doc:"the HTTP status"`
	Code     string   `json:"code" doc:"names the rule that said no"`
	Zh       string   `json:"zh" doc:"in Chinese: what it is, and what to do"`
	En       string   `json:"en" doc:"in English: what it is, and what to do"`
	About    string   `json:"about,omitempty" doc:"the id, code or field that it speaks of"`
	Problems []Fault  `json:"problems,omitempty" doc:"what is wrong with the request, place by place"`
	Since    []Change `json:"since,omitempty" doc:"stale: what came since the version that was asked for"`
}

// Fault is one thing that is wrong with a request.
type Fault struct {
	Where string `json:"where" doc:"the place in the request: body.kind"`
	What  string `json:"what" doc:"what is expected there"`
}

// Change is a fact that came since.
type Change struct {
	Version    int    `json:"version"`
	Type       string `json:"type"`
	Actor      string `json:"actor"`
	RecordedAt string `json:"recorded_at" format:"date-time"`
}

func (p *Problem) Error() string { return p.Code }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// problem is the answer of a code.
func problem(code string) *Problem {
	w, ok := words[code]
	if !ok {
		w = words[codeInternal]
	}
	status := w.status
	if status == 0 {
		status = http.StatusConflict
	}
	return &Problem{Type: "/problems/" + code, Title: http.StatusText(status), Status: status, Code: code, Zh: w.zh, En: w.en}
}

// refuse turns an error from below into the answer that people get. What they cannot use stays in the log.
func refuse(ctx context.Context, err error) error {
	var refusal *services.Refusal
	var said *Problem
	var whole huma.HeadersError
	if errors.Is(err, errHidden) { // every no of the door comes by here
		if failed := deny(ctx, err); failed != nil {
			err = failed
		}
	}
	switch {
	case errors.As(err, &whole): // an answer with its headers
		return err
	case errors.Is(err, access.ErrUnrecorded):
		slog.ErrorContext(ctx, "the read log cannot be written", "why", err)
		return retryLater(codeUnrecorded)
	case errors.As(err, &said):
		return said
	case errors.As(err, &refusal):
		p := problem(refusal.Code)
		p.About = refusal.About
		for _, r := range refusal.Since {
			p.Since = append(p.Since, Change{Version: r.Version, Type: r.Event.Type(), Actor: r.Meta.Actor, RecordedAt: stamp(r.Meta.RecordedAt)})
		}
		return p
	case errors.Is(err, errHidden):
		return problem(codeNotFound)
	case errors.Is(err, events.ErrTooLarge):
		return problem(codeTooLarge)
	case errors.Is(err, sealed.ErrForgotten):
		return problem(codeForgotten)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, projections.ErrParked), errors.Is(err, readdb.ErrNotBuilt):
		slog.WarnContext(ctx, "a view has not arrived", "why", err)
		return retryLater(codeBehind)
	case errors.Is(err, events.ErrUnavailable), errors.Is(err, events.ErrClosed):
		slog.ErrorContext(ctx, "the log is away", "why", err)
		return retryLater(codeAway)
	}
	slog.ErrorContext(ctx, "request failed", "why", err)
	return problem(codeInternal)
}

func retryLater(code string) error {
	return huma.ErrorWithHeaders(problem(code), http.Header{"Retry-After": {"1"}})
}

// mostFaults is how many places a refusal lists: whoever sends more has other things to mend first.
const mostFaults = 20

// isMediaType tells that huma does not know what kind of thing was sent. It says so of a body that reads itself as it says
// everything: in words.
func isMediaType(err error) bool {
	var detailed huma.ErrorDetailer
	return errors.As(err, &detailed) && strings.HasPrefix(detailed.ErrorDetail().Message, huma.ErrUnknownContentType.Error())
}

// unreadable is what huma's own refusals become: its words name what the schema expects; what was sent, or the
// name of a field that the schema does not know, is left out.
func (r *router) unreadable(status int, _ string, errs ...error) huma.StatusError {
	code := codeInternal
	if slices.ContainsFunc(errs, isMediaType) {
		status = http.StatusUnsupportedMediaType
	}
	switch status {
	case http.StatusBadRequest:
		code = codeSyntax
	case http.StatusUnprocessableEntity:
		code = codeSchema
	case http.StatusRequestEntityTooLarge:
		code = codeTooLarge
	case http.StatusUnsupportedMediaType:
		code = codeMediaType
	case http.StatusNotAcceptable:
		code = codeNotAcceptable
	case http.StatusRequestTimeout:
		code = codeTimeout
	}
	p := problem(code)
	for _, err := range errs {
		var detailed huma.ErrorDetailer
		if !errors.As(err, &detailed) {
			continue
		}
		detail := detailed.ErrorDetail()
		fault := Fault{Where: r.place(detail.Location), What: detail.Message}
		switch {
		case detail.Message == "unexpected property":
		case strings.HasPrefix(detail.Location, "query") && strings.HasPrefix(detail.Message, "unknown"):
			fault = Fault{Where: "query", What: "unexpected parameter"}
		case strings.HasPrefix(detail.Message, "expected "), strings.HasPrefix(detail.Message, "required "):
			fault.What, _, _ = strings.Cut(detail.Message, ":") // a parser's words may follow
		default:
			fault.What = "cannot be read"
		}
		if fault.Where == "body" && (fault.What == "cannot be read" || fault.What == tooDeep) && status != http.StatusUnsupportedMediaType {
			// no JSON, or a name twice: not a matter of schema
			p.Status, p.Code, p.Type = http.StatusBadRequest, codeSyntax, "/problems/"+codeSyntax
			p.Title, p.Zh, p.En = http.StatusText(p.Status), words[codeSyntax].zh, words[codeSyntax].en
		}
		if !slices.Contains(p.Problems, fault) && len(p.Problems) < mostFaults {
			p.Problems = append(p.Problems, fault)
		}
	}
	return p
}

// place is a location in the request as far as the contract has names for it: what follows was made up by the sender.
func (r *router) place(location string) string {
	parts := strings.Split(location, ".")
	if parts[0] != "body" {
		return location // a parameter, by the name that the contract gives it
	}
	for i, part := range parts[1:] {
		name, index, _ := strings.Cut(part, "[")
		if !r.names[name] || strings.Trim(index, "0123456789]") != "" {
			return strings.Join(parts[:i+1], ".")
		}
	}
	return location
}

// learnNames learns the names of the contract, when all routes are there.
func (r *router) learnNames() {
	r.names = make(map[string]bool)
	for _, schema := range r.api.OpenAPI().Components.Schemas.Map() {
		for name := range schema.Properties {
			r.names[name] = true
		}
	}
}
