package explore

import (
	"fmt"
	"strings"
	"testing"
)

func flags(v uint64) string {
	var on []string
	for i, name := range []string{"running", "notified"} {
		if v&(1<<i) != 0 {
			on = append(on, name)
		}
	}
	if on == nil {
		return "idle"
	}
	return strings.Join(on, "|")
}

// clobber is a runner that goes idle by a store, and so loses a notification.
func clobber(x *Exec) {
	type state struct {
		word Uint64
		link Pointer[Uint64]
		mu   Mutex
		left Ghost[bool]
	}
	s := new(state)
	x.Name(s, "task")
	s.word.Store(2)
	x.Go("runner", func() {
		s.word.Swap(1)
		s.word.Store(0)
	})
	x.Go("waker", func() {
		s.mu.Lock()
		s.link.Store(&s.word)
		s.mu.Unlock()
		if s.word.CompareAndSwap(0, 2) {
			x.Logf("submits")
		} else if s.word.CompareAndSwap(1, 3) {
			s.left.Set(true)
			x.Logf("leaves it to the runner")
		}
	})
	x.Final(func() {
		x.Assert(!s.left.Get() || s.word.Load() == 2, "the notification is lost")
	})
}

func TestTable(t *testing.T) {
	r := CheckFails(t, Config{Format: flags}, 100, clobber)
	const want = `
 step  thread  operation, word
setup  main    task.word.Store(notified)
                   idle -> notified
    1  runner  task.word.Swap(running) = notified
                   notified -> running
    2  waker   task.mu.Lock()
    3  waker   task.link.Store(task.word)
    4  waker   task.mu.Unlock()
    5  waker   task.word.CAS(idle, notified) failed
                   running
    6  waker   task.word.CAS(running, running|notified)
                   running -> running|notified
    6  waker   leaves it to the runner
    7  runner  task.word.Store(idle)
                   running|notified -> idle
  end  main    task.word.Load() = idle
`
	if got := "\n" + r.Failure.Table; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if s := fmt.Sprint(r.Failure); !strings.Contains(s, "the notification is lost") || !strings.Contains(s, r.Failure.Token) {
		t.Errorf("the failure prints as %s", s)
	}
}

// Words of other types are printed as such, masks by their flags, and a struct by its name where
// a pointer points to it, though its first field has its address.
func TestTableNames(t *testing.T) {
	type node struct {
		flags Uint64
		count Int32
		full  Bool
	}
	r := CheckFails(t, Config{Format: flags}, 1, func(x *Exec) {
		n, top, first := new(node), new(Pointer[node]), new(Pointer[Uint64])
		x.Name(n, "n")
		x.Name(top, "top")
		x.Name(first, "first")
		x.Go("a", func() {
			n.flags.Or(2)
			n.flags.And(^uint64(2))
			n.count.Add(-3)
			n.full.Store(true)
			top.Store(n)
			first.Swap(&n.flags)
			x.Retire(n)
			x.Failf("enough")
		})
	})
	const want = `
 step  a                          word
    1  n.flags.Or(notified)       idle -> notified
    2  n.flags.And(^notified)     notified -> idle
    3  n.count.Add(-3)            0 -> -3
    4  n.full.Store(true)         false -> true
    5  top.Store(n)
    6  first.Swap(n.flags) = nil
    6  retires n
`
	if got := "\n" + r.Failure.Table; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// A table is never wider than a page, whatever the threads and values are called.
func TestTableWidth(t *testing.T) {
	long := strings.Repeat("a state of many words|", 12)
	for name, format := range map[string]func(uint64) string{
		"short": func(v uint64) string { return fmt.Sprint(v) },
		"words": func(v uint64) string { return fmt.Sprint(long, v) },
		"solid": func(v uint64) string { return fmt.Sprint(strings.Repeat("x", 250), v) },
	} {
		r := CheckFails(t, Config{Format: format}, 10, func(x *Exec) {
			var w Uint64
			for i := range 3 {
				x.Go(fmt.Sprintf("thread %d, %s", i, strings.Repeat("of a long name ", 5)), func() {
					w.CompareAndSwap(uint64(i), uint64(i+1))
					w.Load()
				})
			}
			x.Final(func() { x.Failf("enough") })
		})
		n := 0
		for line := range strings.Lines(r.Failure.Table) {
			n++
			if len(line)-1 > 100 {
				t.Errorf("%s: a line of %d columns: %s", name, len(line)-1, line)
			}
		}
		if n < 7 {
			t.Errorf("%s: %d lines:\n%s", name, n, r.Failure.Table)
		}
		// Nothing is lost but ends of thread names.
		whole := strings.Join(strings.Fields(r.Failure.Table), "")
		for _, s := range r.Failure.Steps {
			if !strings.Contains(whole, strings.Join(strings.Fields(s.Text), "")) {
				t.Errorf("%s: the table lacks %s:\n%s", name, s.Text, r.Failure.Table)
			}
		}
	}
}

// Each word can have a format of its own; Int32s and Bools print as what they are all the same.
func TestFormat(t *testing.T) {
	type queue struct {
		head, tail Uint64
		size       Uint32
		full       Bool
	}
	inBrackets := func(v uint64) string { return fmt.Sprintf("[%d]", v) }
	r := CheckFails(t, Config{Format: flags}, 1, func(x *Exec) {
		q, state, plain := new(queue), new(Uint64), new(Uint64)
		x.Name(q, "q")
		x.Name(state, "state")
		x.Name(plain, "plain")
		x.Format(q, inBrackets)
		x.Format(&q.tail, func(v uint64) string { return fmt.Sprintf("<%d>", v) })
		x.Format(plain, func(v uint64) string { return fmt.Sprint(v) })
		x.Go("a", func() {
			q.head.Store(3)
			q.tail.Store(4)
			q.size.Add(1)
			q.full.Store(true)
			state.Swap(2)
			plain.Store(5)
			x.Failf("enough")
		})
	})
	const want = `
 step  a                            word
    1  q.head.Store([3])            [0] -> [3]
    2  q.tail.Store(<4>)            <0> -> <4>
    3  q.size.Add(1)                [0] -> [1]
    4  q.full.Store(true)           false -> true
    5  state.Swap(notified) = idle  idle -> notified
    6  plain.Store(5)               0 -> 5
`
	if got := "\n" + r.Failure.Table; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
