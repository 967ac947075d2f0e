package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Effort is what a look at a password costs.
type Effort struct {
	Time    uint32 // passes
	Memory  uint32 // KiB
	Threads uint8
}

// Careful is argon2id as RFC 9106 recommends it where memory is short: 64 MiB.
var Careful = Effort{Time: 3, Memory: 64 << 10, Threads: 4}

// seats is how many look at passwords at once: more would take the memory of the machine, and are made to wait.
const seats = 4

// hashing looks at passwords.
type hashing struct {
	effort Effort
	seats  chan struct{}
	runs   atomic.Int64 // of argon2: work that was done, whatever the answer
}

func newHashing(effort Effort) *hashing {
	return &hashing{effort: effort, seats: make(chan struct{}, seats)}
}

// Spend says what a look at a new password costs from now on, where that is not to be Careful: in tests that look at many.
func (a *Accounts) Spend(effort Effort) { a.hashing = newHashing(effort) }

// run is one run of argon2, when there is a seat.
func (h *hashing) run(ctx context.Context, password string, salt []byte, effort Effort) ([]byte, error) {
	select {
	case h.seats <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.seats }()
	h.runs.Add(1)
	return argon2.IDKey([]byte(password), salt, effort.Time, effort.Memory, effort.Threads, 32), nil
}

const hashForm = "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"

// hash is what is kept of a password that was tidied.
func (h *hashing) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails: it ends the process instead
	sum, err := h.run(ctx, password, salt, h.effort)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf(hashForm, h.effort.Memory, h.effort.Time, h.effort.Threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum)), nil
}

// verify tells whether a password is the one that a hash was made of. Where there is no hash it does the same work and
// says no, so that nobody learns from the time that there is no such account.
func (h *hashing) verify(ctx context.Context, password, kept string) (bool, error) {
	effort, salt, want, ok := parseHash(kept)
	if !ok {
		effort, salt, want = h.effort, make([]byte, 16), make([]byte, 32)
	}
	sum, err := h.run(ctx, password, salt, effort)
	return err == nil && subtle.ConstantTimeCompare(sum, want) == 1 && ok, err
}

func parseHash(kept string) (effort Effort, salt, sum []byte, ok bool) {
	parts := splitHash(kept)
	if parts == nil {
		return effort, nil, nil, false
	}
	if _, err := fmt.Sscanf(parts[0], "m=%d,t=%d,p=%d", &effort.Memory, &effort.Time, &effort.Threads); err != nil {
		return effort, nil, nil, false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[1])
	sum, err2 := base64.RawStdEncoding.DecodeString(parts[2])
	return effort, salt, sum, err1 == nil && err2 == nil && len(sum) == 32 && effort.Time > 0 && effort.Threads > 0
}

// splitHash gives the numbers, the salt and the sum.
func splitHash(kept string) []string {
	rest, ok := strings.CutPrefix(kept, "$argon2id$v=19$")
	if parts := strings.Split(rest, "$"); ok && len(parts) == 3 {
		return parts
	}
	return nil
}
