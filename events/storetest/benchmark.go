package storetest

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/casestream/casestream/events"
)

// Benchmark measures a store: one event appended by one and by many at a time, a stream of 50 read, the log read.
func Benchmark(b *testing.B, open Open) {
	store, ctx := open(b).Store, b.Context()
	for _, writers := range []int{1, 8, 64} {
		b.Run("append/writers="+strconv.Itoa(writers), func(b *testing.B) { appends(ctx, b, store, writers) })
	}
	one := stream()
	if _, err := store.Append(ctx, one, 0, command(), facts(1, 50)...); err != nil {
		b.Fatal(err)
	}
	b.Run("read 50", func(b *testing.B) {
		for b.Loop() {
			if n := drain(b, store.Read(ctx, one, 1)); n != 50 {
				b.Fatalf("the stream has %d events", n)
			}
		}
	})
	b.Run("read the log", func(b *testing.B) {
		n := 0
		for b.Loop() {
			n += drain(b, store.ReadAll(ctx, 0))
		}
		b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
	})
}

// appends shares b.N appends among writers, each with a stream of its own.
func appends(ctx context.Context, b *testing.B, store events.Store, writers int) {
	var taken atomic.Int64
	done := make(chan error, writers)
	for range writers {
		go func() {
			one, version := stream(), 0
			for taken.Add(1) <= int64(b.N) {
				if _, err := store.Append(ctx, one, version, command(), fact(version)); err != nil {
					done <- err
					return
				}
				version++
			}
			done <- nil
		}()
	}
	for range writers {
		if err := <-done; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "appends/s")
}

func drain(b *testing.B, seq func(func(events.Recorded, error) bool)) (n int) {
	for _, err := range seq {
		if err != nil {
			b.Fatal(err)
		}
		n++
	}
	return n
}
