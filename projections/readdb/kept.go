package readdb

import "sync"

// kept is what was read of rows that never change, so that it need not be read again. It holds as much as weighs
// most at most, and drops what was asked for least lately, by halves.
type kept struct {
	mu         sync.Mutex
	young, old map[keptKey]keptValue
	weight     int // of the young half
}

type keptKey struct {
	generation int64 // an id is never given twice
	name       string
}

type keptValue struct {
	value  any
	weight int
}

const heaviest = 20_000

// Kept is what was kept under a name for this generation. Who reads shares it with others, and must not change it.
func (t *Tx) Kept(name string) (value any, ok bool) {
	key := keptKey{t.generation, name}
	t.kept.mu.Lock()
	defer t.kept.mu.Unlock()
	v, ok := t.kept.young[key]
	if !ok {
		if v, ok = t.kept.old[key]; ok {
			t.kept.put(key, v)
		}
	}
	return v.value, ok
}

// Keep keeps a value under a name for this generation, instead of the one before. It may be gone when asked for.
func (t *Tx) Keep(name string, value any, weight int) {
	t.kept.mu.Lock()
	defer t.kept.mu.Unlock()
	t.kept.put(keptKey{t.generation, name}, keptValue{value, weight})
}

func (k *kept) put(key keptKey, v keptValue) {
	k.weight += v.weight - k.young[key].weight
	if k.weight > heaviest/2 {
		k.old, k.young, k.weight = k.young, nil, v.weight
	}
	if k.young == nil {
		k.young = make(map[keptKey]keptValue)
	}
	k.young[key] = v
}
