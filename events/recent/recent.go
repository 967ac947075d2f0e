// Package recent is a memory of what was used lately, for what can be found again, only slower. It is bounded, and
// costs the same whether it is full or not: no list, no clock, nothing that runs beside it.
package recent

import "sync"

// Map remembers values by their keys, in two generations. When there is no room in the young one it becomes the old
// one, and what was the old one is forgotten; what is asked for becomes young again. So a key is there for as long as
// what was put or found since, of other keys, fits in one room; and in all there is never more than fits in two.
//
// It is safe for concurrent use.
type Map[K comparable, V any] struct {
	room  int
	weigh func(V) int

	mu         sync.Mutex
	young, old map[K]V
	weight     int // of the young generation
}

// New makes a map with room for so many keys in each of its generations.
func New[K comparable, V any](room int) *Map[K, V] {
	return Weighed[K](room, func(V) int { return 1 })
}

// Weighed makes a map whose generations hold values that together weigh as much as its room, or one that weighs more.
// A value must always weigh the same.
func Weighed[K comparable, V any](room int, weigh func(V) int) *Map[K, V] {
	return &Map[K, V]{room: room, weigh: weigh, young: make(map[K]V)}
}

// Get finds what was put under a key, if it is still there.
func (m *Map[K, V]) Get(key K) (V, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.get(key)
}

// Put remembers a value under a key, in place of the one before.
func (m *Map[K, V]) Put(key K, value V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(key, value)
}

// Update remembers under a key what change makes of the value before, the zero value if there is none, and answers with
// it. Everyone else waits meanwhile, so change is short and does not use the map.
func (m *Map[K, V]) Update(key K, change func(before V) V) V {
	m.mu.Lock()
	defer m.mu.Unlock()
	before, _ := m.get(key)
	value := change(before)
	m.put(key, value)
	return value
}

// Delete forgets a key.
func (m *Map[K, V]) Delete(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if before, in := m.young[key]; in {
		m.weight -= m.weigh(before)
	}
	delete(m.young, key)
	delete(m.old, key)
}

// Clear forgets everything.
func (m *Map[K, V]) Clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.young, m.old, m.weight = make(map[K]V), nil, 0
}

func (m *Map[K, V]) get(key K) (V, bool) {
	if value, ok := m.young[key]; ok {
		return value, true
	}
	value, ok := m.old[key]
	if ok {
		m.put(key, value)
	}
	return value, ok
}

func (m *Map[K, V]) put(key K, value V) {
	weight := m.weigh(value)
	m.weight += weight
	if before, in := m.young[key]; in {
		m.weight -= m.weigh(before)
	}
	if m.weight > m.room {
		m.old, m.young, m.weight = m.young, make(map[K]V, len(m.young)), weight
	}
	m.young[key] = value
}
