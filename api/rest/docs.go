package rest

import (
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

//go:embed docs.html
var docsPage string

//go:embed docs.css
var docsStyle []byte

// docsRoutes show the contract: for programs, and for people who write them. All are public; they hold no data.
func (r *router) docsRoutes() {
	r.echo.GET(base+"/openapi.json", func(c echo.Context) error {
		spec, err := r.api.OpenAPI().MarshalJSON()
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, "application/openapi+json", spec)
	})
	page := template.Must(template.New("docs").Parse(docsPage))
	r.echo.GET(base+"/docs", func(c echo.Context) error {
		c.Response().Header().Set("Content-Type", "text/html; charset=utf-8")
		c.Response().Header().Set("Content-Security-Policy", onlyCSS)
		return page.Execute(c.Response(), struct {
			Title, About string
			Parts        []docsPart
		}{"Casestream API", r.api.OpenAPI().Info.Description, r.docs()})
	})
	r.echo.GET(base+"/docs.css", func(c echo.Context) error { return c.Blob(http.StatusOK, "text/css; charset=utf-8", docsStyle) })
}

type docsPart struct {
	Name   string
	Routes []docsRoute
}

type docsRoute struct {
	Method, Path, Summary string
	Params, Fields        []docsField
}

type docsField struct {
	Name, Type, Doc string
	Required        bool
}

// docs lists the routes by what they are about.
func (r *router) docs() (parts []docsPart) {
	byPart := make(map[string][]docsRoute)
	for path, item := range r.api.OpenAPI().Paths {
		for method, operation := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "DELETE": item.Delete} {
			if operation != nil {
				byPart[operation.Tags[0]] = append(byPart[operation.Tags[0]], r.docsRoute(method, path, operation))
			}
		}
	}
	for name, routes := range byPart {
		slices.SortFunc(routes, func(a, b docsRoute) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
		parts = append(parts, docsPart{name, routes})
	}
	sort.Slice(parts, func(i, j int) bool { return parts[i].Name < parts[j].Name })
	return parts
}

func (r *router) docsRoute(method, path string, operation *huma.Operation) docsRoute {
	route := docsRoute{Method: method, Path: path, Summary: operation.Summary}
	for _, param := range operation.Parameters {
		route.Params = append(route.Params, docsField{Name: param.Name + " (" + param.In + ")", Type: r.typed(param.Schema), Doc: param.Description, Required: param.Required})
	}
	if operation.RequestBody == nil {
		return route
	}
	schema := r.resolved(operation.RequestBody.Content["application/json"].Schema)
	names := make([]string, 0, len(schema.Properties))
	for name := range schema.Properties {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		property := schema.Properties[name]
		route.Fields = append(route.Fields, docsField{Name: name, Type: r.typed(property), Doc: property.Description, Required: slices.Contains(schema.Required, name)})
	}
	return route
}

func (r *router) resolved(s *huma.Schema) *huma.Schema {
	if s.Ref != "" {
		return r.api.OpenAPI().Components.Schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// typed says what a value looks like, in a word or two.
func (r *router) typed(s *huma.Schema) string {
	s = r.resolved(s)
	switch {
	case len(s.Enum) > 0:
		var all []string
		for _, value := range s.Enum {
			if word, ok := value.(string); ok {
				all = append(all, word)
			}
		}
		return strings.Join(all, " · ")
	case s.Type == huma.TypeArray && s.Items != nil:
		return "list of " + r.typed(s.Items)
	case s.Format != "":
		return s.Format
	}
	return s.Type
}
