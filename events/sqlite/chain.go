package sqlite

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/google/uuid"
)

// Every stream is a chain: the hash of an event is over the hash of the event before it and over everything its row
// says, so that nothing of it can be changed, moved to another place, stream or log, or taken out, and the rest still fit.
//
//	hash(n) = SHA-256( hash(n-1) | P(position) | P(stream) | P(version) | P(type) | P(meta) | P(data) )
//	hash(0) = SHA-256( P("casestream log") | P(id of the log, 16 bytes) )
//
// P(x) is the length of x as 8 bytes, then x. Position and version are 8 bytes. Numbers are big-endian; stream is its
// name; type, meta and data are the bytes as they stand in the row. Values about persons stand there sealed, so
// destroying a key breaks no chain. testdata/chain.json has an example for whoever writes another verifier.
type chainHash [sha256.Size]byte

func chainStart(log uuid.UUID) chainHash {
	return sha256.Sum256(prefixed(prefixed(nil, "casestream log"), string(log[:])))
}

// chain is the hash of an event. It writes into scratch and returns it, to be used again.
func chain(scratch []byte, before chainHash, stream string, r row) (chainHash, []byte) {
	scratch = append(scratch[:0], before[:]...)
	scratch = number64(scratch, uint64(r.position))
	scratch = prefixed(scratch, stream)
	scratch = number64(scratch, uint64(r.version))
	scratch = prefixed(scratch, r.name)
	scratch = prefixed(scratch, r.meta)
	scratch = prefixed(scratch, r.data)
	return sha256.Sum256(scratch), scratch
}

func prefixed(to []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(to, uint64(len(s))), s...)
}

func number64(to []byte, n uint64) []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(to, 8), n)
}
