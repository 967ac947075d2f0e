package rest

import (
	"net/http"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// A forgetting is decided on all the cases there are: what is recorded in a client's cases waits until it has begun, and
// is then answered as one finds it.
func TestNothingIsRecordedInACaseWhileItIsDecidedWhetherToForget(t *testing.T) {
	for path, status := range map[string]int{
		"/cases/{id}/intake": http.StatusConflict, // the client is not known, as someone who never was
		"/cases/{id}/notes":  http.StatusNotFound, "/cases/{id}/reopening": http.StatusNotFound,
	} {
		o := openOffice(t)
		s := o.story(o.a1)
		a := s.attempt(path)
		client := uuid.MustParse(s.id("clients"))
		decided := o.app.Quiet.Alone(client)
		answered := make(chan heard, 1)
		go func() { answered <- a.send() }()
		select {
		case h := <-answered:
			t.Fatalf("POST %s: meanwhile it is answered with %d %s", path, h.status, h.bytes)
		case <-time.After(100 * time.Millisecond):
		}
		record(o, o.app.Clients, "client-"+client.String(), events.ForgettingBegun{Request: uuid.Must(uuid.NewV7())})
		decided()
		if h := <-answered; h.status != status {
			t.Errorf("POST %s: when it has begun it is answered with %d %s", path, h.status, h.bytes)
		}
	}
}
