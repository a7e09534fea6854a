package protoactor

// A ring is a queue in a circle of places that doubles when it is full. The zero
// ring is empty.
type ring struct {
	places []any // their number is a power of two
	first  int
	length int
}

func (r *ring) push(v any) {
	if r.length == len(r.places) {
		r.grow()
	}
	r.places[(r.first+r.length)&(len(r.places)-1)] = v
	r.length++
}

func (r *ring) grow() {
	larger := make([]any, max(16, 2*len(r.places)))
	n := copy(larger, r.places[r.first:])
	copy(larger[n:], r.places[:r.first])
	r.places, r.first = larger, 0
}

// pop removes the first, nil if there is none.
func (r *ring) pop() any {
	if r.length == 0 {
		return nil
	}
	place := &r.places[r.first]
	v := *place
	*place = nil
	r.first = (r.first + 1) & (len(r.places) - 1)
	r.length--
	return v
}
