//go:build !rouse_debug

package resp

import (
	"strings"
	"testing"
)

// A turn of a connection allocates nothing, and leaves it without buffers. (The
// debug build does allocate: it remembers where handles come from.)
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
