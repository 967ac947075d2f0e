package programme

import "slices"

// listed keeps things in the order in which they came, to be found by a key. The zero listed is empty, and shares
// nothing with what it becomes.
type listed[K comparable, V any] struct {
	order []K
	byKey map[K]V
}

func (l *listed[K, V]) put(key K, value V) {
	if l.byKey == nil {
		l.byKey = make(map[K]V)
	}
	if _, known := l.byKey[key]; !known {
		l.order = append(slices.Clip(l.order), key)
	}
	l.byKey[key] = value
}

func (l listed[K, V]) find(key K) (V, bool) {
	value, ok := l.byKey[key]
	return value, ok
}

func (l listed[K, V]) has(key K) bool {
	_, ok := l.byKey[key]
	return ok
}

// all lists what there is, in the order in which it came; where keeps what it is true of, nil keeps everything.
func (l listed[K, V]) all(where func(V) bool) []V {
	values := make([]V, 0, len(l.order))
	for _, key := range l.order {
		if value := l.byKey[key]; where == nil || where(value) {
			values = append(values, value)
		}
	}
	return values
}
