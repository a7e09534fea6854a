package resp

import (
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"
)

// A second Shutdown touches nothing: the descriptors that the server had are
// others' by then.
func TestShutdownAfterServe(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			s, err := Listen("127.0.0.1:0", v.cfg)
			if err != nil {
				t.Fatal(err)
			}
			served := make(chan error, 1)
			go func() { served <- s.Serve() }()
			p := dial(t, s)
			p.send(fields("PING"))
			p.expect("+PONG\r\n")
			s.Shutdown()
			if err := <-served; err != nil {
				t.Fatal(err)
			}
			var files []*os.File
			for i := range 32 {
				f, err := os.Create(filepath.Join(t.TempDir(), strconv.Itoa(i)))
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
				files = append(files, f)
			}
			s.Shutdown()
			for _, f := range files {
				if st, err := f.Stat(); err != nil || st.Size() != 0 {
					t.Errorf("descriptor %d: %v, %d bytes in a file that nobody wrote to", f.Fd(), err, st.Size())
				}
			}
		})
	}
}

// A guarded reactor notes an interrupt that comes after close, and runs
// before ahead of every interrupt.
type guarded struct {
	reactor
	before func()
	closed atomic.Bool
	late   atomic.Bool
}

func (r *guarded) interrupt() {
	if r.before != nil {
		r.before()
	}
	if r.closed.Load() {
		r.late.Store(true)
		return
	}
	r.reactor.interrupt()
}

func (r *guarded) close() {
	r.closed.Store(true)
	r.reactor.close()
}

// No reactor is closed while Shutdown walks over them: a loop that ends before
// its turn has come, by an event of its own, is interrupted all the same.
func TestShutdownOvertaken(t *testing.T) {
	for _, v := range variants {
		t.Run(v.name, func(t *testing.T) {
			s, err := Listen("127.0.0.1:0", v.cfg)
			if err != nil {
				t.Fatal(err)
			}
			var all []*guarded
			for _, l := range s.loops {
				r := &guarded{reactor: l.reactor}
				l.reactor = r
				all = append(all, r)
			}
			all[0].before = func() {
				if !s.stopping.Load() {
					return
				}
				for _, r := range all {
					r.reactor.interrupt()
				}
				// What must not happen has the time to.
				for end := time.Now().Add(100 * time.Millisecond); time.Now().Before(end) && !all[len(all)-1].closed.Load(); {
					time.Sleep(time.Millisecond)
				}
			}
			served := make(chan error, 1)
			go func() { served <- s.Serve() }()
			p := dial(t, s)
			p.send(fields("PING"))
			p.expect("+PONG\r\n")
			s.Shutdown()
			if err := <-served; err != nil {
				t.Fatal(err)
			}
			for i, r := range all {
				if r.late.Load() || !r.closed.Load() {
					t.Errorf("loop %d: interrupted after close: %v, closed: %v", i, r.late.Load(), r.closed.Load())
				}
			}
		})
	}
}
