//go:build rouse_debug

package rouse

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// A handle is what the values hold, and the collector sees when the last is
// gone; the record is what outlives it.
type handle struct{ record *record }

type record struct {
	kind  string
	task  *Header // nil for a foreign waker
	born  stack
	ended atomic.Pointer[endOfLife]
}

type endOfLife struct {
	op    string
	stack stack
}

// live is the set of the records of handles that were not ended yet.
var live struct {
	sync.Mutex
	records map[*record]struct{}
	report  func(Leak)
}

func newHandle(kind string, task *Header) *handle {
	r := &record{kind: kind, task: task, born: callers()}
	h := &handle{r}
	if kind == kindPoll {
		return h
	}
	live.Lock()
	if live.records == nil {
		live.records = map[*record]struct{}{}
	}
	live.records[r] = struct{}{}
	live.Unlock()
	runtime.AddCleanup(h, (*record).collected, r)
	return h
}

func (r *record) forget() bool {
	live.Lock()
	defer live.Unlock()
	_, was := live.records[r]
	delete(live.records, r)
	return was
}

// collected tells of a handle that nobody can end any more.
func (r *record) collected() {
	if !r.forget() {
		return
	}
	live.Lock()
	report := live.report
	live.Unlock()
	l := Leak{Kind: r.kind, Stack: r.born.String(), Count: 1, Collected: true}
	if report != nil {
		report(l)
		return
	}
	fmt.Fprintln(os.Stderr, l)
}

// Leaks returns the owned handles that are alive, grouped by kind and the stack
// of their birth, most first. It needs the tag rouse_debug, and returns nil
// without.
func Leaks() []Leak {
	live.Lock()
	groups := map[[2]string]int{}
	for r := range live.records {
		groups[[2]string{r.kind, r.born.String()}]++
	}
	live.Unlock()
	leaks := make([]Leak, 0, len(groups))
	for k, n := range groups {
		leaks = append(leaks, Leak{Kind: k[0], Stack: k[1], Count: n})
	}
	slices.SortFunc(leaks, func(a, b Leak) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Stack, b.Stack))
	})
	return leaks
}

// OnLeak has f called, instead of a message on standard error, for each handle
// that the collector found without an end. It reports whether handles are
// watched, by the tag rouse_debug.
func OnLeak(f func(Leak)) bool {
	live.Lock()
	defer live.Unlock()
	live.report = f
	return true
}

// A stack is where a handle was born or ended, without the kit's own frames.
type stack []uintptr

func callers() stack {
	pc := make([]uintptr, 24)
	return pc[:runtime.Callers(3, pc)]
}

func (s stack) String() string {
	var b strings.Builder
	frames := runtime.CallersFrames(s)
	for more := len(s) > 0; more; {
		var f runtime.Frame
		f, more = frames.Next()
		if inner := strings.HasPrefix(f.Function, pkgPath) && !strings.HasSuffix(f.File, "_test.go"); inner && b.Len() == 0 {
			continue
		}
		fmt.Fprintf(&b, "\t%s\n\t\t%s:%d\n", f.Function, f.File, f.Line)
	}
	return b.String()
}

const pkgPath = "github.com/rouse-go/rouse."
