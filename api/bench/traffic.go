package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/casestream/casestream/api/rest"
)

// site is a handler on a real listener, with the settings that `serve` has, and a client with connections kept alive.
type site struct {
	address string
	server  *http.Server
	client  *http.Client
	size    atomic.Int64 // of the last answer: the next is read into as much room, and none of that is grown
}

func listen(ctx context.Context, handler http.Handler) (*site, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &site{
		address: "http://" + listener.Addr().String(),
		server:  rest.Server(handler),
		client:  newClient(),
	}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

func newClient() *http.Client {
	return &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		MaxIdleConns: connections, MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections, DisableCompression: true,
	}}
}

func (s *site) close() error {
	s.client.CloseIdleConnections()
	return s.server.Close()
}

// request is what one client sends.
type request struct {
	method, path, token, id string
	body                    []byte
}

// send sends a request and answers with what came back. Any other status than the one wanted is an error; 0 wants any
// that is not the server's fault.
func (s *site) send(ctx context.Context, r request, want int) ([]byte, error) {
	body, _, err := s.answer(ctx, r, want)
	return body, err
}

func (s *site) answer(ctx context.Context, r request, want int) ([]byte, http.Header, error) {
	request, err := http.NewRequestWithContext(ctx, r.method, s.address+r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	if r.body != nil {
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", r.id)
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	last := s.size.Load()
	read := bytes.NewBuffer(make([]byte, 0, last+last/8+bytes.MinRead)) // some are a little longer
	_, err = read.ReadFrom(response.Body)
	body := read.Bytes()
	s.size.Store(int64(len(body)))
	if want == 0 && response.StatusCode < http.StatusInternalServerError {
		want = response.StatusCode
	}
	if err == nil && response.StatusCode != want {
		err = fmt.Errorf("%s %s answered %s: %s", r.method, r.path, response.Status, body)
	}
	return body, response.Header, err
}

// traffic is how many requests there were, and how long they took.
type traffic struct {
	perSecond float64
	cpu       time.Duration // for each, client and server together
	took      []time.Duration
}

func (t traffic) String() string {
	return fmt.Sprintf("%.0f/s p50 %.1f ms p99 %.1f ms cpu %d µs", t.perSecond, ms(percentile(t.took, 50)), ms(percentile(t.took, 99)), t.cpu.Microseconds())
}

// drive lets many clients ask one thing after another for some time.
func drive(ctx context.Context, many int, slice time.Duration, ask func(client int) error) (traffic, error) {
	var mu sync.Mutex
	var t traffic
	var failed error
	var all sync.WaitGroup
	begin, used := time.Now(), cpuTime()
	for n := range many {
		all.Go(func() {
			var own []time.Duration
			var err error
			for last := time.Now(); err == nil && last.Sub(begin) < slice; {
				err = ask(n)
				now := time.Now()
				own, last = append(own, now.Sub(last)), now
			}
			mu.Lock()
			defer mu.Unlock()
			t.took, failed = append(t.took, own...), errors.Join(failed, err)
		})
	}
	all.Wait()
	if failed != nil || ctx.Err() != nil {
		return t, errors.Join(failed, ctx.Err())
	}
	t.perSecond = float64(len(t.took)) / time.Since(begin).Seconds()
	t.cpu = (cpuTime() - used) / time.Duration(len(t.took))
	slices.Sort(t.took)
	return t, nil
}
