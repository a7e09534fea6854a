package proptest_test

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"github.com/rouse-go/rouse"
	"pgregory.net/rapid"
)

// A bell is a waker that is not a task's, and counts. The kit counts its clones.
type bell struct {
	owner rouse.Waker // the first one
	wakes int
	ends  int
}

var bellVtable = rouse.RawWakerVTable{
	Clone:     func(unsafe.Pointer) rouse.RawWaker { panic("the kit calls Clone") },
	Wake:      func(p unsafe.Pointer) { b := (*bell)(p); b.wakes++; b.ends++ },
	WakeByRef: func(p unsafe.Pointer) { (*bell)(p).wakes++ },
	Drop:      func(p unsafe.Pointer) { (*bell)(p).ends++ },
}

// ref returns a borrowed waker, valid until the first one is given up.
func (b *bell) ref() rouse.WakerRef {
	if b.owner.IsZero() {
		b.owner = rouse.WakerFromRaw(rouse.RawWaker{Data: unsafe.Pointer(b), VTable: &bellVtable})
	}
	return b.owner.Borrow()
}

// wrong says what is not as it must be after so many wakes, with so many
// wakers alive besides the first; the bell was used if made.
func (b *bell) wrong(made bool, wakes, wakers int) string {
	ends := count(made && b.owner.IsZero() && wakers == 0)
	if b.wakes == wakes && b.ends == ends {
		return ""
	}
	return fmt.Sprintf("a foreign waker: %d wakes, ended %d times; want %d, %d", b.wakes, b.ends, wakes, ends)
}

var pendingOps = rouse.Ops[member]{
	Poll:     func(*member, rouse.Context) bool { return false },
	Cancel:   func(*member, rouse.Cause) {},
	Schedule: func(m *member, n rouse.Notified, _ rouse.Reason) { m.due = append(m.due, n) },
}

var (
	sleepers          = rouse.NewVtable(pendingOps)
	uncountedSleepers = rouse.NewVtable(func() rouse.Ops[member] { o := pendingOps; o.Uncounted = true; return o }())
)

// A sleeper is who may wait in a cell: a task, counted or not, or a bell.
type sleeper struct {
	member
	bell  *bell // not nil: instead of a task
	ref   rouse.WakerRef
	wakes int // of the bell, expected
}

func newSleeper(kind int) *sleeper {
	s := &sleeper{member: member{life: life{owned: true, counted: kind != 1}}}
	switch kind {
	case 0:
		s.bell = new(bell)
		s.ref = s.bell.ref()
		return s
	case 1:
		uncountedSleepers.Init(&s.member)
	default:
		sleepers.Init(&s.member)
	}
	s.ref = s.WakerRef()
	return s
}

// woken is what a wake by value comes to.
func (s *sleeper) woken() {
	s.wakes++
	s.wakeByVal()
}

func (s *sleeper) check(t *rapid.T) {
	if s.bell != nil {
		if d := s.bell.wrong(true, s.wakes, s.wakers); d != "" {
			t.Fatal(d)
		}
		return
	}
	if d := s.compare(s.Snapshot()); d != "" || len(s.due) != count(s.phase == granted) {
		t.Fatalf("a task: %s; %d Notifieds, phase %v", d, len(s.due), s.phase)
	}
}

// A taken waker was in a cell.
type taken struct {
	w  rouse.Waker
	by *sleeper
}

// A cell is a WakerCell, next to who waits there.
type cell struct {
	rouse.WakerCell
	sleepers []*sleeper
	gone     []*sleeper
	waiting  *sleeper
	closed   bool
	taken    []*taken
}

// leave empties the model's cell and returns who waited.
func (c *cell) leave() (s *sleeper) {
	s, c.waiting = c.waiting, nil
	return s
}

func (c *cell) register(t *rapid.T) {
	s := pick(t, c.sleepers, "sleeper")
	if ok := c.Register(s.ref); ok == c.closed {
		t.Fatalf("Register reports %v, the cell is closed: %v", ok, c.closed)
	}
	if c.closed || c.waiting == s {
		return
	}
	s.clone()
	if old := c.leave(); old != nil {
		old.woken()
	}
	c.waiting = s
}

// waitUntil draws what cond says at the first look, and at the second.
func (c *cell) waitUntil(t *rapid.T) {
	s := pick(t, c.sleepers, "sleeper")
	looks := rapid.SliceOfN(rapid.Bool(), 2, 2).Draw(t, "looks")
	first, last := looks[0], looks[0] || looks[1]
	holds, ready := c.WaitUntil(rouse.NewContext(s.ref), func() (now bool) {
		now, looks = looks[0], looks[1:]
		return
	})
	if holds != last || ready != (last || c.closed) {
		t.Fatalf("WaitUntil returns %v, %v; it holds: %v, and before: %v; closed: %v", holds, ready, last, first, c.closed)
	}
	switch {
	case c.closed:
		return
	case !first && c.waiting != s:
		s.clone()
		if old := c.leave(); old != nil {
			old.woken()
		}
		c.waiting = s
	}
	if last && c.waiting == s {
		c.leave().drop()
	}
}

func (c *cell) take(t *rapid.T) {
	w, ok := c.Take()
	s := c.leave()
	if ok != (s != nil) || ok && !w.WillWake(s.ref) {
		t.Fatalf("Take returns %v, %v; who waits: %v", w.IsZero(), ok, s)
	}
	if ok {
		c.taken = append(c.taken, &taken{w.Move(), s})
	}
}

func (c *cell) consume(t *rapid.T) {
	i := rapid.IntRange(0, len(c.taken)-1).Draw(t, "which")
	k := c.taken[i]
	c.taken = slices.Delete(c.taken, i, i+1)
	if rapid.Bool().Draw(t, "wake") {
		k.by.woken()
		k.w.Wake()
	} else {
		k.by.drop()
		k.w.Drop()
	}
}

func wakerCellProperty(t *rapid.T) {
	c := new(cell)
	for range 4 {
		c.sleepers = append(c.sleepers, newSleeper(rapid.IntRange(0, 3).Draw(t, "kind")))
	}
	wake := func(op func(*rouse.WakerCell)) func(*rapid.T) {
		return func(*rapid.T) {
			op(&c.WakerCell)
			if s := c.leave(); s != nil {
				s.woken()
			}
		}
	}
	spare := func() bool { return len(c.sleepers) > 2 }
	due := func(s *sleeper) bool { return len(s.due) > 0 }
	machine(t, c.check,
		act{"Register", always, c.register},
		act{"WaitUntil", always, c.waitUntil},
		act{"Wake", always, wake((*rouse.WakerCell).Wake)},
		act{"Take", always, c.take},
		act{"Close", always, func(t *rapid.T) { wake((*rouse.WakerCell).Close)(t); c.closed = true }},
		act{"give up", spare, func(t *rapid.T) {
			i := rapid.IntRange(0, len(c.sleepers)-1).Draw(t, "which")
			if s := c.sleepers[i]; s.bell != nil { // it registers no more
				s.bell.owner.Drop()
				c.gone = append(c.gone, s)
				c.sleepers = slices.Delete(c.sleepers, i, i+1)
			}
		}},
		act{"consume", func() bool { return len(c.taken) > 0 }, c.consume},
		act{"Run", func() bool { return slices.ContainsFunc(c.sleepers, due) }, func(*rapid.T) {
			s := c.sleepers[slices.IndexFunc(c.sleepers, due)]
			n := s.due[0]
			s.due = nil
			s.begin()
			n.Run()
			s.pend()
		}},
	)
}

func (c *cell) check(t *rapid.T) {
	for _, s := range slices.Concat(c.sleepers, c.gone) {
		s.check(t)
	}
}

func TestWakerCell(t *testing.T) { check(t, wakerCellProperty) }
