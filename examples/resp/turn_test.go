package resp

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
	"unsafe"

	"github.com/rouse-go/rouse"
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
func (r *scripted) addrs(*conn) (addr, laddr string)     { return "", "" }
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
	s.notices.init()
	for i := range s.stores {
		s.stores[i] = newStore(1, func() {})
	}
	r := &scripted{out: make([]byte, 0, 1<<20)}
	l := &loop{srv: s, lim: &s.cfg.Limits, buf: make([]byte, inputBuf), reactor: r}
	l.resetOut()
	l.tick()
	s.loops = []*loop{l}
	c := &conn{loop: l, ready: writable, flags: fresh}
	start(l, connVtable, c, "", 0)
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

// An idle connection is its struct: one of the allocator's 208 bytes, where
// nothing is traced or debugged and the Header has 56.
func TestConnSize(t *testing.T) {
	if size := unsafe.Sizeof(conn{}) - unsafe.Sizeof(rouse.Header{}); size > 208-56 {
		t.Errorf("a connection is %d bytes besides its Header", size)
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
