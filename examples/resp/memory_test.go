package resp

import (
	"fmt"
	"strings"
	"testing"
)

// Silent subscribers fill their mailboxes up to the bound for all clients, and
// the largest go; others stay, and the publisher never notices.
func TestMemoryOfAllClients(t *testing.T) {
	lim := small
	lim.MaxMemory = 8 << 20 // two mailboxes
	eachVariant(t, lim, func(t *testing.T, s *Server) {
		const subscribers, limit = 20, 8 << 20
		bystander, pub := dial(t, s), dial(t, s)
		bystander.send(fields("SUBSCRIBE other") + "*2\r\n$9\r\nSUBSCRIBE\r\n$10\r\nhal")
		bystander.expect("*3\r\n" + bulk("subscribe") + bulk("other") + ":1\r\n")
		for range subscribers {
			p := dial(t, s)
			p.SetReadBuffer(4096)
			p.send(fields("SUBSCRIBE c"))
			p.expect("*3\r\n" + bulk("subscribe") + bulk("c") + ":1\r\n")
		}
		msg := cmd("PUBLISH", "c", strings.Repeat("m", 64<<10))
		for s.Stats().Evicted == 0 {
			pub.send(msg)
			if line, err := pub.r.ReadString('\n'); err != nil || line == ":0\r\n" {
				t.Fatalf("%q, %v: no client was disconnected for the memory of all", line, err)
			}
			if st := s.Stats(); st.Memory > limit+limit/2 {
				t.Fatalf("the clients hold %d bytes, of %d", st.Memory, limit)
			}
		}
		await(t, s, "memory to be given back", func(st Stats) bool { return st.Memory <= limit })
		pub.send(fields("PUBLISH other m") + fields("PUBLISH c m"))
		pub.expect(":1\r\n")
		bystander.expect(message("other", "m"))
		pub.send(fields("INFO stats") + fields("INFO memory"))
		pub.r.ReadString('\n')
		if info := pub.bulk(); hasLine(info, "evicted_clients:0") {
			t.Error(info)
		}
		if info := pub.bulk(); !hasLine(info, fmt.Sprint("maxmemory_clients:", limit)) || hasLine(info, "used_memory:0") || hasLine(info, "mem_clients_normal:0") {
			t.Error(info)
		}
	})
}

// So do clients with unfinished commands, unread replies and blocked pops; what
// they held is given back when they go.
func TestMemoryIsCounted(t *testing.T) {
	for _, tt := range []struct {
		name, say string
		least     int64
	}{
		{"half a command", "*2\r\n$4\r\nECHO\r\n$1000000\r\n" + strings.Repeat("x", 500_000), 500_000},
		{"a blocked pop", cmd("BLPOP", strings.Repeat("k", 10_000), strings.Repeat("l", 10_000), "0"), 40_000},
		{"subscriptions", cmd("SUBSCRIBE", strings.Repeat("c", 10_000), strings.Repeat("d", 10_000)), 20_000},
		{"unread replies", cmd("SET", "big", strings.Repeat("v", 1<<20)) + strings.Repeat(fields("GET big"), 12), 1 << 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lim := small
			lim.OutSoft, lim.OutHard = 32<<20, 64<<20
			eachVariant(t, lim, func(t *testing.T, s *Server) {
				p := dial(t, s)
				p.SetReadBuffer(4096)
				p.send(tt.say)
				await(t, s, "the client to hold much", func(st Stats) bool { return st.Memory >= tt.least })
				p.reset()
				awaitGone(t, s, 0)
				await(t, s, "all to be given back", func(st Stats) bool { return st.Memory == 0 })
			})
		})
	}
}

// The client that holds the most goes first, whoever asked for more.
func TestLargestIsEvicted(t *testing.T) {
	lim := small
	lim.MaxMemory = 4 << 20
	eachVariant(t, lim, func(t *testing.T, s *Server) {
		large := dial(t, s)
		large.send("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1048576\r\n" + strings.Repeat("x", 1<<20-1))
		await(t, s, "the large one", func(st Stats) bool { return st.Memory >= 1<<20 })
		var others []*peer
		for s.Stats().Evicted == 0 {
			p := dial(t, s)
			p.send("*2\r\n$4\r\nECHO\r\n$400000\r\n" + strings.Repeat("x", 400_000))
			others = append(others, p)
			n := int64(len(others))
			await(t, s, "its input", func(st Stats) bool { return st.Evicted > 0 || st.Memory >= 1<<20+n*400_000 })
		}
		large.expectEnd()
		awaitGone(t, s, int64(len(others)))
		for _, p := range others {
			p.send("\r\n")
			p.expect(bulk(strings.Repeat("x", 400_000)))
		}
	})
}
