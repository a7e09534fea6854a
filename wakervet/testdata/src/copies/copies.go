package copies

import (
	"sync"

	"github.com/rouse-go/rouse"
)

type conn struct {
	rouse.Header
	n int
}

func ranges(ws []rouse.Waker, cs []conn) {
	for _, w := range ws { // want `range var w copies a Waker, which must not be copied: use a pointer, or Move it`
		w.Wake()
	}
	for _, c := range cs { // want `range var c copies a Header, which must not be copied: use a pointer`
		c.Wake()
	}
}

func appends(cs []conn, v *rouse.Vtable[conn]) []conn {
	c := conn{n: 1}
	v.Init(&c)
	return append(cs, c) // want `call of append copies a Header`
}

func assigns(s *struct{ w rouse.Waker }) {
	w := s.w // want `assignment copies a Waker to w`
	w.Wake()
}

func byValue(s rouse.State) bool { // want `byValue passes a State by value`
	return s.Notify()
}

// The rest is silent.

func indexes(ws []rouse.Waker, cs []*conn) {
	for i := range ws {
		ws[i].Wake()
	}
	for _, c := range cs {
		c.Wake()
	}
	ws[0] = ws[1].Move()
}

func fromChannel(ch chan rouse.Waker) {
	w := <-ch
	w.Wake()
	for w := range ch {
		w.Wake()
	}
	select {
	case w := <-ch:
		w.Wake()
	default:
	}
}

// No type of the kit's.
func mutex(m *sync.Mutex) {
	c := *m
	c.Lock()
}
