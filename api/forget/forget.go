// Package forget carries out what was asked, checked and approved: it makes that a person's words can be read by nobody.
//
// It goes in steps, each of which can be done again: say in the log that it begins, destroy the keys, let go of what is in
// memory, wait until the views and the index of the search have dropped what they had, empty their journals, look that
// nothing is left, and say in the log that it is done, with the certificate. The log itself is the record of how far it is: after a kill at any step, Resume
// goes on. The log's own rows stay as they were written, so that its chains stay whole: what they hold is a box without a
// key.
package forget

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/casefile"
	"github.com/casestream/casestream/projections/keeping"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/casestream/casestream/projections/search"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

// Actor is how the log names who begins and completes it: nobody in person.
const Actor = "system:forgetting"

// look is how often Run looks for a cooling-off that has ended.
const look = time.Minute

// Run carries out what is due, now and whenever something becomes due, until ctx ends. The views must be kept up beside it.
func Run(ctx context.Context, a *app.App) error {
	said := make(waiting)
	for {
		if _, err := said.resume(ctx, a); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "forgetting: trying again", "why", err.Error())
		}
		select {
		case <-a.Approved:
		case <-time.After(look):
		case <-ctx.Done():
			return nil
		}
	}
}

// Resume carries out everything that is due, and goes on with what was interrupted. It answers how many people were
// forgotten. What stands in the way of one does not keep it from the others.
func Resume(ctx context.Context, a *app.App) (done int, err error) {
	return make(waiting).resume(ctx, a)
}

// waiting are the requests that have to wait, and for what, as it was logged: once, not every minute for as long as it stands.
type waiting map[uuid.UUID]string

func (w waiting) resume(ctx context.Context, a *app.App) (done int, err error) {
	head, err := a.Log.Head(ctx)
	if err != nil {
		return 0, err
	}
	if err := a.Projector.Wait(ctx, head, keeping.Projection{}.Name()); err != nil {
		return 0, fmt.Errorf("looking for whom to forget: %w", err)
	}
	due, err := keeping.Clients(ctx, a.Views, events.ForgettingApproved{}, events.ForgettingBegun{})
	if err != nil {
		return 0, err
	}
	for _, client := range due {
		is, failed := w.person(ctx, a, client)
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("forgetting client %s: %w", client, failed))
		}
		if is {
			done++
		}
	}
	return done, err
}

// step is where a test may end the process.
var step = func(string) {}

// person forgets one person, from wherever it is; done is false while there is something to wait for.
func (w waiting) person(ctx context.Context, a *app.App, client uuid.UUID) (done bool, err error) {
	stream := events.Stream("client", client)
	known, err := state(ctx, a, stream)
	if err != nil || known.Done != nil || known.Request == nil {
		return false, err
	}
	if known.Begun == nil {
		if begun, err := w.begin(ctx, a, client, known.Request); err != nil || !begun {
			return false, err
		}
		if known, err = state(ctx, a, stream); err != nil {
			return false, err
		}
	}
	step("begun")
	if err := a.Keyring.Destroy(ctx, stream, known.Begun.At); err != nil {
		return false, err
	}
	step("keys destroyed")
	if err := purgeAll(ctx, a, client, known.Request.ID); err != nil {
		return false, err
	}
	step("views purged")
	if err := purgeIndex(ctx, a); err != nil {
		return false, err
	}
	step("index purged")
	found, err := unreadable(ctx, a, client, known)
	if err != nil {
		return false, err
	}
	step("looked")
	if _, err = a.Clients.Do(ctx, stream, meta(a, known.Request.ID, "complete"), clients.CompleteForgetting{Found: found}); err != nil {
		return false, err
	}
	step("done")
	slog.InfoContext(ctx, "a client was forgotten", "client", client, "values", found.Values, "streams", found.Streams)
	return true, nil
}

func state(ctx context.Context, a *app.App, stream string) (known clients.Client, err error) {
	err = a.Clients.Look(ctx, stream, func(c clients.Client, _ int) { known = c })
	return known, err
}

// begin says that it begins, if the cooling-off is over and nothing has come into the way since.
func (w waiting) begin(ctx context.Context, a *app.App, client uuid.UUID, request *clients.Request) (begun bool, err error) {
	if request.Approved == nil || a.Now().Before(request.Begins) {
		return false, nil
	}
	defer a.Quiet.Alone(client)()
	cases, err := a.CasesOf(ctx, client)
	if err != nil {
		return false, err
	}
	step("cases known")
	cmd := clients.BeginForgetting{Request: request.ID}
	cmd.Keep(cases, a.Retention)
	_, err = a.Clients.Do(ctx, events.Stream("client", client), meta(a, request.ID, "begin"), cmd)
	var refusal *services.Refusal
	if errors.As(err, &refusal) {
		if w[request.ID] != refusal.Code {
			w[request.ID] = refusal.Code
			slog.WarnContext(ctx, "a forgetting that was approved has to wait", "client", client, "request", request.ID, "why", refusal.Code)
		}
		return false, nil
	}
	return err == nil, err
}

// meta is that of a command of the process itself: the same id for every retry.
func meta(a *app.App, request uuid.UUID, what string) events.Meta {
	now := a.Now()
	return events.Meta{CommandID: uuid.NewSHA1(request, []byte(what)), Actor: Actor, Correlation: request, OccurredAt: now, RecordedAt: now}
}

// patience is how long one waits for the views to arrive, and again for who reads them to be done. Writing them anew
// has the time that it takes: large views would never be finished otherwise.
const patience = time.Minute

// purge returns when the views have dropped the words, and nothing of them is in memory or in a journal.
func purge(ctx context.Context, a *app.App, client uuid.UUID) error {
	head, err := a.Log.Head(ctx)
	if err != nil {
		return err
	}
	waiting, stop := context.WithTimeout(ctx, patience)
	defer stop()
	if err := a.Projector.Wait(waiting, head); err != nil {
		return fmt.Errorf("waiting until the views have dropped the words: %w", err)
	}
	streams, err := streamsOf(ctx, a, client)
	if err != nil {
		return err
	}
	a.Clients.Drop(streams...)
	a.Cases.Drop(streams...)
	a.FaceSheets.Drop(streams...)
	a.Groups.Drop(streams...)
	a.Keyring.Drop(events.Stream("client", client))
	a.Views.DropKept()
	tables, err := projections.PersonalTables(ctx, a.Views, app.Views...)
	if err != nil {
		return err
	}
	return a.Views.Erased(ctx, patience, tables...)
}

// streamsOf are the streams that may have words of a client.
func streamsOf(ctx context.Context, a *app.App, client uuid.UUID) (streams []string, err error) {
	err = a.Views.View(ctx, casefile.Projection{}.Name(), func(tx *readdb.Tx) (err error) {
		streams, err = casefile.StreamsOf(tx, client)
		return err
	})
	return streams, err
}

// rounds is how often the views are told. The second finds what was sealed between the first fact and the end of the key
// in this process; the third, what another process sealed until it heard of it.
const rounds = 3

// purgeIndex leaves nothing in the files of the index either; its rows are gone.
func purgeIndex(ctx context.Context, a *app.App) error {
	tables, err := search.Tables(ctx, a.Index)
	if err != nil {
		return err
	}
	return a.Index.Erased(ctx, patience, tables...)
}

// purgeAll purges until neither a view nor the index has anything left.
func purgeAll(ctx context.Context, a *app.App, client, request uuid.UUID) error {
	stream := events.Stream("client", client)
	for round := 1; ; round++ {
		if err := purge(ctx, a, client); err != nil {
			return err
		}
		read, beside, err := projections.Left(ctx, a.Views, stream, app.Views...)
		if err != nil {
			return err
		}
		signs, signsBeside, err := search.Left(ctx, a.Index, client)
		if err != nil {
			return err
		}
		read, beside = read+signs, beside+signsBeside
		switch {
		case read+beside == 0:
			return nil
		case read == 0: // views that are folded anew come to the fact that there is: telling them again hastens nothing
			return fmt.Errorf("%w: in %d rows of views that nobody reads yet", ErrLeft, beside)
		case round == rounds:
			return fmt.Errorf("%w: in %d rows", ErrLeft, read+beside)
		}
		meta := meta(a, request, "again")
		meta.CommandID = uuid.Must(uuid.NewV7()) // no retry of another
		if _, err := a.Clients.Do(ctx, stream, meta, clients.BeginForgetting{Request: request, Again: true}); err != nil {
			return err
		}
	}
}

// ErrLeft: a view has words of the person still, or the index a sign.
var ErrLeft = errors.New("something of the person is left in the views or in the index of the search")

// Alone is Resume where nobody keeps the views up beside it: it does so itself.
func Alone(ctx context.Context, a *app.App) (done int, err error) {
	ctx, stop := context.WithCancel(ctx)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error { return a.Projector.Run(ctx) })
	work.Go(func() (err error) {
		defer stop()
		done, err = Resume(ctx, a)
		return err
	})
	return done, work.Wait()
}
