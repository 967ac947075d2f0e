package sqlite

import (
	"os"
	"slices"
	"testing"
)

func TestWhatWasAcknowledgedIsThereAfterAKill(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, one, 1, 50)
	killed := image(t, s.path)
	again := openLog(t, killed)
	if got := numbers(t, again); !slices.Equal(got, count(1, 50)) {
		t.Errorf("after a kill the log has %v", got)
	}
	if again.ID() != s.ID() {
		t.Error("after a kill the log has another id")
	}
	if report := verify(t, killed); !report.Whole() || report.Events != 50 {
		t.Errorf("after a kill: %+v", report)
	}
}

// What a killed process left in the WAL may never have been synced. Who opens the log must not see it before it is.
func TestOpeningBringsTheWALIntoTheFileBeforeAnythingIsRead(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 50)
	killed := image(t, s.path)
	if size(t, killed+"-wal") == 0 {
		t.Fatal("nothing was left in the WAL: this tests nothing")
	}
	openLog(t, killed)
	if left := size(t, killed+"-wal"); left != 0 {
		t.Errorf("after opening, %d bytes are left in the WAL", left)
	}
	alone := image(t, killed)
	if err := os.Remove(alone + "-wal"); err != nil {
		t.Fatal(err)
	}
	if got := numbers(t, openLog(t, alone)); !slices.Equal(got, count(1, 50)) {
		t.Errorf("the file alone has %d events, want 50", len(got))
	}
}

// A power cut may leave any beginning of the WAL. What is left is a beginning of the log, whole.
func TestACutWALLeavesABeginningOfTheLog(t *testing.T) {
	s := newLog(t)
	add(t, s, newStream(), 1, 40)
	whole := size(t, image(t, s.path)+"-wal")
	seen := map[int]bool{}
	for _, left := range []int64{0, 31, 32, 5000, whole / 3, whole / 2, whole - 9000, whole - 1, whole} {
		cut := image(t, s.path)
		if err := os.Truncate(cut+"-wal", left); err != nil {
			t.Fatal(err)
		}
		again := openLog(t, cut) // without its beginning it is an empty file, and becomes an empty log
		got := numbers(t, again)
		if !slices.Equal(got, count(1, len(got))) {
			t.Errorf("with %d of %d bytes the log has %v", left, whole, got)
		}
		seen[len(got)] = true
		if report := verify(t, cut); !report.Whole() || int(report.Head) != len(got) {
			t.Errorf("with %d of %d bytes: %+v, want a head of %d", left, whole, report, len(got))
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	}
	if len(seen) < 4 || !seen[40] {
		t.Errorf("the cuts left %v events: this tests little", seen)
	}
}

func TestASlowReaderHoldsNoTransaction(t *testing.T) {
	s, one := newLog(t), newStream()
	add(t, s, one, 1, pageRows+1)
	for _, err := range s.Read(t.Context(), one, 1) {
		if err != nil {
			t.Fatal(err)
		}
		add(t, s, newStream(), 1, 20)
		busy, err := number(s.writer.conn, `PRAGMA wal_checkpoint(truncate)`) // the writer is idle: all were answered
		if err != nil || busy != 0 {
			t.Errorf("while somebody reads, the WAL cannot be reset: %d, %v", busy, err)
		}
		break
	}
}
