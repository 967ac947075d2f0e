package app

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services/clients"
)

type card struct {
	Name sealed.Text `json:"name,omitzero"`
	Note sealed.Text `json:"note"`
	Day  string      `json:"day"`
}

// cardOf is a card with the name of a client, as it is sealed.
func cardOf(t *testing.T, a *App, stream string) (c card) {
	t.Helper()
	c.Day = "2012-05-18"
	if err := a.Clients.Look(t.Context(), stream, func(client clients.Client, _ int) { c.Name = client.Details.Name }); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnAnswerIsOpenedForItsReader(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	one, _ := registers(t, a, "小龙𠮷", may(18, 9))
	other, _ := registers(t, a, "小虎", may(18, 9))
	for _, streams := range [][]string{{one}, {other, one}} {
		var b bytes.Buffer
		if err := a.Write(t.Context(), &b, cardOf(t, a, one), new(access.Opened), streams...); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(b.String()); got != `{"name":"小龙𠮷","note":null,"day":"2012-05-18"}` {
			t.Errorf("it is written as %s", got)
		}
	}
}

// What was sealed in another stream is not opened, and not shown as it is.
func TestWhatWasSealedElsewhereIsNotOpened(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	one, _ := registers(t, a, "小龙", may(18, 9))
	other, _ := registers(t, a, "小虎", may(18, 9))
	for _, streams := range [][]string{nil, {other}} {
		var b bytes.Buffer
		err := a.Write(t.Context(), &b, cardOf(t, a, one), new(access.Opened), streams...)
		if err == nil || strings.Contains(b.String(), "小龙") {
			t.Errorf("it is written as %s, %v", b.String(), err)
		}
		if err != nil && strings.Contains(err.Error(), "小龙") {
			t.Errorf("the error says it: %v", err)
		}
	}
}

func TestTheWordsOfSomeoneForgottenAreNull(t *testing.T) {
	a := housed(t, Dir(t.TempDir()))
	one, _ := registers(t, a, "小龙", may(18, 9))
	c := cardOf(t, a, one)
	forgets, ok := a.Keys.(interface {
		Destroy(ctx context.Context, owner string, at time.Time) error
	})
	if !ok {
		t.Fatal("nobody can be forgotten")
	}
	if err := forgets.Destroy(t.Context(), one, time.Now()); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := a.Write(t.Context(), &b, c, new(access.Opened), one); err != nil || strings.TrimSpace(b.String()) != `{"name":null,"note":null,"day":"2012-05-18"}` {
		t.Errorf("it is written as %s, %v", b.String(), err)
	}
	if err := a.Write(t.Context(), failing{}, c, new(access.Opened), one); err == nil {
		t.Error("a reader who is gone is written to")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("gone") }
