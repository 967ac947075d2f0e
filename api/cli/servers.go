package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/casestream/casestream/api/rest"
	"golang.org/x/sync/errgroup"
)

// servers are those of one process: the door, and beside it what only its operator sees.
type servers struct {
	work *errgroup.Group
	all  []*http.Server
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	return listener, nil
}

// add serves on a listener, under a certificate if there is one, until the end.
func (s *servers) add(handler http.Handler, secure *tls.Config, on net.Listener) {
	server := rest.Server(handler)
	server.TLSConfig = secure
	s.all = append(s.all, server)
	s.work.Go(func() (err error) {
		if secure != nil {
			err = server.ServeTLS(on, "", "")
		} else {
			err = server.Serve(on)
		}
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		return err
	})
}

// end takes no more requests at any of them and waits for those under way, ten seconds at most.
func (s *servers) end(ctx context.Context) error {
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	var all sync.WaitGroup
	errs := make([]error, len(s.all))
	for i, server := range s.all {
		all.Go(func() {
			if err := server.Shutdown(ctx); err != nil {
				errs[i] = errors.Join(err, server.Close())
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// guarded gives every answer of a handler the headers that those of the API have.
func guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest.Guard(w.Header())
		h.ServeHTTP(w, r)
	})
}
