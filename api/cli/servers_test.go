package cli

import (
	"net"
	"net/http"
	"testing"

	"golang.org/x/sync/errgroup"
)

// Whoever takes a long profile does not keep the door open, nor use up the time of those who are inside.
func TestTheDoorIsShutAtOnceWhateverAnotherServerWaitsFor(t *testing.T) {
	work, ctx := errgroup.WithContext(t.Context())
	s := servers{work: work}
	begun, profiled := make(chan struct{}), make(chan struct{})
	var at [2]string
	for i, handler := range []http.HandlerFunc{
		func(http.ResponseWriter, *http.Request) { close(begun); <-profiled },
		func(http.ResponseWriter, *http.Request) {},
	} {
		listener, err := listen(ctx, "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at[i] = listener.Addr().String()
		s.add(handler, nil, listener)
	}
	work.Go(func() error {
		answer, err := http.Get("http://" + at[0])
		if err == nil {
			err = answer.Body.Close()
		}
		return err
	})
	<-begun
	ended := make(chan error, 1)
	go func() { ended <- s.end(ctx) }()
	for open := true; open; {
		select {
		case err := <-ended:
			t.Fatalf("it was over, and the door was open until then: %v", err)
		default:
		}
		conn, err := net.Dial("tcp", at[1])
		if open = err == nil; open {
			conn.Close()
		}
	}
	close(profiled)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := work.Wait(); err != nil {
		t.Error(err)
	}
}
