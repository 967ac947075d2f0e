package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/casestream/casestream/api/account"
	"github.com/casestream/casestream/api/admin"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/forget"
	"github.com/casestream/casestream/api/rest"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
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
	reached := s.reached(listener.Addr(), certificate != nil)
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
	for _, views := range append(projections.Several{a.Readers}, a.Projector...) {
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
	fmt.Fprint(c.out, link)
	return work.Wait()
}

// reached is where people reach this, for what is bound to that.
func (d door) reached(at net.Addr, tls bool) string {
	if d.Origin != "" {
		return strings.TrimSuffix(d.Origin, "/")
	}
	scheme := "http"
	if tls {
		scheme = "https"
	}
	_, port, _ := net.SplitHostPort(at.String()) // it was listened to
	return scheme + "://localhost:" + port
}

// welcome says where it is and how to begin.
func welcome(c *call, a *app.App, address string) {
	fmt.Fprintf(c.out, "Casestream %s is at %s — API: %s/api/v1/docs\n", c.version, address, address)
	demo, _, err := a.Dir.Demo()
	if err != nil || !demo {
		return
	}
	fmt.Fprintf(c.out, "This is the pilot year 2012 of Wuhan; today is %s. Everyone in it is invented.\n", a.Now().Format(time.DateOnly))
	fmt.Fprintf(c.out, "Sign in: eval \"$(casestream token demo --data %s)\" sets WORKER, SUPERVISOR, EVALUATOR, ADMINISTRATOR and PRIVACY_OFFICER\n", c.dir)
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
