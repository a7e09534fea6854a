package resp

// A table is a map that shrinks. Go's keep the memory of the most that was ever
// in them. The zero value is an empty table. Setting and deleting cost O(1),
// taken together.
type table[K comparable, V any] struct {
	m    map[K]V
	peak int // the most that was in m
}

func (t *table[K, V]) len() int { return len(t.m) }

func (t *table[K, V]) set(key K, v V) {
	if t.m == nil {
		t.m = make(map[K]V)
	}
	t.m[key] = v
	t.peak = max(t.peak, len(t.m))
}

// delete moves what is left to a smaller map when that is a small part of what
// was.
func (t *table[K, V]) delete(key K) {
	delete(t.m, key)
	if len(t.m) >= t.peak/shrinkAt {
		return
	}
	old := t.m
	t.m, t.peak = nil, len(old)
	if len(old) > 0 {
		t.m = make(map[K]V, len(old))
	}
	for k, v := range old {
		t.m[k] = v
	}
}

const shrinkAt = 8
