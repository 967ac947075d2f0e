package readdb

import "github.com/casestream/casestream/events/recent"

// kept is what was read of rows that never change, so that it need not be read again: but when someone is forgotten they
// do, and then DropKept lets go of everything. It holds as much as weighs heaviest, at most, and drops what was asked for
// least lately, by halves.
type kept = recent.Map[keptKey, keptValue]

type keptKey struct {
	generation int64 // an id is never given twice
	name       string
}

type keptValue struct {
	value  any
	weight int
}

const heaviest = 2_000

func newKept() *kept {
	return recent.Weighed[keptKey](heaviest/2, func(v keptValue) int { return v.weight })
}

// Kept is what was kept under a name for this generation. Who reads shares it with others, and must not change it.
func (t *Tx) Kept(name string) (value any, ok bool) {
	v, ok := t.kept.Get(keptKey{t.generation, name})
	return v.value, ok
}

// Keep keeps a value under a name for this generation, instead of the one before. It may be gone when asked for.
func (t *Tx) Keep(name string, value any, weight int) {
	t.kept.Put(keptKey{t.generation, name}, keptValue{value, weight})
}
