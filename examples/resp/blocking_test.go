package resp

import (
	"fmt"
	"testing"
	"time"
)

// First come, first served, whichever loops the clients are on.
func TestBlockedPopsInOrder(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		const n = 20
		var waiting []*peer
		for i := range n {
			p := dial(t, s)
			p.send(fields("BLPOP q other 0"))
			awaitBlocked(t, s, int64(i+1))
			waiting = append(waiting, p)
		}
		pusher := dial(t, s)
		// One at a time, then all the rest at once.
		for i := range n / 2 {
			pusher.send(fields(fmt.Sprint("RPUSH q ", i)))
			pusher.expect(":1\r\n")
			waiting[i].expect("*2\r\n" + bulk("q") + bulk(fmt.Sprint(i)))
		}
		args := []string{"RPUSH", "q"}
		for i := n / 2; i < n; i++ {
			args = append(args, fmt.Sprint(i))
		}
		pusher.send(cmd(args...))
		pusher.expect(fmt.Sprintf(":%d\r\n", n/2))
		for i := n / 2; i < n; i++ {
			waiting[i].expect("*2\r\n" + bulk("q") + bulk(fmt.Sprint(i)))
		}
		awaitBlocked(t, s, 0)
		pusher.send(fields("EXISTS q"))
		pusher.expect(":0\r\n")
	})
}

// A client in the middle of the queue that goes is passed over.
func TestBlockedPopLeavesTheQueue(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		a, b, c := dial(t, s), dial(t, s), dial(t, s)
		for i, p := range []*peer{a, b, c} {
			p.send(fields("BLPOP q 0"))
			awaitBlocked(t, s, int64(i+1))
		}
		b.reset()
		awaitBlocked(t, s, 2)
		p := dial(t, s)
		p.send(fields("RPUSH q 1 2"))
		p.expect(":2\r\n")
		a.expect("*2\r\n" + bulk("q") + bulk("1"))
		c.expect("*2\r\n" + bulk("q") + bulk("2"))
	})
}

// BLPOP takes what its list has once the whole push is done; BRPOP the other end.
func TestBlockedPopSeesWholePush(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		a, b := dial(t, s), dial(t, s)
		a.send(fields("BLPOP q 0"))
		awaitBlocked(t, s, 1)
		b.send(fields("BRPOP q 0"))
		awaitBlocked(t, s, 2)
		p := dial(t, s)
		p.send(fields("LPUSH q 1 2 3"))
		p.expect(":3\r\n")
		a.expect("*2\r\n" + bulk("q") + bulk("3"))
		b.expect("*2\r\n" + bulk("q") + bulk("1"))
		p.send(fields("LRANGE q 0 -1"))
		p.expect("*1\r\n" + bulk("2"))
	})
}

// What a blocked client has sent after its pop waits for the pop.
func TestRequestsBehindBlockedPop(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p, pusher := dial(t, s), dial(t, s)
		p.send(fields("PING") + fields("BLPOP q 0") + fields("ECHO later") + fields("BLPOP q 0") + "*1\r\n$4\r\nPI")
		p.expect("+PONG\r\n")
		awaitBlocked(t, s, 1)
		p.send("NG\r\n")
		pusher.send(fields("RPUSH q 1"))
		pusher.expect(":1\r\n")
		p.expect("*2\r\n" + bulk("q") + bulk("1") + bulk("later"))
		awaitBlocked(t, s, 1)
		pusher.send(fields("RPUSH q 2"))
		pusher.expect(":1\r\n")
		p.expect("*2\r\n" + bulk("q") + bulk("2") + "+PONG\r\n")
	})
}

// Timeouts come in their order, and none early.
func TestBlockedPopTimeouts(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		long, short, ever := dial(t, s), dial(t, s), dial(t, s)
		ever.send(fields("BLPOP q 0"))
		awaitBlocked(t, s, 1)
		start := time.Now()
		long.send(fields("BLPOP q 0.3"))
		short.send(fields("BLPOP q 0.1"))
		short.expect("*-1\r\n")
		if d := time.Since(start); d < 100*time.Millisecond {
			t.Errorf("a timeout of 100 ms came after %v", d)
		}
		long.expect("*-1\r\n")
		if d := time.Since(start); d < 300*time.Millisecond {
			t.Errorf("a timeout of 300 ms came after %v", d)
		}
		// The two are out of the queue: the next element is for the third.
		long.send(fields("RPUSH q v"))
		long.expect(":1\r\n")
		ever.expect("*2\r\n" + bulk("q") + bulk("v"))
	})
}

// Pushes race with timeouts: each element goes to one client or stays.
func TestPushAgainstTimeout(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p, pusher := dial(t, s), dial(t, s)
		served, timedOut := 0, 0
		for range 200 {
			p.send(fields("BLPOP q 0.001"))
			pusher.send(fields("RPUSH q v"))
			if line, err := p.r.ReadString('\n'); err != nil {
				t.Fatal(err)
			} else if line == "*-1\r\n" {
				timedOut++
			} else {
				p.expect(bulk("q") + bulk("v"))
				served++
			}
			if _, err := pusher.r.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		pusher.send(fields("LLEN q"))
		pusher.expect(fmt.Sprintf(":%d\r\n", timedOut))
		if served+timedOut != 200 {
			t.Errorf("%d served and %d timed out of 200", served, timedOut)
		}
	})
}

// Pushes to two keys at once serve a pop that waits for both only once.
func TestTwoKeysOneWinner(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		p, a, b := dial(t, s), dial(t, s), dial(t, s)
		for range 100 {
			p.send(fields("BLPOP ka kb 0"))
			awaitBlocked(t, s, 1)
			go a.send(fields("RPUSH ka v"))
			b.send(fields("RPUSH kb v"))
			a.expect(":1\r\n")
			b.expect(":1\r\n")
			p.expect("*2\r\n$2\r\nk")
			rest, _ := p.r.ReadString('\n')
			p.expect(bulk("v"))
			other := map[string]string{"a\r\n": "kb", "b\r\n": "ka"}[rest]
			p.send(fields("DEL ka kb"))
			p.expect(":1\r\n")
			if other == "" {
				t.Fatalf("served from k%q", rest)
			}
		}
	})
}
