package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"sync/atomic"
	"time"

	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services/cases"
	"github.com/google/uuid"
	"github.com/labstack/echo/v4"
)

// bareEcho is the bound: one route without middleware that decodes the body of a note with encoding/json and answers
// with the receipt that a note has, under the headers that it has. It asks for no token, looks into no header, checks
// nothing and keeps nothing.
func bareEcho() http.Handler {
	type note struct {
		HappenedAt time.Time `json:"happened_at"`
		cases.RecordNote
	}
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	var position atomic.Uint64
	position.Store(20_000)
	e.POST("/api/v1/cases/:id/notes", func(c echo.Context) error {
		var n note
		if err := json.NewDecoder(c.Request().Body).Decode(&n); err != nil {
			return err
		}
		h := c.Response().Header()
		h.Set("Etag", `"10"`)
		rest.Guard(h)
		return c.JSON(http.StatusCreated, rest.Receipt{Stream: "case-" + c.Param("id"), Version: 10, Position: events.Position(position.Add(1))})
	})
	return e
}

// sameAnswer proves that both understand a note and answer with the same fields under the same headers.
func sameAnswer(ctx context.Context, whole, bare *site, id uuid.UUID, token string) error {
	var said [2]map[string]any
	var under [2][]string
	for n, s := range []*site{whole, bare} {
		asked := request{http.MethodPost, "/api/v1/cases/" + id.String() + "/notes", token, newID().String(), noteBody(words(0))}
		body, header, err := s.answer(ctx, asked, http.StatusCreated)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(body, &said[n]); err != nil {
			return err
		}
		delete(said[n], "version")
		delete(said[n], "position")
		under[n] = slices.Sorted(maps.Keys(header))
	}
	if !reflect.DeepEqual(said[0], said[1]) || !slices.Equal(under[0], under[1]) {
		return fmt.Errorf("the bound is no bound: it answers %v under %v, not %v under %v", said[1], under[1], said[0], under[0])
	}
	return nil
}
