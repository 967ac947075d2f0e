package projections_test

import (
	"bytes"
	"context"
	"net"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// wire stands between us and the server. It loses the answer to a commit: that is done, and we do not know.
type wire struct {
	place string
	until atomic.Int64 // 1: the next one
	lost  atomic.Int64
}

func newWire(t *testing.T, place string) *wire {
	at, err := url.Parse(place)
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	server, dir := query.Get("host"), t.TempDir()
	query.Set("host", dir)
	at.RawQuery = query.Encode()
	w := &wire{place: at.String()}
	const socket = ".s.PGSQL.5432"
	listener, err := net.Listen("unix", filepath.Join(dir, socket))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := net.Dial("unix", filepath.Join(server, socket))
			if err != nil {
				here.Close()
				continue
			}
			go w.carry(here, there)
		}
	}()
	return w
}

func (w *wire) carry(here, there net.Conn) {
	var losing atomic.Bool
	one := func(from, to net.Conn, before func([]byte) bool) {
		defer here.Close()
		defer there.Close()
		for buffer := make([]byte, 1<<16); ; {
			n, err := from.Read(buffer)
			if err != nil || !before(buffer[:n]) {
				return
			}
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
	}
	go one(there, here, func([]byte) bool { return !losing.Load() })
	one(here, there, func(said []byte) bool {
		if bytes.Contains(said, []byte("commit\x00")) && w.until.Add(-1) == 0 {
			losing.Store(true)
			w.lost.Add(1)
		}
		return true
	})
}

func TestABatchWhoseAnswerIsLostCountsOnce(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	w := newWire(t, server(t).Place())
	db := reopen(t, w.place)
	d := newDiary(t, newLog())
	p := projections.New(d.log, db, nil, append(all(), notes{})...)
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	for range 3 {
		at := d.kinds("good")
		if err := p.Wait(ctx, at[0]); err != nil {
			t.Fatal(err)
		}
		w.until.Store(1)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n, err := total(context.Background(), db); err != nil || n != 3 || w.lost.Load() == 0 {
		t.Errorf("%d of 3 notes, %v, %d answers were lost", n, err, w.lost.Load())
	}
	if dump(t, db, all()...) != folded(t, d.log) {
		t.Error("the tables are not what a rebuild makes")
	}
}

func TestARebuildWithALostAnswerLeavesTablesToReadAndToGoOnWith(t *testing.T) {
	ctx := context.Background()
	w := newWire(t, server(t).Place())
	db := reopen(t, w.place)
	d := newDiary(t, newLog())
	d.kinds("good", "good")
	p := projections.New(d.log, db, nil, notes{})
	if err := p.CatchUp(ctx, nil); err != nil {
		t.Fatal(err)
	}
	const commits = 5 // it makes tables, fills them, indexes them, swaps, and removes the old ones
	for n := range commits {
		w.until.Store(int64(n) + 1)
		err := p.Rebuild(ctx, nil)
		if err != nil && !readdb.Trouble(err) || err == nil && n+1 < commits {
			t.Errorf("commit %d: %v", n+1, err)
		}
		if w.lost.Load() != int64(n)+1 {
			t.Fatalf("%d answers were lost, not %d", w.lost.Load(), n+1)
		}
		if notes, err := total(ctx, db); err != nil || notes != int(d.position) {
			t.Errorf("commit %d: %d of %s notes are there to read, %v", n+1, notes, d.position, err)
		}
		d.kinds("good")
		if err := p.CatchUp(ctx, nil); err != nil {
			t.Fatal(err)
		}
		if notes, err := total(ctx, db); err != nil || notes != int(d.position) {
			t.Errorf("commit %d: %d of %s notes after going on, %v", n+1, notes, d.position, err)
		}
		if generations, err := db.Generations(ctx); err != nil || len(generations) != 1 {
			t.Errorf("commit %d: the generations are %+v, %v", n+1, generations, err)
		}
	}
}
