package rest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/casestream/casestream/api/pace"
	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// Limits are how often anyone may ask: an account, whatever tokens it has, and an address, however many are behind it; and
// how often an account may search for people. Zero is no limit.
type Limits struct{ Account, Address, Search pace.Rate }

// Searching is how often a worker needs to search: a bus full of children at once, and then one a minute. Whoever walks
// through a telephone book asks far more often.
var Searching = pace.Rate{PerSecond: 1. / 60, AtOnce: 20}

// Limited keeps limits.
func Limited(l Limits) Option {
	return func(r *router) {
		r.accounts, r.addresses = pace.New[string](l.Account), pace.New[netip.Prefix](l.Address)
		r.searches = pace.New[string](l.Search)
	}
}

// Behind believes these proxies, and nobody else, when they say for whom they ask (X-Forwarded-For) and whether that was
// over TLS (X-Forwarded-Proto).
func Behind(proxies []netip.Prefix) Option {
	return func(r *router) {
		if len(proxies) == 0 {
			return
		}
		trusted := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
		for _, p := range proxies {
			trusted = append(trusted, echo.TrustIPRange(&net.IPNet{IP: p.Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
		}
		r.echo.IPExtractor, r.echo.SchemeExtractor = echo.ExtractIPFromXFFHeader(trusted...), echo.ExtractSchemeFromHeaders(trusted...)
	}
}

// Proxies reads a list of addresses and networks: 10.0.0.1, 192.0.2.0/24, fd00::/8.
func Proxies(list string) (all []netip.Prefix, err error) {
	for _, one := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		network, err := netip.ParsePrefix(one)
		if address, alone := netip.ParseAddr(one); err != nil && alone == nil {
			network, err = netip.PrefixFrom(address, address.BitLen()), nil
		}
		if err != nil || network.Bits() == 0 {
			return nil, fmt.Errorf("a proxy is an address or a network, like 10.0.0.1 or 192.0.2.0/24, and not all there are")
		}
		all = append(all, network.Masked())
	}
	return all, nil
}

// limitAddress makes an address wait that asks too often, before anything is looked at.
func (r *router) limitAddress(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r.addresses != nil {
			if wait := r.addresses.Wait(household(c.RealIP()), r.app.Now()); wait > 0 {
				return tooOften(c, wait)
			}
		}
		return next(c)
	}
}

// limitAccount makes an account wait that asks too often, with all its tokens together.
func (r *router) limitAccount(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if r.accounts != nil {
			if wait := r.accounts.Wait(identity(c.Request().Context()).Actor(), r.app.Now()); wait > 0 {
				return tooOften(c, wait)
			}
		}
		return next(c)
	}
}

// household is what one subscriber of a network has: an address of IPv4, 64 bits of IPv6. What is none is one together.
func household(address string) netip.Prefix {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return netip.Prefix{}
	}
	bits := 32
	if a = a.Unmap().WithZone(""); a.Is6() {
		bits = 64
	}
	network, _ := a.Prefix(bits)
	return network
}

func tooOften(c echo.Context, wait time.Duration) error {
	c.Response().Header().Set("Retry-After", seconds(wait))
	return problem(codeTooOften)
}

// limitSearch makes an account wait that searches for people too often.
func (r *router) limitSearch(ctx context.Context) error {
	if wait := r.searches.Wait(identity(ctx).Actor(), r.app.Now()); wait > 0 {
		return huma.ErrorWithHeaders(problem(codeTooOften), http.Header{"Retry-After": {seconds(wait)}})
	}
	return nil
}

// seconds are whole ones, and enough.
func seconds(wait time.Duration) string {
	return strconv.Itoa(int((wait + time.Second - 1) / time.Second))
}
