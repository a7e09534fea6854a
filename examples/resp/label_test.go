package resp

import (
	"strings"
	"testing"
)

// labels returns those of the server's tasks, by their names.
func labels(s *Server) map[string]string {
	m := map[string]string{}
	for _, l := range s.Lists() {
		for _, i := range l.Tasks.Dump() {
			if i.Label != "" {
				m[i.Name] = i.Label
			}
		}
	}
	return m
}

// The page tells a client that is blocked from a subscriber, and from one that
// does nothing.
func TestLabels(t *testing.T) {
	s := serve(t, Config{Loops: 2, Describe: true})
	p, other := dial(t, s), dial(t, s)
	want := func(label string) {
		t.Helper()
		for name, got := range labels(s) {
			if got != label {
				t.Errorf("%s is labelled %q, want %q", name, got, label)
			}
			label = ""
		}
		if label != "" {
			t.Errorf("no task is %q", label)
		}
	}
	other.send(fields("PING"))
	other.expect("+PONG\r\n")
	want("")
	for cmd, label := range map[string]string{
		"BLPOP a 0":     "blocked on BLPOP a",
		"BRPOP a b c 0": "blocked on BRPOP a and 2 more",
		"BRPOP a" + strings.Repeat("x", 1e5) + " a 0": "blocked on BRPOP a" + strings.Repeat("x", longestKey-1) + " and 1 more",
	} {
		p.send(fields(cmd))
		awaitBlocked(t, s, 1)
		want(label)
		other.send(fields("RPUSH a 1"))
		other.expect(":1\r\n")
		p.expect("*2\r\n" + bulk("a") + bulk("1"))
		want("")
	}
	for n, label := range []string{"subscribed to 1 channel", "subscribed to 2 channels"} {
		p.send(fields("SUBSCRIBE " + string(rune('a'+n))))
		p.expect("*3\r\n" + bulk("subscribe"))
		p.bulk()
		p.expect(":" + string(rune('1'+n)) + "\r\n")
		want(label)
	}
	p.send(fields("UNSUBSCRIBE") + fields("PING"))
	for range 2 {
		p.expect("*3\r\n" + bulk("unsubscribe"))
		p.bulk()
		p.r.ReadString('\n')
	}
	p.expect("+PONG\r\n")
	want("")
	p.send(fields("BLPOP a 0"))
	awaitBlocked(t, s, 1)
	p.Close()
	awaitBlocked(t, s, 0)
	want("")
}
