package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/programme"
	"github.com/google/uuid"
)

// office is a small programme at work: one project with a site, workers with a token each, and cases. It is opened as
// `serve` opens it, with the views following.
type office struct {
	*app.App
	workers []worker
	pause   func() error // ends the views' following
}

type worker struct {
	id    uuid.UUID
	token string
}

const (
	project = "bring-home"
	place   = "station"
)

func openOffice(ctx context.Context, dir string, workers int) (*office, error) {
	a, err := app.Open(ctx, app.Dir(dir))
	if err != nil {
		return nil, err
	}
	o := &office{App: a}
	o.follow(ctx)
	if err := o.furnish(ctx, workers); err != nil {
		return nil, errors.Join(err, o.stop())
	}
	return o, nil
}

// follow lets the views follow the log, until o.pause is called.
func (o *office) follow(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	ended := make(chan error, 2)
	go func() { ended <- o.Projector.Run(ctx) }()
	go func() { ended <- o.Readers.Run(ctx) }()
	o.pause = func() error { end(); return errors.Join(<-ended, <-ended) }
}

// restart closes all and opens it again: what the desks remember of their commands is gone, as on the next morning.
func (o *office) restart(ctx context.Context) error {
	dir := o.Dir
	if err := o.stop(); err != nil {
		return err
	}
	o.pause = func() error { return nil } // until it follows again
	a, err := app.Open(ctx, dir)
	if err != nil {
		return err
	}
	o.App = a
	o.follow(ctx)
	return nil
}

func (o *office) stop() error { return errors.Join(o.pause(), o.Close()) }

func (o *office) furnish(ctx context.Context, workers int) error {
	commands := []services.Command[programme.Programme]{
		programme.NameCommissioner{Commissioner: "civil-affairs", Names: programme.Names{Zh: "市民政局"}},
		programme.FoundAgency{Agency: "chuxin", Names: programme.Names{Zh: "楚馨社会工作服务中心"}},
		programme.LaunchProject{Project: project, Names: programme.Names{Zh: "接送流浪孩子回家"}, Commissioner: "civil-affairs", Agency: "chuxin", Category: "street_child"},
		programme.AddSite{Project: project, Site: place, Names: programme.Names{Zh: "市救助管理站"}},
	}
	for n := range workers {
		post := fmt.Sprintf("post-%d", n+1)
		who := worker{id: newID()}
		commands = append(commands,
			programme.EstablishPost{
				Post: post, Kind: "dispatched", Employer: "chuxin", Project: project, Site: place,
				Duties: "个案服务", Goals: "安全返家", Standards: "按月考核", Badge: post,
			},
			programme.RegisterWorker{Worker: who.id, Name: "社工", Post: post})
		var err error
		who.token, err = o.Tokens.Give(ctx, session.Identity{Role: session.Worker, Worker: who.id}, o.Now().Add(24*time.Hour))
		if err != nil {
			return err
		}
		o.workers = append(o.workers, who)
	}
	for _, c := range commands {
		if err := decide(ctx, o.Programme, events.ProgrammeStream, "administrator", o.Now(), c); err != nil {
			return err
		}
	}
	return nil
}

// decide has a command decided at its desk, as of something that happened at a time and is recorded now.
func decide[S services.State[S]](ctx context.Context, desk *services.Desk[S], stream, actor string, at time.Time, cmd services.Command[S]) error {
	meta := events.Meta{CommandID: newID(), Actor: actor, OccurredAt: at, RecordedAt: time.Now()}
	if _, err := desk.Do(ctx, stream, meta, cmd); err != nil {
		return fmt.Errorf("%T in %s: %w", cmd, stream, err)
	}
	return nil
}

// settle waits until the views have arrived at what was recorded, so that they are no load on what is measured next.
func (o *office) settle(ctx context.Context) error {
	head, err := o.Log.Head(ctx)
	if err != nil {
		return err
	}
	return o.Projector.Wait(ctx, head)
}

// atOnce does n things, as many at once as there are connections.
func atOnce(n int, do func(i int) error) error {
	var all sync.WaitGroup
	var mu sync.Mutex
	var failed error
	next := 0
	for range min(n, connections) {
		all.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				done := i >= n || failed != nil
				mu.Unlock()
				if done {
					return
				}
				if err := do(i); err != nil {
					mu.Lock()
					failed = errors.Join(failed, err)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	return failed
}

func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

func oneOf[T any](all []T) T { return all[rand.IntN(len(all))] }
