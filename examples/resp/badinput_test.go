package resp

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"
)

var small = Limits{MaxBulk: 1 << 20, MaxArgs: 16, MaxRequest: 2 << 20, OutSoft: 64 << 10, OutHard: 4 << 20}

// Each ends the connection, after an error reply and after what came before it
// was answered.
func TestBadInput(t *testing.T) {
	cases := []struct{ name, send, want string }{
		{"no count", "*x\r\n", "-ERR Protocol error: invalid multibulk length\r\n"},
		{"negative length", "*1\r\n$-5\r\n", "-ERR Protocol error: invalid bulk length\r\n"},
		{"length that overflows", "*1\r\n$9223372036854775807\r\n", "-ERR Protocol error: invalid bulk length\r\n"},
		{"no bulk", "*1\r\n:1\r\n", "-ERR Protocol error: expected '$', got ':'\r\n"},
		{"wrong end of bulk", "*1\r\n$1\r\nabc\r\n", "-ERR Protocol error: invalid bulk length\r\n"},
		{"too many arguments", "*17\r\n", "-ERR Protocol error: invalid multibulk length\r\n"},
		{"an argument too long", "*2\r\n$3\r\nGET\r\n$1048577\r\n", "-ERR Protocol error: invalid bulk length\r\n"},
		{"too long in all", "*9\r\n" + strings.Repeat(bulk(strings.Repeat("x", 1<<20)), 2) + "$1000\r\n",
			"-ERR Protocol error: request longer than 2097152 bytes\r\n"},
		{"a line without end", strings.Repeat("x", 128<<10), "-ERR Protocol error: too big inline request\r\n"},
		{"a count without end", "*" + strings.Repeat("1", 128<<10), "-ERR Protocol error: too big mbulk count string\r\n"},
		{"unbalanced quotes", "ECHO \"a\r\n", "-ERR Protocol error: unbalanced quotes in request\r\n"},
		{"a long line in one piece", "DEL" + strings.Repeat(" x", 31_000) + "\r\n", "-ERR Protocol error: too big inline request\r\n"},
	}
	eachVariant(t, small, func(t *testing.T, s *Server) {
		for _, tt := range cases {
			t.Run(tt.name, func(t *testing.T) {
				p := dial(t, s)
				p.send(fields("PING") + tt.send)
				p.expect("+PONG\r\n" + tt.want)
				p.expectEnd()
			})
		}
		awaitGone(t, s, 0)
	})
}

// A client that is refused while it sends can go on sending, for a while, and
// still reads why it was refused.
func TestRefusedWhileSending(t *testing.T) {
	eachVariant(t, small, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.send("*2\r\n$4\r\nECHO\r\n$1048577\r\n")
		p.send(strings.Repeat("x", 1<<20))
		p.expect("-ERR Protocol error: invalid bulk length\r\n")
		p.expectEnd()
		p.Close()
		awaitGone(t, s, 0)
	})
}

// One that never stops is cut off.
func TestRefusedForEver(t *testing.T) {
	eachLinger(t, small, 200*time.Millisecond, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.send("*x\r\n")
		junk := strings.Repeat("x", 64<<10)
		for {
			if _, err := io.WriteString(p.TCPConn, junk); err != nil {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					t.Fatal("the server neither read nor closed")
				}
				break
			}
		}
		awaitGone(t, s, 0)
	})
}

// So is one that does not read the replies that it asked for before: it is not
// even read from.
func TestRefusedWhileBehind(t *testing.T) {
	lim := small
	lim.OutSoft, lim.OutHard = 16<<20, 32<<20
	eachLinger(t, lim, 200*time.Millisecond, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.SetReadBuffer(4096)
		p.send(cmd("SET", "big", strings.Repeat("v", 1<<20)))
		p.expect("+OK\r\n")
		// More than the buffers on the way take, and less than OutSoft.
		p.send(strings.Repeat(fields("GET big"), 12) + "*x\r\n")
		junk := strings.Repeat("x", 64<<10)
		for {
			if _, err := io.WriteString(p.TCPConn, junk); err != nil {
				if errors.Is(err, os.ErrDeadlineExceeded) {
					t.Fatal("the server does not close the connection")
				}
				break
			}
		}
		awaitGone(t, s, 0)
	})
}

func TestTooManyClients(t *testing.T) {
	lim := small
	lim.MaxClients = 2
	eachVariant(t, lim, func(t *testing.T, s *Server) {
		a, b := dial(t, s), dial(t, s)
		for _, p := range []*peer{a, b} {
			p.send(fields("PING"))
			p.expect("+PONG\r\n")
		}
		c := dial(t, s)
		c.expect("-ERR max number of clients reached\r\n")
		c.expectEnd()
		c.Close()
		a.Close()
		awaitGone(t, s, 1)
		d := dial(t, s)
		d.send(fields("PING"))
		d.expect("+PONG\r\n")
	})
}

// A client that does not read is not read from: what the server holds for it
// stays bounded, and nothing is lost when it reads at last.
func TestSlowReader(t *testing.T) {
	eachVariant(t, small, func(t *testing.T, s *Server) {
		p := dial(t, s)
		value := strings.Repeat("v", 100<<10)
		p.send(cmd("SET", "big", value))
		p.expect("+OK\r\n")

		// 30 MB of requests, for 100 GB of replies, sent as fast as the server
		// takes them, and read one by one. It holds a few at a time: more than
		// OutHard would cost the client its connection, and it executes no more
		// than what was read and what the buffers on the way have room for.
		const inBuffers = 1000
		var sender sync.WaitGroup
		sender.Add(1)
		go func() {
			defer sender.Done()
			io.WriteString(p.TCPConn, strings.Repeat(fields("GET big"), 1<<20)) // until the reset
		}()
		for read := range int64(200) {
			p.expect(bulk(value))
			if n := s.Stats().Commands; n > read+inBuffers {
				t.Fatalf("%d requests were served to a client that has read %d replies", n, read)
			}
		}
		p.reset()
		sender.Wait()
		awaitGone(t, s, 0)
	})
}

// A reply that no client may make the server hold ends the connection.
func TestReplyTooLarge(t *testing.T) {
	eachVariant(t, small, func(t *testing.T, s *Server) {
		p := dial(t, s)
		value := strings.Repeat("v", 1<<20)
		for range 8 {
			p.send(cmd("RPUSH", "l", value))
		}
		for i := range 8 {
			p.expect(":" + string(rune('1'+i)) + "\r\n")
		}
		p.send(fields("LRANGE l 0 -1"))
		p.expectEnd()
		awaitGone(t, s, 0)
	})
}

// A subscriber that does not read is disconnected once its mailbox is full,
// and the publisher never waits for it.
func TestSlowSubscriber(t *testing.T) {
	eachVariant(t, small, func(t *testing.T, s *Server) {
		slow := dial(t, s)
		slow.send(fields("SUBSCRIBE c"))
		slow.expect("*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		p := dial(t, s)
		msg := cmd("PUBLISH", "c", strings.Repeat("m", 256<<10))
		for end := time.Now().Add(patience); ; {
			p.send(msg)
			line, err := p.r.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			if line == ":0\r\n" {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the slow subscriber is never disconnected")
			}
		}
		awaitGone(t, s, 1)
		if n := s.Stats().TooSlow; n != 1 {
			t.Errorf("%d clients are counted as too slow", n)
		}
	})
}
