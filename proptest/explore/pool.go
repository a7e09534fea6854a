package explore

import (
	"reflect"
	"sync"
	"unsafe"
)

// Pool is a sync.Pool. In an exploration it keeps what is put into it, gives the latest back, and
// starts empty in each execution; as with a sync.Pool, a Put is synchronized before the Get that
// returns its value.
type Pool struct {
	// New makes a value when there is none to reuse.
	New func() any

	p     sync.Pool
	items []*pooled
	run   uint64 // the execution that items belong to
}

// pooled is an object of its own, as each Put orders only the Get that takes its value.
type pooled struct{ v any }

// Put gives v to the pool.
func (p *Pool) Put(v any) {
	if v == nil {
		return
	}
	e := active.Load()
	if e == nil {
		p.p.Put(v)
		return
	}
	o := e.begin(opPut, kindPool, unsafe.Pointer(p), 0, 0)
	if o == nil && e.mode == counting {
		p.p.Put(v)
		return
	}
	p.empty(e)
	it := &pooled{v}
	p.items = append(p.items, it)
	if o == nil {
		return
	}
	t := e.cur
	t.hist = mix(t.hist, 9)
	slot := e.touch(t, unsafe.Pointer(it), kindPointee)
	slot.know = t.know
	slot.value = e.contentOrWriter(t, reflect.ValueOf(&it.v).Elem())
	e.rehash(slot)
	e.poolChanged(p, o)
	e.note(t, o, "%v.Put", o)
}

// Get takes a value from the pool, or makes one.
func (p *Pool) Get() any {
	e := active.Load()
	if e == nil {
		if v := p.p.Get(); v != nil || p.New == nil {
			return v
		}
		return p.New()
	}
	o := e.begin(opGet, kindPool, unsafe.Pointer(p), 0, 0)
	var v any
	if o == nil && e.mode == counting {
		v = p.p.Get()
	} else {
		p.empty(e)
		if n := len(p.items); n > 0 {
			it := p.items[n-1]
			p.items[n-1] = nil
			p.items = p.items[:n-1]
			v = it.v
			if o != nil {
				slot := e.touch(e.cur, unsafe.Pointer(it), kindPointee)
				e.learn(&e.cur.know, &slot.know)
				e.cur.hist = mix(mix(e.cur.hist, uint64(slot.localName(e.cur.index))), slot.value)
			}
		} else if o != nil {
			e.cur.hist = mix(e.cur.hist, 0)
		}
		if o != nil {
			e.poolChanged(p, o)
			e.note(e.cur, o, "%v.Get() = %s", o, map[bool]string{true: "new", false: "reused"}[v == nil])
		}
	}
	if v == nil && p.New != nil {
		return p.New()
	}
	return v
}

func (p *Pool) empty(e *engine) {
	if p.run != e.execution {
		p.run = e.execution
		p.items = nil
	}
}

// poolChanged brings the state up to date: a pool's value is what is in it, in order.
func (e *engine) poolChanged(p *Pool, o *object) {
	h := uint64(len(p.items))
	for _, it := range p.items {
		slot := e.touch(e.cur, unsafe.Pointer(it), kindPointee)
		h = mix(h, slot.name)
	}
	e.changed(o, o.value, h)
	o.value = h
	e.rehash(o)
	e.touched(o, true)
}
