package demo

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
)

// Chance is here a matter of names: whatever has a name has its own dice, seeded with it, so that one case more or
// less changes nothing about the others.

type dice struct{ *rand.Rand }

func diceOf(name string) dice {
	sum := sha256.Sum256([]byte("wuhan 2012 dice " + name))
	return dice{rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:])))}
}

// between is a number from least to most, both included.
func (d dice) between(least, most int) int {
	if most <= least {
		return least
	}
	return least + d.IntN(most-least+1)
}

func (d dice) chance(p float64) bool { return d.Float64() < p }

// minutes is a time of so many minutes, and some seconds, because nobody's watch stops at the full minute.
func (d dice) minutes(least, most int) time.Duration {
	return time.Duration(d.between(least*60, most*60)) * time.Second
}

func pick[T any](d dice, from []T) T {
	var none T
	if len(from) == 0 {
		return none
	}
	return from[d.IntN(len(from))]
}

// idOf is a UUIDv7 of a simulated time; the rest of it follows from a name.
func idOf(name string, at time.Time) uuid.UUID {
	sum := sha256.Sum256([]byte("wuhan 2012 id " + name))
	var id uuid.UUID
	copy(id[:], sum[:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(at.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id
}
