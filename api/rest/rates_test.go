package rest

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/casestream/casestream/api/pace"
	"github.com/casestream/casestream/api/session"
)

// limited is an office whose door keeps limits, in a moment that does not pass.
func limited(t *testing.T, options ...Option) *office {
	t.Helper()
	o := openOffice(t)
	now := o.clock.now()
	o.app.Now = func() time.Time { return now }
	o.router = newRouter(o.app, options...)
	o.router.routes(password)
	return o
}

// from asks for the caseload, or any other page, from an address.
func (o *office) from(p person, path, remote string, forwarded ...string) heard {
	r := request(http.MethodGet, path, nil)
	r.RemoteAddr = remote
	if len(forwarded) > 0 {
		r.Header["X-Forwarded-For"] = forwarded
	}
	if p.token == "" {
		return o.hears(r)
	}
	return p.asks(r)
}

// through counts who gets through of many, one after another.
func through(many int, ask func(n int) heard) (n int) {
	for i := range many {
		if ask(i).status != http.StatusTooManyRequests {
			n++
		}
	}
	return n
}

func TestWhoAsksTooOftenIsToldWhenToAskAgain(t *testing.T) {
	o := limited(t, Limited(Limits{Account: pace.Rate{PerSecond: 0.25, AtOnce: 3}}))
	for range 3 {
		o.a1.sees("/caseload")
	}
	h := o.a1.gets("/caseload")
	o.isProblem("the fourth", h, http.StatusTooManyRequests)
	o.isSilent("the fourth", h)
	o.isGuarded("the fourth", h)
	wait, err := strconv.Atoi(h.header.Get("Retry-After"))
	if err != nil || wait != 4 {
		t.Fatalf("Retry-After: %q", h.header.Get("Retry-After"))
	}
	before := o.head()
	o.isProblem("a command", o.a1.sends("/clients/"+newID()+"/registration", body{"entry": newID(), "name": secret}), http.StatusTooManyRequests)
	if o.head() != before {
		t.Error("it was recorded")
	}
	o.a2.sees("/caseload") // who asks seldom does not wait for who asks often
	later := o.app.Now().Add(time.Duration(wait) * time.Second)
	o.app.Now = func() time.Time { return later }
	o.a1.sees("/caseload")
	o.isProblem("and one more", o.a1.gets("/caseload"), http.StatusTooManyRequests)
}

func TestTheTokensOfOneAccountCountTogether(t *testing.T) {
	o := limited(t, Limited(Limits{Account: pace.Rate{PerSecond: 1, AtOnce: 10}}))
	token, err := o.app.Tokens.Give(t.Context(), session.Identity{Role: session.Worker, Worker: o.a1.id}, time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	phone := o.a1
	phone.token = token
	if n := through(30, func(i int) heard { return []person{o.a1, phone}[i%2].gets("/caseload") }); n != 10 {
		t.Errorf("%d got through", n)
	}
}

// A ward round: many workers behind one address of the hospital. The account of each is what counts.
func TestAnAddressIsLimitedHoweverManyAccountsAsk(t *testing.T) {
	o := limited(t, Limited(Limits{Account: pace.Rate{PerSecond: 1, AtOnce: 10}, Address: pace.Rate{PerSecond: 5, AtOnce: 25}}))
	people := []person{o.a1, o.a2, o.b1, o.nobody()}
	ask := func(remote string) func(int) heard {
		return func(i int) heard { return o.from(people[i%len(people)], "/caseload", fmt.Sprintf(remote, i)) }
	}
	if n := through(100, ask("192.0.2.1:%d")); n != 25 {
		t.Errorf("%d got through from one address", n)
	}
	if n := through(8, ask("192.0.2.2:%d")); n == 0 {
		t.Error("another address waits for the first")
	}
	nobody := func(remote string) func(int) heard {
		return func(i int) heard { return o.from(o.nobody(), "/caseload", fmt.Sprintf(remote, i)) }
	}
	if n := through(100, nobody("[2001:db8:1:2::%x]:9")); n != 25 {
		t.Errorf("%d got through from one network of IPv6", n)
	}
	if n := through(100, nobody("[2001:db8:%x::1]:9")); n != 100 {
		t.Errorf("%d got through from a hundred networks of IPv6", n)
	}
	if n := through(100, nobody("[::ffff:192.0.2.1]:%d")); n != 0 {
		t.Errorf("%d got through from an address in other clothes", n)
	}
}

// Whoever is no proxy of ours may say what they like about whose they are.
func TestTheRealAddressIsOnlyBelievedOfOurProxies(t *testing.T) {
	trusted, err := Proxies("10.0.0.1, 192.0.2.0/24 fd00::1")
	if err != nil {
		t.Fatal(err)
	}
	rate := Limited(Limits{Address: pace.Rate{PerSecond: 1, AtOnce: 5}})
	everyone := func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }
	for name, c := range map[string]struct {
		options   []Option
		remote    string
		forwarded func(i int) []string
		through   int
	}{
		"someone who claims to be many":                {[]Option{rate}, "198.51.100.1:1", func(i int) []string { return []string{everyone(i)} }, 5},
		"the same, beside proxies that we trust":       {[]Option{rate, Behind(trusted)}, "198.51.100.1:1", func(i int) []string { return []string{everyone(i)} }, 5},
		"a neighbour on a private network":             {[]Option{rate, Behind(trusted)}, "10.0.0.2:1", func(i int) []string { return []string{everyone(i)} }, 5},
		"the loopback, when it is not named":           {[]Option{rate, Behind(trusted)}, "127.0.0.1:1", func(i int) []string { return []string{everyone(i)} }, 5},
		"many through our proxy":                       {[]Option{rate, Behind(trusted)}, "10.0.0.1:1", func(i int) []string { return []string{everyone(i)} }, 50},
		"many through our proxy of IPv6":               {[]Option{rate, Behind(trusted)}, "[fd00::1]:1", func(i int) []string { return []string{everyone(i)} }, 50},
		"many through two of our proxies":              {[]Option{rate, Behind(trusted)}, "10.0.0.1:1", func(i int) []string { return []string{everyone(i) + ", 192.0.2.7"} }, 50},
		"someone who claims to be many, through ours":  {[]Option{rate, Behind(trusted)}, "10.0.0.1:1", func(i int) []string { return []string{everyone(i) + ", 198.51.100.1"} }, 5},
		"the same in two lines":                        {[]Option{rate, Behind(trusted)}, "10.0.0.1:1", func(i int) []string { return []string{everyone(i), "198.51.100.1"} }, 5},
		"someone who sends nonsense through our proxy": {[]Option{rate, Behind(trusted)}, "10.0.0.1:1", func(i int) []string { return []string{secret + everyone(i)} }, 5},
	} {
		t.Run(name, func(t *testing.T) {
			o := limited(t, c.options...)
			if n := through(50, func(i int) heard { return o.from(o.nobody(), "/caseload", c.remote, c.forwarded(i)...) }); n != c.through {
				t.Errorf("%d of 50 got through, not %d", n, c.through)
			}
		})
	}
	o := limited(t, Behind(trusted))
	for remote, secure := range map[string]bool{"10.0.0.1:1": true, "10.0.0.2:1": false} {
		r := request(http.MethodGet, "/caseload", nil)
		r.RemoteAddr = remote
		r.Header.Set("X-Forwarded-Proto", "https")
		if got := o.hears(r).header.Get("Strict-Transport-Security") != ""; got != secure {
			t.Errorf("%s says it is TLS: %v", remote, got)
		}
	}
}

func TestAListOfProxiesIsReadOrRefused(t *testing.T) {
	for _, list := range []string{"everybody", "10.0.0.1;10.0.0.2", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.1,proxy.example"} {
		if all, err := Proxies(list); err == nil {
			t.Errorf("%q is %v", list, all)
		}
	}
	if all, err := Proxies(" "); err != nil || len(all) != 0 {
		t.Errorf("nothing is %v, %v", all, err)
	}
}

func TestWithoutLimitsNobodyWaits(t *testing.T) {
	o := limited(t)
	if n := through(3000, func(int) heard { return o.publicly("/livez") }); n != 3000 {
		t.Errorf("%d got through", n)
	}
}
