package resp

import "math/bits"

// A bufPool keeps a loop's spare buffers, by powers of two. Only the loop's
// thread uses it. Larger ones than it keeps are left to the collector.
type bufPool struct {
	free [bufClasses][][]byte
}

const (
	minBufBits = 9  // 512 bytes
	maxBufBits = 16 // 64 KiB
	bufClasses = maxBufBits - minBufBits + 1
	bufsKept   = 64 // of each class
)

// get returns an empty buffer with room for n bytes at least.
func (p *bufPool) get(n int) []byte {
	i := max(bits.Len(uint(max(n, 1)-1)), minBufBits)
	if i > maxBufBits {
		return make([]byte, 0, n)
	}
	free := p.free[i-minBufBits]
	if len(free) == 0 {
		return make([]byte, 0, 1<<i)
	}
	last := len(free) - 1
	b := free[last]
	free[last] = nil
	p.free[i-minBufBits] = free[:last]
	return b
}

// put takes back a buffer that nothing refers to any more.
func (p *bufPool) put(b []byte) {
	i := bits.Len(uint(cap(b))) - 1
	if i < minBufBits || i > maxBufBits || len(p.free[i-minBufBits]) == bufsKept {
		return
	}
	p.free[i-minBufBits] = append(p.free[i-minBufBits], b[:0])
}

// grow returns b with room for more bytes, moved to a larger buffer if need
// be. It doubles, or less where need, the least that b has to hold, says so: a
// client gets memory for what it has sent, not for what it announces, and what
// is copied stays in proportion to what was sent.
func (p *bufPool) grow(b []byte, need int) []byte {
	if len(b) < cap(b) {
		return b
	}
	bigger := append(p.get(min(2*cap(b), max(need, cap(b)+cap(b)/2))), b...)
	p.put(b)
	return bigger
}
