package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rest"
	"golang.org/x/sync/errgroup"
)

type serve struct{ door }

// door is where requests come in.
type door struct {
	Listen string `help:"The address to listen on." default:"127.0.0.1:8080" env:"CASESTREAM_LISTEN"`
}

// Run serves until it is told to stop; then it takes no more requests, ends those under way, and closes.
func (s serve) Run(c *call) (err error) {
	slog.SetDefault(slog.New(slog.NewTextHandler(c.masked(c.err), nil)))
	a, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	listener, err := new(net.ListenConfig).Listen(c.ctx, "tcp", s.Listen)
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	address := "http://" + listener.Addr().String()
	control, err := a.Announce(address)
	if err != nil {
		return err
	}
	defer a.Withdraw()
	work, ctx := errgroup.WithContext(c.ctx)
	server := &http.Server{
		Handler:           rest.Handler(ctx, a, control),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}
	projecting, stopProjecting := context.WithCancel(context.WithoutCancel(ctx))
	work.Go(func() error { return a.Projector.Run(projecting) })
	work.Go(func() error { return a.Readers.Run(projecting) })
	work.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	work.Go(func() error {
		<-ctx.Done()
		defer stopProjecting() // last, because requests under way may wait for the views
		end, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer stop()
		if err := server.Shutdown(end); err != nil {
			return errors.Join(err, server.Close())
		}
		return nil
	})
	welcome(c, a, address)
	return work.Wait()
}

// welcome says where it is and how to begin.
func welcome(c *call, a *app.App, address string) {
	fmt.Fprintf(c.out, "Casestream %s is at %s — API: %s/api/v1/docs\n", c.version, address, address)
	demo, _, err := a.Dir.Demo()
	if err != nil || !demo {
		fmt.Fprintf(c.out, "Sign in with a token: casestream token administrator --data %s\n", c.dir)
		return
	}
	fmt.Fprintf(c.out, "This is the pilot year 2012 of Wuhan; today is %s. Everyone in it is invented.\n", a.Now().Format(time.DateOnly))
	fmt.Fprintf(c.out, "Sign in: eval \"$(casestream token demo --data %s)\" sets WORKER, SUPERVISOR, EVALUATOR, ADMINISTRATOR and PRIVACY_OFFICER\n", c.dir)
	fmt.Fprintf(c.out, "Then:    curl -H \"Authorization: Bearer $SUPERVISOR\" %s/api/v1/caseload\n", address)
}
