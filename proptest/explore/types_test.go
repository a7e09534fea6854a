package explore

import (
	"sync"
	"testing"
	"unsafe"
)

// Outside explorations the types are what they replace, for any number of goroutines.
func TestOutsideExplorations(t *testing.T) {
	var (
		u    Uint64
		i32  Int32
		bits Uint32
		p    Pointer[int]
		mu   Mutex
		sum  int
		pool = Pool{New: func() any { return new(int) }}
		wg   sync.WaitGroup
	)
	for g := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for range 1000 {
				u.Add(2)
				u.Sub(1)
				for v := u.Load(); !u.CompareAndSwap(v, v+1); v = u.Load() {
					Pause()
				}
				i32.Add(-1)
				bits.Or(1 << g)
				old := p.Load()
				p.CompareAndSwap(old, new(int))
				mu.Lock()
				sum++
				mu.Unlock()
				if mu.TryLock() {
					mu.Unlock()
				}
				v := pool.Get().(*int)
				*v++
				pool.Put(v)
			}
		}()
	}
	wg.Wait()
	if u.Load() != 16000 || i32.Load() != -8000 || bits.Load() != 0xff || sum != 8000 || p.Load() == nil {
		t.Errorf("u = %d, i32 = %d, bits = %#x, sum = %d", u.Load(), i32.Load(), bits.Load(), sum)
	}
}

func TestValues(t *testing.T) {
	check := func(t *testing.T, x interface{ Errorf(string, ...any) }) {
		var u Uint64
		var b Bool
		var i Int64
		var n Int32
		var m Uint32
		var p Pointer[int]
		one, two := new(int), new(int)
		u.Store(5)
		b.Store(true)
		i.Store(-3)
		n.Store(-3)
		m.Store(1)
		p.Store(one)
		for name, ok := range map[string]bool{
			"Add":            u.Add(2) == 7,
			"Sub":            i.Add(-2) == -5,
			"Swap":           n.Swap(-4) == -3 && n.Load() == -4,
			"Int32.Add":      n.Add(-1) == -5 && n.Add(10) == 5,
			"Int32.CAS":      n.CompareAndSwap(5, -1) && !n.CompareAndSwap(5, 6) && n.Load() == -1,
			"Uint32.Add":     m.Add(^uint32(0)) == 0 && m.Add(^uint32(0)) == 1<<32-1,
			"Uint32.And":     m.And(6) == 1<<32-1 && m.Or(8) == 6 && m.Load() == 14,
			"Bool.Swap":      b.Swap(false) && !b.Load(),
			"Bool.CAS":       b.CompareAndSwap(false, true) && !b.CompareAndSwap(false, true) && b.Load(),
			"Int64.CAS":      i.CompareAndSwap(-5, 9) && !i.CompareAndSwap(-5, 1) && i.Swap(2) == 9,
			"Pointer.CAS":    p.CompareAndSwap(one, two) && !p.CompareAndSwap(one, two) && p.Load() == two,
			"Pointer.Swap":   p.Swap(nil) == two && p.Load() == nil,
			"Uint64.And, Or": u.And(3) == 7 && u.Or(8) == 3 && u.Load() == 11,
		} {
			if !ok {
				x.Errorf("%s is wrong", name)
			}
		}
	}
	check(t, t)
	Check(t, Config{}, func(x *Exec) {
		x.Go("a", func() { check(t, t) })
	})
}

func TestLayout(t *testing.T) {
	var s struct {
		b bool
		u Uint64
	}
	if unsafe.Sizeof(s.u) != 8 || unsafe.Offsetof(s.u) != 8 || unsafe.Alignof(s.u) != 8 {
		t.Errorf("size %d, offset %d, align %d", unsafe.Sizeof(s.u), unsafe.Offsetof(s.u), unsafe.Alignof(s.u))
	}
	if unsafe.Sizeof(Pointer[int]{}) != unsafe.Sizeof(uintptr(0)) || unsafe.Sizeof(Var[int32]{}) != 4 {
		t.Error("a Pointer or a Var takes more than what it holds")
	}
}

func TestCount(t *testing.T) {
	var u Uint64
	var p Pointer[int]
	var mu Mutex
	var v Var[int]
	work := func() {
		u.Load()
		u.Store(1)
		u.Add(1)
		u.Swap(4)
		u.CompareAndSwap(4, 5)
		u.CompareAndSwap(4, 5)
		u.Or(1)
		p.CompareAndSwap(new(int), nil)
		mu.Lock()
		mu.Unlock()
		v.Set(1)
		v.Get()
	}
	want := Ops{Loads: 1, Stores: 1, RMWs: 6, FailedCAS: 2, PlainReads: 1, PlainWrites: 1, Locks: 1}
	if got := Count(work); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
	if got := Count(func() {
		var wg sync.WaitGroup
		for range 4 {
			wg.Add(1)
			go func() { defer wg.Done(); u.Add(1) }()
		}
		wg.Wait()
	}); got != (Ops{RMWs: 4}) {
		t.Errorf("counted %+v", got)
	}
	work() // counts for nobody
	if got := Count(func() {}); got != (Ops{}) {
		t.Errorf("counted %+v", got)
	}
	Check(t, Config{}, func(x *Exec) {
		var u Uint64
		x.Go("a", func() {
			u.Load()
			got := Count(func() { u.Add(1) })
			x.Assert(got == Ops{RMWs: 1}, "counted %+v", got)
			x.Assert(x.Ops() == Ops{RMWs: 1, Loads: 1}, "counted %+v", x.Ops())
		})
		x.Go("b", func() { u.Add(1) })
		x.Final(func() { x.Assert(x.Ops() == Ops{RMWs: 2, Loads: 1}, "counted %+v", x.Ops()) })
	})
}
