//go:build linux || darwin || dragonfly || freebsd || netbsd || openbsd

// Command echo sends back what its clients send. It is a small event loop that
// is complete: one goroutine serves all connections, each of which is a task.
// README.md beside it leads through it.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/rouse-go/rouse"
)

// A conn is a connection, and the task that serves it: the Header makes it one.
// Only its polls use the other fields, and all of them run on the loop's goroutine.
type conn struct {
	rouse.Header
	loop *loop
	fd   int
	rest []byte      // was read, and not sent yet: the socket had no room for it
	idle *time.Timer // wakes the task when the client has been idle for too long
	due  time.Time   // when that is
}

// connVtable says what the kit calls for a conn. The garbage collector owns the
// tasks, so a timer may wake one at any time, also after it has ended.
var connVtable = rouse.NewVtable(rouse.Ops[conn]{
	Poll:      (*conn).poll,
	Cancel:    func(c *conn, why rouse.Cause) { c.end("bye: " + why.String() + "\n") },
	Schedule:  func(c *conn, n rouse.Notified, why rouse.Reason) { c.loop.queue.Schedule(n, why) },
	Uncounted: true,
})

// stepsPerPoll is how much of a client that keeps sending is served before it
// is the others' turn.
const stepsPerPoll = 4

// poll serves the connection as far as its socket allows. It returns true when
// the task has come to its end, and false to be called again after a wake.
func (c *conn) poll(cx rouse.Context) (ready bool) {
	for range stepsPerPoll {
		more, err := c.step()
		switch {
		case err != nil:
			return c.end("")
		case more:
		case time.Now().Before(c.due):
			return false // the loop or the timer will wake the task
		default:
			return c.end("bye: idle\n")
		}
	}
	cx.Waker().WakeByRef() // to the end of the queue
	return false
}

// step sends what the last step left, or else reads once and sends that. It
// reports whether the socket may be ready for another step.
func (c *conn) step() (more bool, err error) {
	out := c.rest
	if len(out) == 0 {
		n, err := read(c.fd, c.loop.buf[:])
		if n == 0 {
			return false, err
		}
		out = c.loop.buf[:n]
	}
	n, err := write(c.fd, out)
	if n > 0 {
		c.active()
	}
	c.rest = append([]byte(nil), out[n:]...)
	return len(c.rest) == 0, err
}

// active begins the client's idle time anew.
func (c *conn) active() {
	c.due = time.Now().Add(c.loop.patience)
	if c.idle == nil {
		c.idle = time.AfterFunc(c.loop.patience, c.Wake)
		return
	}
	c.idle.Reset(c.loop.patience)
}

// end gives back what the connection has, after a last word to the client. The
// task ends with it.
func (c *conn) end(word string) (ready bool) {
	if word != "" {
		write(c.fd, append(c.rest, word...)) // as much as there is room for
	}
	if c.idle != nil {
		c.idle.Stop()
	}
	delete(c.loop.conns, c.fd)
	closeSocket(c.fd)
	return true
}

// A loop serves its connections on one goroutine.
type loop struct {
	queue    rouse.RunQueue   // the tasks that have to run; it is their scheduler
	owned    rouse.OwnedTasks // the tasks that exist
	sockets  *sockets
	asleep   atomic.Bool   // the loop may be waiting for sockets
	conns    map[int]*conn // by descriptor
	patience time.Duration // with idle clients
	buf      [64 << 10]byte
}

// run serves until ctx ends. Then it cancels all tasks, and returns when the last
// has ended. CloseAndShutdownAll cancels those that are idle. The others owe a
// run: they are cancelled when the queue comes to them.
func (l *loop) run(ctx context.Context) {
	l.queue.NonEmpty = l.wake
	defer context.AfterFunc(ctx, l.sockets.interrupt)()
	for ctx.Err() == nil {
		l.runTasks()
		l.await()
	}
	l.owned.CloseAndShutdownAll()
	for l.runTasks(); len(l.conns) > 0; l.runTasks() {
		l.await()
	}
}

// runTasks runs what is queued, up to the sockets' turn.
func (l *loop) runTasks() {
	for range 256 {
		if !l.queue.RunOne() {
			return
		}
	}
}

// await waits for sockets, unless there is a task to run, and wakes their tasks.
// A task that is queued before asleep is set is found by RunOne. One that is
// queued later interrupts the wait. So none is slept over.
func (l *loop) await() {
	l.asleep.Store(true)
	nothing := !l.queue.RunOne()
	ready := l.sockets.wait(nothing)
	l.asleep.Store(false)
	for _, fd := range ready {
		if c := l.conns[fd]; c != nil {
			c.Wake()
		} else { // the listener, or an interrupt
			l.accept()
		}
	}
}

// wake is called for a task that was put into the empty queue, by whoever put it
// there: the loop, or a timer on a goroutine of its own.
func (l *loop) wake() {
	if l.asleep.Load() {
		l.sockets.interrupt()
	}
}

// accept makes tasks of the connections that wait: owned owns them, and each owes
// its first run. If owned is closed, InitBound has cancelled the task.
func (l *loop) accept() {
	for {
		fd, err := l.sockets.accept()
		if err != nil { // too many open files, perhaps
			fmt.Fprintln(os.Stderr, "echo: accept:", err)
			time.AfterFunc(100*time.Millisecond, l.sockets.interrupt)
		}
		if fd < 0 {
			return
		}
		c := &conn{loop: l, fd: fd}
		l.conns[fd] = c
		if n, open := connVtable.InitBound(c, &l.owned); open {
			c.active()
			l.queue.Schedule(n, rouse.Spawned)
		}
	}
}

func main() {
	addr := flag.String("addr", "127.0.0.1:7007", "where to listen")
	patience := flag.Duration("idle", time.Minute, "how long a client may be idle")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	s, err := listen(*addr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "echo:", err)
		os.Exit(1)
	}
	defer s.close()
	fmt.Println("listening on", s.addr)
	l := &loop{sockets: s, conns: map[int]*conn{}, patience: *patience}
	l.run(ctx)
	fmt.Println("shut down; connections served:", l.owned.Counters().Bound)
}
