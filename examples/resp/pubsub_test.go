package resp

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

func message(ch, m string) string { return "*3\r\n" + bulk("message") + bulk(ch) + bulk(m) }

// Every subscriber gets every message, in order, from publishers on all loops.
func TestPublish(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		const subscribers, publishers, messages = 10, 4, 100
		var subs []*peer
		for range subscribers {
			p := dial(t, s)
			args, want := []string{"SUBSCRIBE"}, ""
			for i := range publishers {
				ch := fmt.Sprint("ch", i)
				args = append(args, ch)
				want += fmt.Sprintf("*3\r\n%s%s:%d\r\n", bulk("subscribe"), bulk(ch), i+1)
			}
			p.send(cmd(args...))
			p.expect(want)
			subs = append(subs, p)
		}
		var wg sync.WaitGroup
		for i := range publishers {
			p := dial(t, s)
			wg.Add(1)
			go func() {
				defer wg.Done()
				for m := range messages {
					p.send(fields(fmt.Sprintf("PUBLISH ch%d %d", i, m)))
				}
				p.expect(strings.Repeat(fmt.Sprintf(":%d\r\n", subscribers), messages))
			}()
		}
		for _, p := range subs {
			next := make(map[string]int)
			for range publishers * messages {
				var parts [3]string
				p.expect("*3\r\n")
				for i := range parts {
					p.r.ReadString('\n')
					parts[i], _ = p.r.ReadString('\n')
				}
				ch := strings.TrimSpace(parts[1])
				if got, want := strings.TrimSpace(parts[2]), fmt.Sprint(next[ch]); got != want {
					t.Fatalf("%s: got message %s, want %s", ch, got, want)
				}
				next[ch]++
			}
		}
		wg.Wait()
	})
}

// A subscriber's own requests are answered among its messages.
func TestSubscriberTalks(t *testing.T) {
	eachVariant(t, Limits{}, func(t *testing.T, s *Server) {
		sub, pub := dial(t, s), dial(t, s)
		sub.send(fields("SUBSCRIBE c"))
		sub.expect("*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		pub.send(fields("PUBLISH c one"))
		pub.expect(":1\r\n")
		sub.expect(message("c", "one"))
		sub.send(fields("PING"))
		sub.expect("*2\r\n" + bulk("pong") + bulk(""))
		sub.send(fields("UNSUBSCRIBE c") + fields("PING"))
		sub.expect("*3\r\n" + bulk("unsubscribe") + bulk("c") + ":0\r\n+PONG\r\n")
		pub.send(fields("PUBLISH c two"))
		pub.expect(":0\r\n")
		sub.send(fields("SUBSCRIBE c") + fields("QUIT"))
		sub.expect("*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n+OK\r\n")
		sub.expectEnd()
		await(t, s, "no channels", func(st Stats) bool { return st.Channels == 0 && st.Wakers == 0 })
	})
}

// A mailbox that could not be emptied because the output was full is emptied
// once the client reads.
func TestMailWaitsForReader(t *testing.T) {
	lim := Limits{MaxBulk: 1 << 20, OutSoft: 1000, OutHard: 64 << 20}
	eachVariant(t, lim, func(t *testing.T, s *Server) {
		sub, pub := dial(t, s), dial(t, s)
		sub.send(fields("SUBSCRIBE c"))
		sub.expect("*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		body := strings.Repeat("m", 100_000)
		const n = 200 // 20 MB: more than sockets hold
		for range n {
			pub.send(cmd("PUBLISH", "c", body))
			pub.expect(":1\r\n")
		}
		for range n {
			sub.expect(message("c", body))
		}
	})
}

// What a client can subscribe to is bounded: beyond that it gets an error, and
// keeps what it has.
func TestTooManySubscriptions(t *testing.T) {
	name := func(c string) string { return strings.Repeat(c, 1000) }
	confirm := func(kind, ch string, n int) string {
		return fmt.Sprintf("*3\r\n%s%s:%d\r\n", bulk(kind), bulk(ch), n)
	}
	const refusal = "-ERR max size of subscriptions reached\r\n"
	lim := Limits{MaxSubs: 3 * subSize(1000)}
	eachVariant(t, lim, func(t *testing.T, s *Server) {
		p := dial(t, s)
		p.send(cmd("SUBSCRIBE", name("a"), name("b"), name("c"), "d") + fields("DBSIZE"))
		p.expect(refusal + ":0\r\n") // not a subscriber
		await(t, s, "no channels", func(st Stats) bool { return st.Channels == 0 })

		p.send(cmd("SUBSCRIBE", name("a"), name("b")) + cmd("SUBSCRIBE", name("c"), "d") + cmd("SUBSCRIBE", name("c")))
		p.expect(confirm("subscribe", name("a"), 1) + confirm("subscribe", name("b"), 2) + refusal + confirm("subscribe", name("c"), 3))
		for range 3 {
			p.send(cmd("SUBSCRIBE", "d") + cmd("SUBSCRIBE", name("a")))
			p.expect(refusal + confirm("subscribe", name("a"), 3))
		}
		p.send(cmd("UNSUBSCRIBE", name("b")) + cmd("SUBSCRIBE", "d") + cmd("SUBSCRIBE", name("b")))
		p.expect(confirm("unsubscribe", name("b"), 2) + confirm("subscribe", "d", 3) + refusal)

		// Another client's limit is its own, and this one starts afresh.
		q := dial(t, s)
		q.send(cmd("SUBSCRIBE", name("x"), name("y"), name("z")))
		q.expect(confirm("subscribe", name("x"), 1) + confirm("subscribe", name("y"), 2) + confirm("subscribe", name("z"), 3))
		p.send(cmd("UNSUBSCRIBE", name("a"), name("c"), "d") + cmd("SUBSCRIBE", name("a"), name("b"), name("c")))
		p.expect(confirm("unsubscribe", name("a"), 2) + confirm("unsubscribe", name("c"), 1) + confirm("unsubscribe", "d", 0) +
			confirm("subscribe", name("a"), 1) + confirm("subscribe", name("b"), 2) + confirm("subscribe", name("c"), 3))
	})
}
