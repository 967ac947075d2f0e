package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/events"
	"golang.org/x/sync/errgroup"
)

type serve struct {
	door
	OIDC provider `embed:"" prefix:"oidc-"`
}

// provider is who may vouch for people.
type provider struct {
	Issuer string `help:"A provider that vouches for people (OpenID Connect): its URL." env:"CASESTREAM_OIDC_ISSUER" placeholder:"URL"`
	Client string `help:"What it knows Casestream as." env:"CASESTREAM_OIDC_CLIENT" placeholder:"ID"`
	Secret string `help:"What only the two know. It belongs in the environment, where nobody lists it." env:"CASESTREAM_OIDC_SECRET" placeholder:"SECRET"`
}

// door is where requests come in.
type door struct {
	Origin string `help:"Where people reach this, https://HOST: passkeys are bound to it. Default: http://localhost at the port." env:"CASESTREAM_ORIGIN" placeholder:"URL"`
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
	reached := s.reached(listener.Addr())
	if err := a.Accounts.ReachedAt(reached); err != nil {
		return err
	}
	if s.OIDC.Issuer != "" {
		a.Accounts.TrustProvider(&account.Provider{
			Issuer: s.OIDC.Issuer, ClientID: s.OIDC.Client, ClientSecret: s.OIDC.Secret, Redirect: reached + rest.ProviderBack, Now: a.World,
		})
	}
	link, err := first(c, a, reached)
	if err != nil {
		return err
	}
	work, ctx := errgroup.WithContext(c.ctx)
	server := &http.Server{
		Handler:           rest.Handler(ctx, a, control),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}
	projecting, stopProjecting := context.WithCancel(context.WithoutCancel(ctx))
	work.Go(func() error { return a.Projector.Run(projecting) })
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
	fmt.Fprint(c.out, link)
	return work.Wait()
}

// reached is where people reach this, for what is bound to that.
func (d door) reached(at net.Addr) string {
	if d.Origin != "" {
		return strings.TrimSuffix(d.Origin, "/")
	}
	_, port, _ := net.SplitHostPort(at.String()) // it was listened to
	return "http://localhost:" + port
}

// welcome says where it is and how to begin.
func welcome(c *call, a *app.App, address string) {
	fmt.Fprintf(c.out, "Casestream %s is at %s — API: %s/api/v1/docs\n", c.version, address, address)
	demo, _, err := a.Dir.Demo()
	if err != nil || !demo {
		return
	}
	fmt.Fprintf(c.out, "This is the pilot year 2012 of Wuhan; today is %s. Everyone in it is invented.\n", a.Now().Format(time.DateOnly))
	fmt.Fprintf(c.out, "Sign in: eval \"$(casestream token demo --data %s)\" sets WORKER, SUPERVISOR, EVALUATOR and ADMINISTRATOR\n", c.dir)
	fmt.Fprintf(c.out, "Then:    curl -H \"Authorization: Bearer $SUPERVISOR\" %s/api/v1/caseload\n", address)
}

// first is the link of the first administrator, until there is one who can sign in. A demo has tokens instead, and
// nobody in it needs more.
func first(c *call, a *app.App, reached string) (string, error) {
	if demo, _, err := a.Dir.Demo(); err != nil || demo {
		return "", err
	}
	link, ok, err := a.Accounts.First(c.ctx, a.World())
	if err != nil || !ok {
		return "", err
	}
	return fmt.Sprintf("There is no administrator yet. This link makes one; it is good once, until %s, and shown only here:\n  %s%s#%s\n",
		link.Expires.In(events.Zone).Format(time.DateTime), reached, rest.InvitationPath, link.Token), nil
}
