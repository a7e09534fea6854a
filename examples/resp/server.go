package resp

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rouse-go/rouse/inspect"
)

// databases is how many SELECT can choose from.
const databases = 16

// A Server serves Redis clients. Listen makes one, Serve runs it, Shutdown
// ends it, for good.
type Server struct {
	cfg      Config
	log      *slog.Logger
	addr     net.Addr
	start    time.Time
	loops    []*loop
	stores   [databases]*store
	hub      hub
	table    map[string]*command
	acceptor acceptor
	sweeper  sweeper

	stopping atomic.Bool
	serving  atomic.Bool
	mu       sync.Mutex // held while Shutdown interrupts
	over     bool       // no loop runs: from now on its reactor may be closed
	lastID   atomic.Int64
	evicting sync.Mutex // held while the largest clients are chosen
	counters counters
	notices  notices
}

// Listen returns a server that listens on addr, a TCP address. It serves once
// Serve is called, and is closed when that returns.
func Listen(addr string, cfg Config) (*Server, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("resp: %w", err)
	}
	s := &Server{cfg: cfg, log: cfg.Log, addr: ln.Addr(), start: time.Now(), table: commands()}
	s.notices.init()
	shards := 1
	if cfg.Loops > 1 {
		shards = maxShards
	}
	for i := range s.stores {
		s.stores[i] = newStore(shards, s.sweeper.Wake)
	}
	if err := s.build(ln); err != nil {
		for _, l := range s.loops {
			l.reactor.close()
		}
		return nil, err
	}
	return s, nil
}

func (s *Server) build(ln net.Listener) error {
	for range s.cfg.Loops {
		l, err := newLoop(s)
		if err != nil {
			ln.Close()
			return err
		}
		s.loops = append(s.loops, l)
	}
	first := s.loops[0]
	s.acceptor.loop, s.sweeper.loop = first, first
	if err := first.reactor.listen(ln, &s.acceptor); err != nil {
		return err
	}
	start(first, acceptorVtable, &s.acceptor, "acceptor", 0)
	start(first, sweeperVtable, &s.sweeper, "sweeper", 0)
	return nil
}

// Addr returns the address that the server listens on.
func (s *Server) Addr() net.Addr { return s.addr }

// Loops returns the number of event loops.
func (s *Server) Loops() int { return len(s.loops) }

// Lists returns the lists of the server's tasks, one for each loop.
func (s *Server) Lists() (lists []inspect.List) {
	for i, l := range s.loops {
		lists = append(lists, inspect.List{Name: "loop " + strconv.Itoa(i), Tasks: &l.owned})
	}
	return lists
}

// Serve serves until Shutdown is called, and returns when every task has
// ended. It may be called once.
func (s *Server) Serve() error {
	if !s.serving.CompareAndSwap(false, true) {
		return errors.New("resp: Serve was called before")
	}
	var wg sync.WaitGroup
	for i, l := range s.loops {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if s.cfg.OnLoop != nil {
				s.cfg.OnLoop(i)
			}
			l.run()
		}()
	}
	wg.Wait()
	s.mu.Lock()
	s.over = true
	s.mu.Unlock()
	for _, l := range s.loops {
		l.reactor.close()
	}
	return nil
}

// Shutdown makes Serve cancel every task and return. It does not wait, and may
// be called at any time, by any goroutine.
func (s *Server) Shutdown() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return
	}
	s.stopping.Store(true)
	for _, l := range s.loops {
		l.reactor.interrupt()
	}
}
