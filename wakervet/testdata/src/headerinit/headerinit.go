package headerinit

import "github.com/rouse-go/rouse"

type conn struct {
	rouse.Header
	n int
}

var (
	q      rouse.RunQueue
	vtable = rouse.NewVtable(rouse.Ops[conn]{Poll: func(c *conn, cx rouse.Context) bool { return keep(cx) }})
	table  *rouse.Table[conn]
)

func keep(cx rouse.Context) bool { return false }
func register(c *conn)           {}
func drain()                     {}

func (c *conn) open() { c.Init(vtable) }

func never() {
	c := new(conn)
	c.n = 1
	c.Wake() // want `c.Wake is called before Init: the task has no table yet`
}

func tooEarly() {
	c := &conn{n: 1}
	drain()
	r := c.WakerRef() // want `c.WakerRef is called before Init`
	c.Init(vtable)
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
	c.Init(vtable)
	c.Wake()
	c.Init(vtable) // want `c.Init is called while the task owes a run, and may be queued: initialise it again when it has ended`
}

func pushed(c *conn) {
	q.Push(c.InitNotified(vtable))
	c.n++
	q.Push(c.InitNotified(vtable)) // want `c.InitNotified is called while the task owes a run`
}

func typed(c *conn) {
	q.Push(table.InitNotified(c))
	table.Init(c) // want `table.Init is called while the task owes a run`
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
	q.Push(t.InitNotified(items))
	drain()
	t.Abort() // want `t.Abort is called though nobody owns the task since InitNotified: it may have been released, and be another's by now`
}

// The rest is silent.

func right() {
	c := new(conn)
	c.Init(vtable)
	c.Wake()
	drain()
	c.Init(vtable)
	table.Init(c)
	c.Wake()
	c = new(conn)
	c.Init(vtable)
}

func deferred() {
	c := new(conn)
	defer c.Close()
	c.Init(vtable)
	d := new(conn)
	go d.open()
	d.Wake()
}

func byTable() {
	c := new(conn)
	table.Init(c)
	c.Wake()
}

func elsewhereInit() {
	a := new(conn)
	a.open()
	a.Wake()
	b := new(conn)
	register(b)
	b.Wake()
	c := new(conn)
	func() { c.Init(vtable) }()
	c.Wake()
	d := &conn{Header: rouse.Header{}}
	d.Wake()
}

func somePath(lazy bool) {
	c := new(conn)
	if !lazy {
		c.Init(vtable)
	}
	if !lazy {
		c.Wake()
	}
}

func ran(c *conn) {
	n := c.InitNotified(vtable)
	n.Run()
	c.InitNotified(vtable).Run()
	c.InitNotified(vtable).Run()
}

func perTurn() {
	for range 3 {
		c := new(conn)
		c.Init(vtable)
		c.Wake()
	}
}

func kept() {
	t := &item{name: "a"}
	n := t.InitNotified(items)
	w := t.WakerRef().Clone()
	q.Push(n)
	drain()
	t.Abort()
	w.Drop()
}

func owned() {
	t := &item{name: "a"}
	t.Init(items)
	t.Wake()
	drain()
	t.Abort()
}

func waits(c *conn) {
	q.Push(c.InitNotified(vtable)) // whose poll keeps its waker
	drain()
	c.Abort()
}

func at(cs []*conn, i, j int) {
	cs[i].Init(vtable)
	cs[i].Wake()
	cs[j].Init(vtable)
}
