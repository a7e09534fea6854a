package resp

import (
	"fmt"
	"testing"
)

// mset20000 encodes an MSET of many small arguments.
func mset20000() string {
	args := []string{"MSET"}
	for i := range 20_000 {
		args = append(args, fmt.Sprint("key:", i), "v")
	}
	return cmd(args...)
}

// A command of many small arguments is read in large pieces, and each of its
// headers once before all are there, in however many pieces it comes.
func TestManyArguments(t *testing.T) {
	in := []byte(mset20000())
	for _, piece := range []int{len(in), 64 << 10, 1 << 10, 100} {
		t.Run(fmt.Sprint("pieces of ", piece), func(t *testing.T) {
			c, r := scriptedConn(t)
			r.reads = 0
			pieces, last := 0, scan{}
			for rest := in; len(rest) > 0; pieces++ {
				n := min(piece, len(rest))
				turn(c, r, rest[:n])
				if rest = rest[n:]; len(rest) > 0 && (c.scan.at < last.at || last.at > 0 && c.scan.left > last.left) {
					t.Fatalf("after %d pieces the command was read again from its start: %+v, before %+v", pieces, c.scan, last)
				}
				last = c.scan
			}
			if string(r.out) != "+OK\r\n" || c.db().size() != 20_000 {
				t.Fatalf("the reply is %q, %d keys", r.out, c.db().size())
			}
			// A read that fills its buffer is followed by another one.
			if most := pieces + 16; r.reads > 2*most {
				t.Errorf("%d bytes in %d pieces: read %d times; want %d at most", len(in), pieces, r.reads, 2*most)
			}
		})
	}
}

// So it is over a socket.
func TestManyArgumentsServed(t *testing.T) {
	in := mset20000()
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.SetNoDelay(true)
		go p.send(in + fields("DBSIZE"))
		p.expect("+OK\r\n:20000\r\n")
		go func() {
			for rest := in; len(rest) > 0; {
				n := min(1000, len(rest))
				p.send(rest[:n])
				rest = rest[n:]
			}
			p.send(fields("PING"))
		}()
		p.expect("+OK\r\n+PONG\r\n")
	})
}
