package esdbtest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
)

// Journal keeps the log in a file as well, one line per append: for a server in a process of its own that is killed. What a
// client was told is in the file; a power cut is not survived.
func Journal(path string) Option {
	return func(s *Server) error {
		l, err := replay(path)
		if err != nil {
			return fmt.Errorf("reading the journal %s: %w", path, err)
		}
		s.cluster.replace(l)
		return nil
	}
}

// replay reads a journal, cuts off a last line that was not finished, and goes on writing behind it.
func replay(path string) (*log, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	l, whole, lines := emptyLog(), int64(0), bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break // what stands here without an end was never acknowledged
		}
		if err != nil {
			return nil, err
		}
		var records []*record
		if err := json.Unmarshal(line, &records); err != nil {
			return nil, err
		}
		for _, r := range records {
			l.place(r)
		}
		whole += int64(len(line))
	}
	if err := file.Truncate(whole); err != nil {
		return nil, err
	}
	if _, err := file.Seek(whole, io.SeekStart); err != nil {
		return nil, err
	}
	l.keep = func(records []*record) {
		line, err := json.Marshal(records)
		if err == nil {
			_, err = file.Write(append(line, '\n'))
		}
		if err != nil {
			panic(fmt.Sprintf("writing the journal %s: %v", path, err)) // a server that cannot write must not answer
		}
	}
	if whole == 0 {
		l.begin()
	}
	return l, nil
}
