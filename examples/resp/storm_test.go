package resp

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"
)

// Clients that push, pop with and without patience, subscribe, publish, and go
// away at any moment and in any manner leave nothing behind.
func TestStorm(t *testing.T) {
	eachVariant(t, Limits{}, storm)
}

// Nor do they where memory is so short that clients are disconnected for it,
// whatever they are at.
func TestStormShortOfMemory(t *testing.T) {
	lim := Limits{MaxBulk: 1 << 10, OutSoft: 512, OutHard: 2 << 10, MaxMemory: 2 << 10}
	eachVariant(t, lim, func(t *testing.T, s *Server) {
		var all []*peer
		for range 8 { // together they hold more than there is
			p := dial(t, s)
			p.try(fields("SUBSCRIBE c"))
			all = append(all, p)
		}
		await(t, s, "a client to be disconnected", func(st Stats) bool { return st.Evicted > 0 })
		for _, p := range all {
			p.Close()
		}
		storm(t, s)
	})
}

func storm(t *testing.T, s *Server) {
	const clients, each = 16, 60
	var wg sync.WaitGroup
	for i := range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			rnd := rand.New(rand.NewPCG(5, uint64(i)))
			for range each {
				misbehave(t, s, rnd)
			}
		}()
	}
	wg.Wait()
	await(t, s, "nothing to be left", func(st Stats) bool {
		return st.Clients == 0 && st.Blocked == 0 && st.Channels == 0 && st.Wakers == 0 && st.Memory == 0
	})
}

// misbehave ends early where the server has had enough of the client.
func misbehave(t *testing.T, s *Server, rnd *rand.Rand) {
	p := dial(t, s)
	key := fmt.Sprint("q", rnd.IntN(3))
	for range rnd.IntN(5) {
		switch rnd.IntN(6) {
		case 0:
			p.try(fields("RPUSH " + key + " a b"))
		case 1:
			p.try(fields("BLPOP q0 q1 q2 0.01"))
		case 2:
			p.try(fields("BLPOP " + key + " 0"))
		case 3:
			p.try(fields("SUBSCRIBE c" + key))
		case 4:
			p.try(fields("PUBLISH c" + key + " hello"))
		case 5:
			p.try("*2\r\n$3\r\nGET\r\n$1000\r\n" + strings.Repeat("x", rnd.IntN(1000)))
		}
	}
	if rnd.IntN(2) == 0 {
		time.Sleep(time.Duration(rnd.IntN(3)) * time.Millisecond)
	}
	switch rnd.IntN(3) {
	case 0:
		p.Close()
	case 1:
		p.reset()
	case 2:
		p.CloseWrite()
	}
}
