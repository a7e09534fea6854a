package inline

import "github.com/rouse-go/rouse"

type direct struct{}

func (direct) Schedule(n rouse.Notified, why rouse.Reason) {
	n.Run() // want `a scheduler runs the task inline, inside the Wake or Drop that scheduled it: queue it`
}

func (direct) Yield(n rouse.Notified) {
	defer n.Run() // want `a scheduler runs the task inline`
}

type popping struct{ q rouse.RunQueue }

func (p *popping) Schedule(n rouse.Notified, why rouse.Reason) {
	if p.q.Push(n) {
		func() {
			for n, ok := p.q.Pop(); ok; n, ok = p.q.Pop() {
				n.Run() // want `a scheduler runs the task inline`
			}
		}()
	}
}

type conn struct{ rouse.Header }

func (c *conn) submit(n rouse.Notified, _ rouse.Reason) {
	n.Run() // want `a scheduler runs the task inline`
}

var vtable = rouse.NewVtable(rouse.Ops[conn]{
	Schedule: (*conn).submit,
	Yield:    func(_ *conn, n rouse.Notified) { n.Run() }, // want `a scheduler runs the task inline`
})

var schedule = rouse.ScheduleFunc(func(n rouse.Notified, _ rouse.Reason) {
	n.Run() // want `a scheduler runs the task inline`
})

func start(s rouse.ScheduleFunc) {}

func literal() {
	start(func(n rouse.Notified, _ rouse.Reason) { n.Run() }) // want `a scheduler runs the task inline`
}

type helped struct{ q rouse.RunQueue }

func (h *helped) Schedule(n rouse.Notified, why rouse.Reason) {
	h.q.Push(n)
	h.drain() // want `a scheduler runs the task inline, inside the Wake or Drop that scheduled it: queue it \(drain, called here, runs it\)`
}

func (h *helped) Yield(n rouse.Notified) { exec(n) } // want `exec, called here, runs it`

func (h *helped) drain() {
	for n, ok := h.q.Pop(); ok; n, ok = h.q.Pop() {
		exec(n)
	}
}

func exec(n rouse.Notified) { n.Run() }

// The rest is silent.

type good struct {
	q    rouse.RunQueue
	work chan func()
}

func (g *good) Schedule(n rouse.Notified, why rouse.Reason) {
	switch why {
	case 0:
		go n.Run()
	case 1:
		go func() { n.Run() }()
	case 3:
		go exec(n)
	case 4:
		g.later(g.run)
	case 2:
		g.work <- func() { n.Run() }
	default:
		if g.q.Push(n) {
			g.work <- g.run
		}
	}
}

func (g *good) later(f func()) { g.work <- f }

func (g *good) Yield(n rouse.Notified) { g.Schedule(n, 2) }

func (g *good) run() {
	for n, ok := g.q.Pop(); ok; n, ok = g.q.Pop() {
		n.Run()
	}
}

// Not a Scheduler's: the caller asks for a run.
func (g *good) RunNow(n rouse.Notified, why rouse.Reason) { n.Run() }
