package resp

// A deque is a list's elements: a ring that grows and shrinks by halves.
type deque struct {
	ring [][]byte // its length is a power of two
	head int
	n    int
}

const minRing = 4

func (d *deque) len() int { return d.n }

// at returns the i-th element from the left.
func (d *deque) at(i int) []byte { return d.ring[(d.head+i)&(len(d.ring)-1)] }

func (d *deque) pushLeft(v []byte) {
	d.room()
	d.head = (d.head - 1) & (len(d.ring) - 1)
	d.ring[d.head] = v
	d.n++
}

func (d *deque) pushRight(v []byte) {
	d.room()
	d.ring[(d.head+d.n)&(len(d.ring)-1)] = v
	d.n++
}

func (d *deque) push(left bool, v []byte) {
	if left {
		d.pushLeft(v)
	} else {
		d.pushRight(v)
	}
}

// pop takes the first or the last element; there is one.
func (d *deque) pop(left bool) (v []byte) {
	i := (d.head + d.n - 1) & (len(d.ring) - 1)
	if left {
		i = d.head
		d.head = (d.head + 1) & (len(d.ring) - 1)
	}
	v, d.ring[i] = d.ring[i], nil
	if d.n--; d.n < len(d.ring)/4 && len(d.ring) > minRing {
		d.resize(len(d.ring) / 2)
	}
	return v
}

func (d *deque) room() {
	if d.n == len(d.ring) {
		d.resize(max(minRing, 2*len(d.ring)))
	}
}

func (d *deque) resize(size int) {
	ring := make([][]byte, size)
	for i := range d.n {
		ring[i] = d.at(i)
	}
	d.ring, d.head = ring, 0
}
