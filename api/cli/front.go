package cli

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/pace"
	"github.com/casestream/casestream/api/rest"
)

// door is where requests come in, and how.
type door struct {
	Listen  string `help:"The address to listen on." default:"127.0.0.1:8080" env:"CASESTREAM_LISTEN"`
	Origin  string `help:"Where people reach this, https://HOST: cookies, links and passkeys are made for it. Default: localhost at the port." env:"CASESTREAM_ORIGIN" placeholder:"URL"`
	TLSCert string `name:"tls-cert" help:"Serve over TLS with this certificate (PEM, the chain in it); it is read again when the file changes." env:"CASESTREAM_TLS_CERT" type:"path" placeholder:"FILE"`
	TLSKey  string `name:"tls-key" help:"The key of the certificate." env:"CASESTREAM_TLS_KEY" type:"path" placeholder:"FILE"`

	TrustedProxies string  `help:"Proxies to believe when they say for whom they ask: addresses and networks. They have to pass the Host on." env:"CASESTREAM_TRUSTED_PROXIES" placeholder:"ADDRESS,…"`
	AccountRate    float64 `help:"Requests a second that one account may make, ten seconds' worth at once; 0: no limit." default:"20" env:"CASESTREAM_ACCOUNT_RATE"`
	AddressRate    float64 `help:"The same for one address, which a whole ward may share." default:"200" env:"CASESTREAM_ADDRESS_RATE"`
	Admin          string  `help:"Show metrics and profiles on this address, 127.0.0.1:PORT. They ask for no token." env:"CASESTREAM_ADMIN" placeholder:"ADDRESS"`
}

// burst is for how many seconds' worth someone may ask at once: a phone that was away has many notes to send.
const burst = 10

// options are what the door's settings come to.
func (d door) options() ([]rest.Option, error) {
	proxies, err := rest.Proxies(d.TrustedProxies)
	if err != nil {
		return nil, fmt.Errorf("the setting trusted-proxies: %w", err)
	}
	rate := func(perSecond float64) pace.Rate {
		return pace.Rate{PerSecond: perSecond, AtOnce: max(1, int(burst*perSecond))}
	}
	return []rest.Option{
		rest.Behind(proxies),
		rest.Limited(rest.Limits{Account: rate(d.AccountRate), Address: rate(d.AddressRate), Search: rest.Searching}),
	}, nil
}

// certificate is the one to serve under; nil without TLS.
func (d door) certificate() (*certificate, error) {
	if d.TLSCert == "" && d.TLSKey == "" {
		return nil, nil
	}
	return openCertificate(d.TLSCert, d.TLSKey)
}

// findings tell what is wrong with the door.
func (d door) findings(now time.Time) (all []app.Finding) {
	bad := func(err error, do string) { all = append(all, app.Finding{What: err.Error(), Do: do}) }
	if _, err := d.options(); err != nil {
		bad(err, "name addresses and networks, with commas between")
	}
	switch c, err := d.certificate(); {
	case err != nil:
		bad(err, "tls-cert and tls-key name two PEM files that belong together")
	case c == nil && d.TrustedProxies == "" && !onlyHere(d.Listen):
		all = append(all, app.Finding{
			What: "requests come in over the network without TLS: others on it can read them", Good: true,
			Do: "set tls-cert and tls-key, or listen on 127.0.0.1 behind a proxy that does TLS",
		})
	case c != nil:
		until := c.pair.Leaf.NotAfter
		switch left := until.Sub(now); {
		case left < 0:
			bad(fmt.Errorf("the certificate was good until %s", until.Format(time.DateOnly)), "put a new one in its place; serve reads it by itself")
		case left < 14*24*time.Hour:
			all = append(all, app.Finding{What: fmt.Sprintf("the certificate is good until %s", until.Format(time.DateOnly)), Good: true, Do: "renew it"})
		default:
			all = append(all, app.Finding{What: fmt.Sprintf("requests come in over TLS, and the certificate is good until %s", until.Format(time.DateOnly)), Good: true})
		}
		if info, err := os.Stat(d.TLSKey); err == nil && info.Mode().Perm()&0o007 != 0 {
			bad(fmt.Errorf("everybody on this machine may read the key of the certificate (%s)", info.Mode().Perm()), "chmod 600 it")
		}
	}
	if d.Admin != "" && !onlyHere(d.Admin) {
		all = append(all, app.Finding{What: "metrics and profiles can be seen from other machines, without a token", Good: true, Do: "let only the network of whoever watches reach it, or name 127.0.0.1"})
	}
	return all
}

// onlyHere tells whether only this machine reaches an address.
func onlyHere(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
