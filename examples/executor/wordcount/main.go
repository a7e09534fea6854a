// Wordcount counts the words of many files at once, which it writes itself into a
// temporary directory: with a task for each file, on the runtime of package
// executor, and with a goroutine for each file. It checks both results, and shows
// the time of both, and what so many tasks and goroutines take that only wait.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"sync/atomic"
	"time"
)

var background = context.Background()

// ended is a context that has ended.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(background)
	cancel()
	return ctx
}()

func main() {
	files := flag.Int("files", 4000, "how many files to write and count, at most 100,000")
	words := flag.Int("words", 5000, "how many words each has, at most 1,000,000 in each and 100,000,000 in all")
	rounds := flag.Int("rounds", 3, "how often each way counts them")
	waiting := flag.Int("waiting", 100_000, "how many tasks and goroutines wait, at most 1,000,000")
	flag.Parse()
	if *files < 1 || *files > 100_000 || *words < 1 || *words > 1_000_000 || *files**words > 100_000_000 ||
		*rounds < 1 || *waiting < 1 || *waiting > 1_000_000 {
		fmt.Fprintln(os.Stderr, "wordcount: a number is out of bounds")
		flag.Usage()
		os.Exit(2)
	}
	if err := run(os.Stdout, *files, *words, *rounds, *waiting); err != nil {
		fmt.Fprintln(os.Stderr, "wordcount:", err)
		os.Exit(1)
	}
}

// A way is one of the two programs that are compared.
type way struct {
	name  string
	count func(*library, *progress, io.Writer) (counts, error)
	wait  func(n int) (end func())
	times []time.Duration
}

func run(out io.Writer, files, words, rounds, waiting int) error {
	fmt.Fprintf(out, "writing %d files of %d words\n", files, words)
	l, err := newLibrary(files, words)
	if err != nil {
		return err
	}
	defer l.remove()

	ways := []*way{
		{name: "tasks", count: countWithTasks, wait: waitWithTasks},
		{name: "goroutines", count: countWithGoroutines, wait: waitWithGoroutines},
	}
	for round := range rounds {
		for _, w := range ways { // in turns, since other programs run too
			start := time.Now()
			p := &progress{what: fmt.Sprintf("round %d of %d, %s", round+1, rounds, w.name), of: l.total, shown: start}
			total, err := w.count(l, p, out)
			if err != nil {
				return err
			}
			w.times = append(w.times, time.Since(start))
			p.end(out)
			if err := l.check(total); err != nil {
				return fmt.Errorf("%s: %w", w.name, err)
			}
		}
	}
	fmt.Fprintf(out, "\n%d files, %.1f MB, %d words of %d kinds: both counted them right\n\n", files, float64(l.bytes)/1e6, l.total, len(l.words))
	fmt.Fprintf(out, "%-12s %14s %14s %22s\n", "", "median time", "MB/s", fmt.Sprintf("%d that wait", waiting))
	for _, w := range ways {
		slices.Sort(w.times)
		median := w.times[len(w.times)/2]
		fmt.Fprintf(out, "%-12s %14v %14.0f %17.0f B each\n", w.name, median.Round(time.Millisecond),
			float64(l.bytes)/1e6/median.Seconds(), memoryOf(waiting, w.wait))
	}
	return nil
}

// memoryOf returns the bytes that each of n takes while all wait.
func memoryOf(n int, wait func(int) func()) float64 {
	before := memory()
	end := wait(n)
	after := memory()
	end()
	return float64(after-before) / float64(n)
}

// memory returns the memory in use after a collection: objects and stacks.
func memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// A progress tells how many words are counted: on a terminal in one line that is
// written again and again, elsewhere in a line for each second.
type progress struct {
	what  string
	of    int
	shown time.Time // when a line was written last, where that is no terminal
	n     atomic.Int64
}

func (p *progress) add(words int) { p.n.Add(int64(words)) }

func (p *progress) show(out io.Writer) {
	if isTerminal(out) {
		fmt.Fprintf(out, "\r%v", p)
	} else if time.Since(p.shown) >= time.Second {
		p.shown = time.Now()
		fmt.Fprintln(out, p)
	}
}

func (p *progress) end(out io.Writer) {
	if isTerminal(out) {
		fmt.Fprint(out, "\r")
	}
	fmt.Fprintln(out, p)
}

func (p *progress) String() string {
	n := p.n.Load()
	return fmt.Sprintf("%s: %d words, %d %%", p.what, n, n*100/int64(p.of))
}

func isTerminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
