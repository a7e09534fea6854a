package enumerate

import (
	"fmt"
	"strings"
)

// Outcomes returns everything that can become of p. It gives up, and returns nil, if there are
// more than limit states.
//
// The program is at rest in a set of states which nothing leads out of: a single one in which no
// thread can run, or several between which threads that pause go round. It is an outcome then: the
// values of all that is shared, or a deadlock if a thread that is no daemon has not ended.
func (p Program) Outcomes(limit int) map[string]bool {
	e := &enumerator{limit: limit, visited: map[string]*vertex{}, outcomes: map[string]bool{}}
	w := &world{}
	for i, t := range p.Threads {
		w.threads = append(w.threads, thread{name: Name(i), daemon: t.Daemon, source: i, code: compile(t.Code)})
	}
	w.start()
	e.visit(w)
	if e.limit < 0 {
		return nil
	}
	return e.outcomes
}

// enumerator finds the strongly connected components of the graph of states, by Tarjan's algorithm.
type enumerator struct {
	limit    int
	visited  map[string]*vertex
	stack    []*vertex
	outcomes map[string]bool
}

type vertex struct {
	number, low int
	open        bool // on the stack
	leaves      bool // an edge leads out of its component
}

func (e *enumerator) visit(w *world) *vertex {
	key := w.key()
	if v := e.visited[key]; v != nil {
		return v
	}
	v := &vertex{number: len(e.visited), low: len(e.visited), open: true}
	e.visited[key] = v
	if e.limit--; e.limit < 0 {
		return v
	}
	e.stack = append(e.stack, v)
	if w.failure != "" {
		e.outcomes[w.failure] = true
		v.leaves = true // it is no rest
	} else {
		for i := range w.threads {
			if !w.enabled(i) {
				continue
			}
			next := w.copy()
			next.step(i)
			n := e.visit(next)
			if n.open {
				v.low = min(v.low, n.low)
				v.leaves = v.leaves || n.leaves
			} else {
				v.leaves = true
			}
		}
	}
	if v.low != v.number {
		return v
	}
	for open := true; open; {
		last := e.stack[len(e.stack)-1]
		e.stack = e.stack[:len(e.stack)-1]
		last.open = false
		v.leaves = v.leaves || last.leaves
		open = last != v
	}
	if !v.leaves {
		e.outcomes[w.rest()] = true
	}
	return v
}

func (w *world) enabled(i int) bool {
	t := &w.threads[i]
	if t.done() {
		return false
	}
	m := t.code[t.pc]
	return m.enabled == nil || m.enabled(w, i)
}

// step runs thread i from a scheduling point to the next, and then the threads that it started to
// their first.
func (w *world) step(i int) {
	w.micro(i)
	w.runOn(i)
	w.start()
}

func (w *world) start() {
	for i := 0; i < len(w.threads); i++ {
		if !w.threads[i].started && w.failure == "" {
			w.threads[i].started = true
			w.runOn(i)
		}
	}
}

func (w *world) micro(i int) {
	t := &w.threads[i]
	m := t.code[t.pc]
	t.pc++
	m.do(w, i)
}

func (w *world) runOn(i int) {
	for w.failure == "" && w.threads[i].pc < len(w.threads[i].code) && !w.threads[i].code[w.threads[i].pc].point {
		w.micro(i)
	}
}

// rest is the outcome of a program that is at rest.
func (w *world) rest() string {
	var stuck []string
	for i := range w.threads {
		if t := &w.threads[i]; !t.done() && !t.daemon {
			stuck = append(stuck, t.name)
		}
	}
	if stuck != nil {
		return Deadlock(stuck)
	}
	var f Final
	for i := range f.Words {
		f.Words[i] = w.words[i].value
	}
	for i := range f.Plains {
		f.Plains[i] = w.plains[i].value
	}
	f.Ghosts = w.ghosts
	for n := w.top.value; n != 0; n = w.node(int(n)).next.value {
		f.Stack = append(f.Stack, [2]uint64{w.node(int(n)).value.value, w.node(int(n)).plain.value})
	}
	for i := range w.threads {
		if t := &w.threads[i]; t.name != Child {
			f.Logs = append(f.Logs, t.out)
		}
	}
	return f.String()
}

// Final is what a program that has come to its end leaves.
type Final struct {
	Words  [Words]uint64
	Plains [Plains]uint64
	Ghosts [Ghosts]uint64
	Stack  [][2]uint64 // the value and the plain variable of each node
	Logs   []string    // of each thread that has ended
}

func (f Final) String() string {
	return fmt.Sprint("words ", f.Words, ", plain ", f.Plains, ", ghosts ", f.Ghosts, ", stack ", f.Stack, ", logs ", f.Logs)
}

// Deadlock is the outcome in which the threads of these names are stuck.
func Deadlock(names []string) string { return "deadlock: " + strings.Join(names, ", ") }
