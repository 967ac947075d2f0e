package keydb

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
)

// A backup of the keys is lines of JSON, the same from SQLite and from PostgreSQL: what it is, then every owner with the
// keys, wrapped by the root key as they are in the database, or the tombstone; and in the end a MAC over all of it, under a
// key of the root key. So a backup that was cut short or changed is not taken for one. Tokens are not in it.

// Copy is what a backup says of itself.
type Copy struct {
	Format   int    `json:"casestream_keys"`
	Log      string `json:"log"`      // the id of the log whose words they open
	Honoured uint64 `json:"honoured"` // see honoured.go
	Root     string `json:"root"`     // fingerprint of the root key that wrapped them
}

// Held is how much is in a backup.
type Held struct{ Keys, Forgotten int }

const format = 1

// copied is an owner in a backup.
type copied struct {
	Owner     string   `json:"owner"`
	Epoch     int64    `json:"epoch"` // of the newest key
	Forgotten *string  `json:"forgotten_at,omitempty"`
	Keys      []epochs `json:"keys,omitempty"`
}

type epochs struct {
	Epoch   int64  `json:"epoch"`
	Wrapped []byte `json:"wrapped"`
}

type ending struct {
	MAC []byte `json:"mac"`
}

var (
	// ErrNoBackup: not a backup of keys, or one that was cut short or changed.
	ErrNoBackup = errors.New("this is no whole backup of keys")
	// ErrOtherLog: the keys are those of another log.
	ErrOtherLog = errors.New("these are the keys of another log")
	// ErrOtherKey: there is another key under the same id; putting one in the place of the other would lose words.
	ErrOtherKey = errors.New("there is another key under the same id")
)

func (k RootKey) macOfBackup() hash.Hash {
	key, err := hkdf.Key(sha256.New, k.secret[:], nil, "casestream keys backup", 32)
	if err != nil {
		panic(err) // only for lengths that are not these
	}
	return hmac.New(sha256.New, key)
}

// Backup writes all keys of a log. They may be in use meanwhile: what is read is one state of the database.
func (db *DB) Backup(ctx context.Context, log string, to io.Writer) (held Held, err error) {
	honoured, err := db.Honoured(ctx, log) // first: an older position only means that more is looked at again
	if err != nil {
		return held, err
	}
	rows, err := db.sql.QueryContext(ctx, `SELECT o.owner, o.epoch, o.forgotten_at, k.epoch, k.wrapped FROM owners o
		LEFT JOIN keys k ON k.owner = o.owner ORDER BY o.owner, k.epoch`)
	if err != nil {
		return held, fmt.Errorf("reading the keys: %w", err)
	}
	defer rows.Close()
	out := &signing{to: bufio.NewWriter(to), mac: db.root.macOfBackup()}
	out.line(Copy{format, log, honoured, db.root.Fingerprint()})
	var next copied
	for rows.Next() {
		var one copied
		var epoch sql.NullInt64
		var wrapped []byte
		if err := rows.Scan(&one.Owner, &one.Epoch, &one.Forgotten, &epoch, &wrapped); err != nil {
			return held, fmt.Errorf("reading the keys: %w", err)
		}
		if one.Owner != next.Owner {
			held.add(next)
			out.owner(next)
			next = one
		}
		if epoch.Valid {
			next.Keys = append(next.Keys, epochs{epoch.Int64, wrapped})
		}
	}
	held.add(next)
	out.owner(next)
	return held, errors.Join(rows.Err(), out.end())
}

func (h *Held) add(c copied) {
	h.Keys += len(c.Keys)
	if c.Forgotten != nil {
		h.Forgotten++
	}
}

// signing writes lines, and in the end the MAC over them.
type signing struct {
	to  *bufio.Writer
	mac hash.Hash
	err error
}

func (s *signing) line(v any) {
	text, err := json.Marshal(v)
	if s.err = errors.Join(s.err, err); s.err == nil {
		_, s.err = io.MultiWriter(s.to, s.mac).Write(append(text, '\n'))
	}
}

func (s *signing) owner(c copied) {
	if c.Owner != "" {
		s.line(c)
	}
}

func (s *signing) end() error {
	s.line(ending{s.mac.Sum(nil)})
	return errors.Join(s.err, s.to.Flush())
}

// readBackup reads a backup, and takes each owner; what it is comes back. Nothing of it counts until readBackup has
// returned without an error: the MAC is at its end.
func readBackup(from io.Reader, root RootKey, take func(copied) error) (is Copy, err error) {
	lines, mac := bufio.NewReader(from), root.macOfBackup()
	first, err := lines.ReadBytes('\n')
	if err != nil || json.Unmarshal(first, &is) != nil || is.Format == 0 {
		return is, ErrNoBackup
	}
	if is.Format != format {
		return is, fmt.Errorf("it was written by a newer Casestream: use that one, or a later one")
	}
	if is.Root != root.Fingerprint() {
		return is, fmt.Errorf("%w: the backup needs the one with fingerprint %s, this is %s", ErrWrongRoot, is.Root, root.Fingerprint())
	}
	_, _ = mac.Write(first)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return is, ErrNoBackup
		}
		if bytes.HasPrefix(line, []byte(`{"mac":`)) {
			// The line is compared and not what it decodes to: base64 has more than one way to write the same.
			want, err := json.Marshal(ending{mac.Sum(nil)})
			if _, more := lines.ReadByte(); err != nil || more == nil || !hmac.Equal(line, append(want, '\n')) {
				return is, ErrNoBackup
			}
			return is, nil
		}
		var one copied
		if json.Unmarshal(line, &one) != nil || checkOwner(one.Owner) != nil {
			return is, ErrNoBackup
		}
		_, _ = mac.Write(line)
		if err := take(one); err != nil {
			return is, err
		}
	}
}
