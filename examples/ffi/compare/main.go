// Compare drives futures of Rust in two ways, and prints a table: each as a task
// of examples/executor, and each on a goroutine that sleeps on a channel, as most
// bindings of async Rust do it.
//
//	go run ./compare [-n 100000] [-wait 10s] [-yields 1000]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/examples/executor"
	"github.com/rouse-go/rouse/examples/ffi"
)

var (
	calls  = flag.Int("n", 100_000, "calls that wait at the same time")
	wait   = flag.Duration("wait", 10*time.Second, "after which all of them are woken")
	yields = flag.Int64("yields", 1000, "polls of a future that yields")
)

// A way drives n futures until all are ready. waiting is called when all wait.
type way struct {
	name string
	run  func(n int, future func(i int) *ffi.Future, waiting func())
}

func main() {
	flag.Parse()
	e := executor.New(runtime.GOMAXPROCS(0))
	ways := []way{
		{"tasks of examples/executor", func(n int, future func(int) *ffi.Future, waiting func()) {
			joins := make([]rouse.JoinHandle[int64], n)
			for i := range joins {
				joins[i] = executor.Spawn[int64](e, future(i))
			}
			waiting()
			for i := range joins {
				if _, err := joins[i].Join(context.Background()); err != nil {
					fail(err)
				}
			}
		}},
		{"a goroutine and a channel each", func(n int, future func(int) *ffi.Future, waiting func()) {
			var all sync.WaitGroup
			for i := range n {
				all.Add(1)
				go func() {
					defer all.Done()
					ffi.Await(future(i))
				}()
			}
			waiting()
			all.Wait()
		}},
	}

	out := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "%d calls\tbytes a call that waits\tstart, ns a call\twake and end, ns a call\tyield, ns a poll\t\n", *calls)
	for _, w := range ways {
		fmt.Fprintf(os.Stderr, "compare: %s\n", w.name)
		before := memory()
		start := time.Now()
		due := start.Add(*wait)
		var started time.Duration
		var bytes uint64
		w.run(*calls, func(int) *ffi.Future { return ffi.Sleep(time.Until(due)) }, func() {
			for ffi.Handles() < 2**calls { // each future has one, and Rust a clone of it
				if time.Now().After(due) {
					fail(fmt.Errorf("%d calls did not start within %v: give a longer -wait or a smaller -n", *calls, *wait))
				}
				time.Sleep(time.Millisecond)
			}
			started = time.Since(start)
			bytes = memory() - before
			time.Sleep(time.Until(due))
		})
		ended := time.Since(due)

		start = time.Now()
		w.run(100, func(int) *ffi.Future { return ffi.Sum(*yields) }, func() {})
		polls := time.Since(start)
		fmt.Fprintf(out, "%s\t%d\t%d\t%d\t%d\t\n", w.name, bytes/uint64(*calls), started.Nanoseconds()/int64(*calls),
			ended.Nanoseconds()/int64(*calls), polls.Nanoseconds()/(100**yields))
	}
	out.Flush()
	if err := e.Shutdown(context.Background()); err != nil {
		fail(err)
	}
	if ffi.Live() != 0 || ffi.Handles() != 0 {
		fail(fmt.Errorf("%d futures and %d wakers are left", ffi.Live(), ffi.Handles()))
	}
}

// memory returns what Go has in use, stacks too.
func memory() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "compare:", err)
	os.Exit(1)
}
