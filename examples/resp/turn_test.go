package resp

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
	"unsafe"
)

// A scripted reactor serves one connection from memory: no sockets, no noise.
type scripted struct {
	in  []byte
	out []byte
	end bool

	reads int
}

func (r *scripted) listen(net.Listener, *acceptor) error { return nil }
func (r *scripted) accept() (socket, error)              { return socket{}, errAgain }
func (r *scripted) unlisten()                            {}
func (r *scripted) add(*conn) error                      { return nil }
func (r *scripted) sending(*conn) bool                   { return false }
func (r *scripted) finish(*conn)                         {}
func (r *scripted) remove(*conn)                         { r.end = true }
func (r *scripted) wait(time.Duration)                   {}
func (r *scripted) interrupt()                           {}
func (r *scripted) close()                               {}

func (r *scripted) read(_ *conn, p []byte) (int, error) {
	r.reads++
	if len(r.in) == 0 {
		return 0, errAgain
	}
	n := copy(p, r.in)
	r.in = r.in[n:]
	return n, nil
}

func (r *scripted) write(_ *conn, p []byte) (int, error) {
	if len(r.out)+len(p) > cap(r.out) {
		return 0, io.ErrShortWrite
	}
	r.out = append(r.out, p...)
	return len(p), nil
}

// scriptedConn returns a connection on a loop whose reactor is a script, woken
// and run by the test.
func scriptedConn(t testing.TB) (*conn, *scripted) {
	cfg, err := Config{Loops: 1}.withDefaults()
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{cfg: cfg, log: cfg.Log, start: time.Now(), table: commands()}
	for i := range s.stores {
		s.stores[i] = newStore(1, func() {})
	}
	r := &scripted{out: make([]byte, 0, 1<<20)}
	l := &loop{srv: s, lim: &s.cfg.Limits, buf: make([]byte, inputBuf), reactor: r}
	l.timers.count = &s.wakers
	l.resetOut()
	l.tick()
	s.loops = []*loop{l}
	c := &conn{loop: l, ready: writable, flags: fresh}
	c.Init(connVtable)
	if !l.bind(&c.Header, "") {
		t.Fatal("the list is closed")
	}
	l.runTasks()
	return c, r
}

// turn delivers input to the connection, as a reactor would, and runs it.
func turn(c *conn, r *scripted, in []byte) {
	r.in, r.out = in, r.out[:0]
	c.ready |= readable
	c.Wake()
	c.loop.runTasks()
}

// A turn of a connection allocates nothing, and leaves it without buffers.
func TestTurnAllocatesNothing(t *testing.T) {
	for _, tt := range []struct{ name, in, out string }{
		{"ping", fields("PING"), "+PONG\r\n"},
		{"set", fields("SET key some-value"), "+OK\r\n"},
		{"get", fields("GET key"), bulk("some-value")},
		{"mset", fields("MSET key some-value other 1"), "+OK\r\n"},
		{"mget", fields("MGET key nosuch"), "*2\r\n" + bulk("some-value") + "$-1\r\n"},
		{"pipeline", strings.Repeat(fields("GET key"), 100), strings.Repeat(bulk("some-value"), 100)},
		{"publish to nobody", fields("PUBLISH c m"), ":0\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, r := scriptedConn(t)
			turn(c, r, []byte(fields("MSET key some-value other 0")))
			in := []byte(tt.in)
			allocs := testing.AllocsPerRun(100, func() { turn(c, r, in) })
			if string(r.out) != tt.out {
				t.Fatalf("the reply is %q, want %q", r.out, tt.out)
			}
			if allocs != 0 {
				t.Errorf("%v allocations in a turn", allocs)
			}
			if c.in != nil || c.out != nil {
				t.Errorf("the idle connection keeps %d bytes of input and %d of output", cap(c.in), cap(c.out))
			}
		})
	}
}

func TestIncrAllocatesNothing(t *testing.T) {
	c, r := scriptedConn(t)
	in := []byte(fields("INCR n"))
	if n := testing.AllocsPerRun(100, func() { turn(c, r, in) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// An idle connection is its struct.
func TestConnSize(t *testing.T) {
	if size := unsafe.Sizeof(conn{}); size > 256 {
		t.Errorf("a connection is %d bytes", size)
	}
	if off := unsafe.Offsetof(conn{}.Header); off != 0 {
		t.Errorf("the Header is at %d", off)
	}
}

// A broken client's task ends inside its poll; nothing of it stays.
func TestWriteErrorEndsTask(t *testing.T) {
	c, r := scriptedConn(t)
	r.out = make([]byte, 0, 4)
	c.ready |= readable
	r.in = []byte(fields("PING"))
	c.Wake()
	c.loop.runTasks()
	st := c.loop.srv.Stats()
	if !r.end || st.Completed != 1 || st.Released != 1 || st.Clients != -1 {
		t.Errorf("closed: %v, %+v", r.end, st)
	}
}

func BenchmarkTurn(b *testing.B) {
	for _, bb := range []struct{ name, in string }{
		{"ping", fields("PING")},
		{"set", fields("SET key:000000000000 xxx")},
		{"get", fields("GET key:000000000000")},
		{"get-x16", strings.Repeat(fields("GET key:000000000000"), 16)},
	} {
		b.Run(bb.name, func(b *testing.B) {
			c, r := scriptedConn(b)
			in := []byte(bb.in)
			b.ReportAllocs()
			for range b.N {
				turn(c, r, in)
			}
		})
	}
}
