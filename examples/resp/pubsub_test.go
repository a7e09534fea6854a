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
