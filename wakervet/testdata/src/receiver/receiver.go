package receiver

import "github.com/rouse-go/rouse"

type state struct {
	n    int
	cell rouse.WakerCell
}

type counts struct {
	n     int
	inner struct{ left [2]int }
}

func (f counts) Poll(cx rouse.Context) (int, bool) {
	f.n++               // want `Poll changes f.n in a copy of the future: the receiver must be a pointer`
	f.inner.left[0] = 1 // want `Poll changes f.inner.left\[0\] in a copy of the future`
	return f.n, f.n > 3
}

type registers struct{ cell rouse.WakerCell }

func (f registers) Poll(cx rouse.Context) (int, bool) {
	return 0, !f.cell.Register(cx.Waker()) // want `Poll changes f.cell in a copy of the future`
}

type drops struct{ w rouse.Waker }

func (f *drops) Poll(cx rouse.Context) (int, bool) { return 0, true }
func (f drops) Drop()                              { f.w.Drop() } // want `Drop changes f.w in a copy of the future`

// The rest is silent.

type points struct {
	*state
	s    *state
	cell *rouse.WakerCell
	m    map[int]int
	l    []int
}

func (f points) Poll(cx rouse.Context) (int, bool) {
	f.n++
	f.s.n++
	f.m[1] = 2
	f.l[0]++
	n := f.n
	n++
	return n, !f.cell.Register(cx.Waker())
}

type pointer struct{ n int }

func (f *pointer) Poll(cx rouse.Context) (int, bool) {
	f.n++
	return f.n, f.n > 3
}

type stores struct {
	n    int
	into *stores
}

func (f stores) Poll(cx rouse.Context) (int, bool) {
	f.n++
	*f.into = f
	return f.n, true
}

// No poll.
func (f counts) add() counts {
	f.n++
	return f
}
