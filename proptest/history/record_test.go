package history

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

var histories = flag.Int("histories", 3000, "of each object")

// A call is an operation and its argument, a result what it returned. All
// objects use the same, so that a history can be printed by one function.
type call struct {
	op  string
	arg int
}

type result struct {
	ok   bool
	id   int
	what string
}

// A model says what an operation does to a state, and what it returns then.
type model[S comparable] struct {
	init  S
	step  func(S, call) (S, result)
	byArg bool // operations with other arguments are on other objects
}

func (m model[S]) porcupine() porcupine.Model {
	p := porcupine.Model{
		Init: func() any { return m.init },
		Step: func(s, in, out any) (bool, any) {
			next, want := m.step(s.(S), in.(call))
			return want == out.(result), next
		},
		DescribeOperation: func(in, out any) string { return fmt.Sprintf("%s(%d) → %+v", in.(call).op, in.(call).arg, out) },
		DescribeState:     func(s any) string { return fmt.Sprintf("%+v", s) },
	}
	if m.byArg {
		p.Partition = func(ops []porcupine.Operation) (parts [][]porcupine.Operation) {
			byArg := map[int][]porcupine.Operation{}
			for _, o := range ops {
				byArg[o.Input.(call).arg] = append(byArg[o.Input.(call).arg], o)
			}
			for _, part := range byArg {
				parts = append(parts, part)
			}
			return parts
		}
	}
	return p
}

// A recorder notes the operations of one history. Its clock is an atomic
// counter: an operation that ended before another began has the smaller numbers.
type recorder struct {
	start time.Time
	clock atomic.Int64
	mu    sync.Mutex
	ops   []porcupine.Operation
}

// A client is one goroutine of a history.
type client struct {
	r   *recorder
	id  int
	rng *rand.Rand
	ops []porcupine.Operation
}

func (c *client) do(op string, arg int, f func() result) result {
	switch c.rng.IntN(4) {
	case 0, 1:
		c.meet()
	case 2:
		runtime.Gosched() // where there are few processors the others come between
	}
	from := c.r.clock.Add(1)
	out := f()
	to := c.r.clock.Add(1)
	c.ops = append(c.ops, porcupine.Operation{ClientId: c.id, Input: call{op, arg}, Output: out, Call: from, Return: to})
	return out
}

// together runs the clients at once, and returns what they did. Before each
// operation they wait for each other now and then, so that operations meet.
func together(seed uint64, clients ...func(*client)) *recorder {
	r := &recorder{start: time.Now()}
	var started atomic.Int64
	first := int64(min(len(clients), runtime.GOMAXPROCS(0)))
	var over sync.WaitGroup
	for i, f := range clients {
		over.Add(1)
		go func() {
			defer over.Done()
			c := &client{r: r, id: i, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
			for started.Add(1); started.Load() < first; {
				// Without a yield: the others are then on other processors.
			}
			f(c)
			r.mu.Lock()
			defer r.mu.Unlock()
			r.ops = append(r.ops, c.ops...)
		}()
	}
	over.Wait()
	return r
}

// meet waits for the next full microsecond, as others do at the same time.
func (c *client) meet() {
	for at := c.r.now() / time.Microsecond; c.r.now()/time.Microsecond == at; {
	}
}

func (r *recorder) now() time.Duration { return time.Since(r.start) }

// linearizable checks one history; a picture of one that is not is left behind.
func linearizable[S comparable](t *testing.T, m model[S], ops []porcupine.Operation) bool {
	t.Helper()
	res, info := porcupine.CheckOperationsVerbose(m.porcupine(), ops, time.Minute)
	switch res {
	case porcupine.Ok:
		return true
	case porcupine.Unknown:
		t.Fatalf("a history of %d operations is not decided within a minute", len(ops))
	}
	if f, err := os.CreateTemp("", "rouse-history-*.html"); err == nil {
		if err = porcupine.Visualize(m.porcupine(), info, f); err == nil {
			t.Logf("see %s", f.Name())
		}
		f.Close()
	}
	for _, o := range ops {
		t.Logf("client %d [%d,%d] %s", o.ClientId, o.Call, o.Return, m.porcupine().DescribeOperation(o.Input, o.Output))
	}
	return false
}

// patience is how long the operations on an object may take to meet for the
// first time: a few histories, or a second where others use the processors too.
const patience = 20 * time.Second

// parallel is whether two operations can be under way at once.
var parallel = min(runtime.NumCPU(), runtime.GOMAXPROCS(0)) > 1

// What never overlaps is linearizable whatever the object does.
var recorded, overlapping int

func TestMain(m *testing.M) {
	code := m.Run()
	if code == 0 && parallel && recorded > 0 && overlapping == 0 {
		fmt.Printf("FAIL: no operation of %d histories overlaps another, on %d processors: they prove nothing\n", recorded, runtime.GOMAXPROCS(0))
		code = 1
	}
	os.Exit(code)
}

// stress records and checks histories, one from each seed, and goes on until
// some operations have met.
func stress[S comparable](t *testing.T, m model[S], history func(seed uint64) *recorder) {
	n := *histories
	if testing.Short() {
		n /= 10
	}
	ops, concurrent, checked := 0, 0, 0
	defer func() {
		failed := 0
		if t.Failed() {
			failed = 1
		}
		t.Logf("proof\thistories\t%d\t%d", checked, failed)
	}()
	start := time.Now()
	for seed := uint64(0); checked < n || parallel && concurrent == 0 && time.Since(start) < patience; seed++ {
		r := history(seed)
		ops += len(r.ops)
		for _, o := range r.ops {
			if o.Return > o.Call+1 {
				concurrent++
			}
		}
		checked++
		if !linearizable(t, m, r.ops) {
			t.Fatalf("history %d is not linearizable", seed)
		}
	}
	t.Logf("histories\t%d\toperations\t%d\twith others meanwhile\t%d", checked, ops, concurrent)
	recorded += checked
	overlapping += concurrent
}
