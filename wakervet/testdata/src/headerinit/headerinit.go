package headerinit

import "github.com/rouse-go/rouse"

type conn struct {
	rouse.Header
	n int
}

var (
	q      rouse.RunQueue
	vtable = rouse.NewVtable(rouse.Ops[conn]{Poll: func(c *conn, cx rouse.Context) bool { return keep(cx) }})
)

func keep(cx rouse.Context) bool { return false }
func register(c *conn)           {}
func drain()                     {}

func (c *conn) open() { vtable.Init(c) }

func never() {
	c := new(conn)
	c.n = 1
	c.Wake() // want `c.Wake is called before Init: the task has no table yet`
}

func tooEarly() {
	c := &conn{n: 1}
	drain()
	r := c.WakerRef() // want `c.WakerRef is called before Init`
	vtable.Init(c)
	r.WakeByRef()
}

func value() {
	var c conn
	if c.n == 0 {
		c.Abort() // want `c.Abort is called before Init`
	}
}

func queued() {
	c := new(conn)
	vtable.Init(c)
	c.Wake()
	vtable.Init(c) // want `vtable.Init is called while the task owes a run, and may be queued: initialise it again when it has ended`
}

func pushed(c *conn) {
	q.Push(vtable.InitNotified(c))
	c.n++
	q.Push(vtable.InitNotified(c)) // want `vtable.InitNotified is called while the task owes a run`
}

// A nested task begins with a struct that begins with a Header.
type nested struct {
	conn
	m int
}

var nestedTable = rouse.NewVtable(rouse.Ops[nested]{Poll: func(c *nested, cx rouse.Context) bool { return keep(cx) }})

func begins() {
	c := &nested{m: 1}
	c.Wake() // want `c.Wake is called before Init`
	nestedTable.Init(c)
	c.Wake()
	nestedTable.Init(c) // want `nestedTable.Init is called while the task owes a run`
}

func bare(v *rouse.Vtable[rouse.Header]) {
	h := new(rouse.Header)
	v.Init(h)
	h.Wake()
	v.Init(h) // want `v.Init is called while the task owes a run`
}

// An item is recycled, and its poll keeps no waker.
type item struct {
	rouse.Header
	name string
}

var free []*item

var items = rouse.NewVtable(rouse.Ops[item]{
	Poll:    func(t *item, _ rouse.Context) bool { return t.name == "" },
	Release: func(t *item) { free = append(free, t) },
})

func recycled() {
	t := &item{name: "a"}
	q.Push(items.InitNotified(t))
	drain()
	t.Abort() // want `t.Abort is called though nobody owns the task since InitNotified: it may have been released, and be another's by now`
}

// The rest is silent.

func right() {
	c := new(conn)
	vtable.Init(c)
	c.Wake()
	drain()
	vtable.Init(c)
	vtable.Init(c)
	c.Wake()
	c = new(conn)
	vtable.Init(c)
}

func deferred() {
	c := new(conn)
	defer c.Close()
	vtable.Init(c)
	d := new(conn)
	go d.open()
	d.Wake()
}

func elsewhereInit() {
	a := new(conn)
	a.open()
	a.Wake()
	b := new(conn)
	register(b)
	b.Wake()
	c := new(conn)
	func() { vtable.Init(c) }()
	c.Wake()
	d := &conn{Header: rouse.Header{}}
	d.Wake()
}

func somePath(lazy bool) {
	c := new(conn)
	if !lazy {
		vtable.Init(c)
	}
	if !lazy {
		c.Wake()
	}
}

func ran(c *conn) {
	n := vtable.InitNotified(c)
	n.Run()
	vtable.InitNotified(c).Run()
	vtable.InitNotified(c).Run()
}

func perTurn() {
	for range 3 {
		c := new(conn)
		vtable.Init(c)
		c.Wake()
	}
}

func kept() {
	t := &item{name: "a"}
	n := items.InitNotified(t)
	w := t.WakerRef().Clone()
	q.Push(n)
	drain()
	t.Abort()
	w.Drop()
}

func owned() {
	t := &item{name: "a"}
	items.Init(t)
	t.Wake()
	drain()
	t.Abort()
}

func waits(c *conn) {
	q.Push(vtable.InitNotified(c)) // whose poll keeps its waker
	drain()
	c.Abort()
}

func at(cs []*conn, i, j int) {
	vtable.Init(cs[i])
	cs[i].Wake()
	vtable.Init(cs[j])
}
