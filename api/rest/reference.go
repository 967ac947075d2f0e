package rest

import (
	"context"
	"net/http"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rights"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/services/categories"
	"github.com/casestream/casestream/services/measures"
	"github.com/casestream/casestream/services/programme"
	"github.com/danielgtaylor/huma/v2"
)

// referenceRoutes are what forms are made of, and the programme as it stands.
func (r *router) referenceRoutes() {
	ask(r, "/categories", "categories", "The kinds of cases, with their forms, measures, deadlines and outcomes",
		func(context.Context, *struct{}) (*answer[[]categories.Category], error) {
			return &answer[[]categories.Category]{Body: categories.All()}, nil
		})
	ask(r, "/categories/{key}/form", "categories", "The intake form of one kind of case, as a JSON Schema",
		func(_ context.Context, in *struct {
			Key string `path:"key" maxLength:"64"`
		},
		) (*answer[map[string]any], error) {
			category, ok := categories.Find(in.Key)
			if !ok {
				return nil, errHidden
			}
			return &answer[map[string]any]{Body: category.Form.JSONSchema()}, nil
		})
	ask(r, "/measures", "categories", "The instruments, with items, scoring and bands",
		func(context.Context, *struct{}) (*answer[[]measures.Instrument], error) {
			return &answer[[]measures.Instrument]{Body: measures.All()}, nil
		})
	ask(r, "/programme", "programme", "The programme: commissioners, agencies, projects with sites, posts and who is on them", r.programme)
}

// answer is a huma answer with a body.
type answer[T any] struct {
	ETag string `header:"ETag"`
	Body T
}

// ask makes the route of a question.
func ask[I, O any](r *router, path, tag, summary string, handle func(context.Context, *I) (*O, error)) {
	right := rights.Routes[http.MethodGet+" "+path]
	huma.Register(r.api, huma.Operation{
		OperationID: "get-" + operationID(path), Method: http.MethodGet, Path: base + path, Summary: summary, Tags: []string{tag},
		Errors: []int{401, 404, 414, 422, 429, 503},
	}, func(ctx context.Context, in *I) (*O, error) {
		if _, err := r.door.admit(ctx, right); err != nil {
			return nil, refuse(ctx, err)
		}
		out, err := handle(ctx, in)
		if err != nil {
			return nil, refuse(ctx, err)
		}
		return out, nil
	})
}

// programme shows the structure; the workers only to those who work with them.
func (r *router) programme(ctx context.Context, _ *struct{}) (*opened[app.Programme], error) {
	id := identity(ctx)
	workers := id.Role != session.Evaluator
	var shown app.Programme
	err := r.app.Programme.Look(ctx, programmeStream, func(p programme.Programme, version int) {
		shown = app.ShowProgramme(p, version, workers)
	})
	if err != nil {
		return nil, err
	}
	out, err := open(ctx, r, shows(r.door.ofNoCase(ctx, rights.Reference), ""), shown, programmeStream)
	if err == nil {
		out.ETag = etag(shown.Version)
	}
	return out, err
}
