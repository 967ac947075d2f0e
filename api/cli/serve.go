package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/casestream/casestream/api/admin"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/forget"
	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/projections"
	"golang.org/x/sync/errgroup"
)

type serve struct{ door }

// Run serves until it is told to stop; then it takes no more requests, ends those under way, and closes.
func (s serve) Run(c *call) (err error) {
	slog.SetDefault(slog.New(slog.NewTextHandler(c.masked(c.err), nil)))
	a, err := c.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	options, err := s.options()
	if err != nil {
		return err
	}
	certificate, err := s.certificate()
	if err != nil {
		return err
	}
	listener, err := listen(c.ctx, s.Listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	address, secure := "http://"+listener.Addr().String(), (*tls.Config)(nil)
	if certificate != nil {
		address, secure = "https://"+listener.Addr().String(), certificate.config()
	}
	work, ctx := errgroup.WithContext(c.ctx)
	servers := servers{work: work}
	if s.Admin != "" {
		apart, err := listen(c.ctx, s.Admin)
		if err != nil {
			return err
		}
		watching := admin.New(a)
		options = append(options, rest.Watched(watching.Observe))
		servers.add(guarded(watching.Handler()), nil, apart)
		fmt.Fprintf(c.out, "Metrics and profiles: http://%s/metrics, /debug/pprof/\n", apart.Addr())
	}
	control, err := a.Announce(address, s.TLSCert)
	if err != nil {
		return errors.Join(err, servers.end(c.ctx))
	}
	defer a.Withdraw()
	servers.add(rest.Handler(ctx, a, control, options...), secure, listener)
	projecting, stopProjecting := context.WithCancel(context.WithoutCancel(ctx))
	for _, views := range []*projections.Projector{a.Projector, a.Readers} {
		work.Go(func() error {
			if err := views.Run(projecting); projecting.Err() == nil {
				return err
			}
			return nil // it was told to stop, if only while it began
		})
	}
	work.Go(func() error { return forget.Run(ctx, a) })
	work.Go(func() error {
		<-ctx.Done()
		defer stopProjecting() // last, because requests under way may wait for the views
		return servers.end(context.WithoutCancel(ctx))
	})
	for _, f := range s.findings(time.Now()) {
		if f.Do != "" {
			slog.Warn(f.What, "do", f.Do)
		}
	}
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
