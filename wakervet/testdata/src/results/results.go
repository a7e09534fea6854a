package results

import "github.com/rouse-go/rouse"

type box struct {
	state rouse.State
	cell  rouse.WakerCell
	tasks rouse.OwnedTasks
	n     int
}

func (b *box) send() {
	b.state.Notify() // want `the result of Notify is ignored: true says that this caller must start the run`
}

func (b *box) run() {
	b.state.Begin()     // want `the result of Begin is ignored: false says that the state is closed`
	defer b.state.End() // want `the result of End is ignored: true says that more came`
	b.state.Notify()    // a run that is under way sees it
	_ = b.state.Notify()
}

func (b *box) others() {
	b.state.TryNotify() // want `the result of TryNotify is ignored: it says whether this caller must start the run`
	b.state.Resume()    // want `the result of Resume is ignored: true says that this caller must start the run`
	b.state.Suspend()
	b.state.Finish() // want `the result of Finish is ignored: false says that the state was notified`
	b.state.Yield()  // want `the result of Yield is ignored: false says that the state is suspended`
	defer func() {
		b.state.Yield()  // want `the result of Yield is ignored`
		b.state.Finish() // want `the result of Finish is ignored`
	}()
	_, _ = b.state.Yield(), b.state.Finish()
	if b.state.Yield() {
		go b.run()
	}
	more := b.state.Yield()
	if _ = b.state.Finish(); more {
		go b.run()
	}
	b.state.Open()
}

func (b *box) close() {
	b.state.Close() // want `the result of Close is ignored: true says that this caller holds the run`
	b.cell.Close()
	b.tasks.CloseAndShutdownAll()
}

func (b *box) Poll(cx rouse.Context) (int, bool) {
	if b.n > 0 {
		b.cell.Register(cx.Waker())
		return b.n, b.n > 1 // which looks again
	}
	b.cell.Register(cx.Waker()) // want `the result of Register is ignored: false says that the cell is closed`
	return 0, false
}

type conn struct{ rouse.Header }

func (b *box) add(c *conn, o *rouse.OwnedTasks) {
	b.tasks.Bind(&c.Header) // want `the result of Bind is ignored: false says that the list is closed`
	o.Bind(&c.Header)       // want `the result of Bind is ignored`
	if !b.tasks.Bind(&c.Header) {
		c.Close()
	}
	c.Abort()
}

// The rest is silent: nobody closes these.

type open struct {
	state rouse.State
	cell  rouse.WakerCell
	n     int
}

func (o *open) run() {
	o.state.Begin()
	if o.state.End() {
		go o.run()
	}
}

// Nobody suspends it, so that Yield reports true; and nobody notifies it while it ends.
func (o *open) yield() {
	o.state.Yield()
	go o.run()
	o.state.Finish()
}

func (o *open) Poll(cx rouse.Context) (int, bool) {
	o.cell.Register(cx.Waker())
	return o.n, o.n > 0
}

func measured(c *conn) {
	var list rouse.OwnedTasks
	list.Bind(&c.Header)
	var s rouse.State
	s.Notify()
}
