package resp

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// patience is how long a test waits for what must happen. It decides nothing
// but when to give up.
const patience = 30 * time.Second

// variants are the servers that every protocol test runs against.
var variants = []struct {
	name string
	cfg  Config
}{
	{"one loop", Config{Loops: 1}},
	{"three loops", Config{Loops: 3}},
	{"portable", Config{Loops: 1, Portable: true}},
	{"portable, three loops", Config{Loops: 3, Portable: true}},
}

// eachVariant runs test against every kind of server, with the limits given. A
// refused client has all the time it needs to read why.
func eachVariant(t *testing.T, lim Limits, test func(t *testing.T, s *Server)) {
	t.Helper()
	eachLinger(t, lim, patience, test)
}

func eachLinger(t *testing.T, lim Limits, linger time.Duration, test func(t *testing.T, s *Server)) {
	t.Helper()
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			cfg := v.cfg
			cfg.Limits, cfg.Linger = lim, linger
			test(t, serve(t, cfg))
		})
	}
}

// serve runs a server until the test is over. Then it must have given
// everything back.
func serve(t *testing.T, cfg Config) *Server {
	t.Helper()
	s, err := Listen("127.0.0.1:0", cfg)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve() }()
	t.Cleanup(func() {
		s.Shutdown()
		select {
		case err := <-served:
			if err != nil {
				t.Errorf("Serve: %v", err)
			}
		case <-time.After(patience):
			t.Fatalf("Serve does not return after Shutdown: %+v", s.Stats())
		}
		if st := s.Stats(); !st.Balanced() {
			t.Errorf("something is left after shutdown: %+v", st)
		}
	})
	return s
}

// A peer is a client that says just what it is told to.
type peer struct {
	t *testing.T
	*net.TCPConn
	r *bufio.Reader
}

func dial(t *testing.T, s *Server) *peer {
	t.Helper()
	c, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(patience))
	return &peer{t, c.(*net.TCPConn), bufio.NewReader(c)}
}

func (p *peer) send(s string) {
	p.t.Helper()
	if _, err := io.WriteString(p.TCPConn, s); err != nil {
		p.t.Fatalf("sending %.40q: %v", s, err)
	}
}

// try sends to a server that may have closed the connection.
func (p *peer) try(s string) { io.WriteString(p.TCPConn, s) }

// expect reads exactly what must come.
func (p *peer) expect(want string) {
	p.t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(p.r, got)
	if string(got[:n]) != want {
		p.t.Fatalf("got %.200q (%v), want %.200q", got[:n], err, want)
	}
}

// expectEnd reads the end of the connection, and nothing before it.
func (p *peer) expectEnd() {
	p.t.Helper()
	if rest, err := io.ReadAll(p.r); err != nil || len(rest) > 0 {
		p.t.Fatalf("got %.200q and %v, want the end of the connection", rest, err)
	}
}

// bulk reads a bulk string.
func (p *peer) bulk() string {
	p.t.Helper()
	var size int
	if _, err := fmt.Fscanf(p.r, "$%d\r\n", &size); err != nil {
		p.t.Fatal(err)
	}
	b := make([]byte, size+2)
	if _, err := io.ReadFull(p.r, b); err != nil {
		p.t.Fatal(err)
	}
	return string(b[:size])
}

func hasLine(text, line string) bool { return slices.Contains(strings.Split(text, "\r\n"), line) }

// reset closes the connection with a RST.
func (p *peer) reset() {
	p.SetLinger(0)
	p.Close()
}

// cmd encodes a command.
func cmd(args ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "*%d\r\n", len(args))
	for _, a := range args {
		fmt.Fprintf(&b, "$%d\r\n%s\r\n", len(a), a)
	}
	return b.String()
}

// fields encodes a command whose arguments have no spaces.
func fields(s string) string { return cmd(strings.Fields(s)...) }

func bulk(s string) string { return "$" + strconv.Itoa(len(s)) + "\r\n" + s + "\r\n" }

// await waits until the server's counters are as they should be.
func await(t *testing.T, s *Server, what string, ok func(Stats) bool) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(time.Millisecond) {
		st := s.Stats()
		if ok(st) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("waiting in vain for %s: %+v", what, st)
		}
	}
}

func awaitBlocked(t *testing.T, s *Server, n int64) {
	t.Helper()
	await(t, s, fmt.Sprintf("%d blocked clients", n), func(st Stats) bool { return st.Blocked == n })
}

// awaitGone waits until every client but n is gone, with all it had.
func awaitGone(t *testing.T, s *Server, n int64) {
	t.Helper()
	await(t, s, fmt.Sprintf("%d clients", n), func(st Stats) bool { return st.Clients == n })
}

func newClient(t *testing.T, s *Server) *redis.Client {
	cl := redis.NewClient(&redis.Options{Addr: s.Addr().String(), Protocol: 2, MaxRetries: -1,
		DialTimeout: patience, ReadTimeout: patience, PoolSize: 50})
	t.Cleanup(func() { cl.Close() })
	return cl
}

var ctx = context.Background()
