package speed

import (
	"errors"
	"os"

	"github.com/casestream/casestream/events/sqlite/internal/groupcommit"
)

const rawSize = 64 << 20

// rawFile is the fastest durable log that this disk allows: a file whose blocks are already written, so that a sync moves
// only the new bytes, behind the same group commit as the log. At its end it begins anew.
type rawFile struct {
	file    *os.File
	at      int64
	queue   *groupcommit.Queue[*rawAppend]
	stopped chan error
}

type rawAppend struct {
	bytes []byte
	done  chan error
}

func newRawFile(path string) (*rawFile, error) {
	f, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	zeros := make([]byte, 1<<20)
	for at := int64(0); at < rawSize && err == nil; at += int64(len(zeros)) {
		_, err = f.WriteAt(zeros, at)
	}
	if err = errors.Join(err, f.Sync()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	r := &rawFile{file: f, queue: groupcommit.New(func(a *rawAppend) int { return len(a.bytes) }), stopped: make(chan error, 1)}
	go r.write()
	return r, nil
}

func (r *rawFile) append(bytes []byte) error {
	a := &rawAppend{bytes: bytes, done: make(chan error, 1)}
	r.queue.Add(a)
	return <-a.done
}

func (r *rawFile) write() {
	var buffer []byte
	for {
		batch := r.queue.Take()
		if len(batch) == 0 {
			r.stopped <- r.file.Close()
			return
		}
		buffer = buffer[:0]
		for _, a := range batch {
			buffer = append(buffer, a.bytes...)
		}
		if r.at+int64(len(buffer)) > rawSize {
			r.at = 0
		}
		_, err := r.file.WriteAt(buffer, r.at)
		if err == nil {
			err = syncData(r.file)
		}
		r.at += int64(len(buffer))
		for _, a := range batch {
			a.done <- err
		}
	}
}

func (r *rawFile) close() error {
	r.queue.Close()
	return <-r.stopped
}
