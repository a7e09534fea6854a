//go:build rouse_explore

// Lines is a simulation. It counts what several threads that use one piece of
// the kit do to each other's caches, without as many processors: each operation
// on an atomic word of the kit is a step, the explorer draws whose step is next,
// and each word counts as a cache line of its own. It says how often lines
// travel, not how long that takes.
//
//	go run -tags rouse_explore ./bench/lines -threads 1,2,4,8,16
package main

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// maxThreads is how many threads the explorer runs beside its own.
const maxThreads = 30

func main() {
	threads := flag.String("threads", "1,2,4,8,16", fmt.Sprint("numbers of threads, at most ", maxThreads))
	walks := flag.Int("walks", 20, "schedules to draw of each")
	flag.Parse()
	if err := run(*threads, *walks); err != nil {
		fmt.Fprintln(os.Stderr, "lines:", err)
		os.Exit(2)
	}
}

// run prints, for each piece and number of threads, per operation:
// lines<TAB>piece<TAB>threads<TAB>RMWs<TAB>those on shared words<TAB>transfers<TAB>failed compare-and-swaps.
func run(threads string, walks int) error {
	for _, p := range pieces() {
		for _, field := range strings.Split(threads, ",") {
			n, err := strconv.Atoi(field)
			if err != nil || n < 1 || n > maxThreads {
				return fmt.Errorf("%q is no number of threads from 1 to %d", field, maxThreads)
			}
			t, err := simulate(p, n, walks)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			fmt.Printf("lines\t%s\t%d\t%.2f\t%.2f\t%.2f\t%.2f\n", p.name, n, t.per(t.rmws), t.per(t.shared), t.per(t.transfers), t.per(t.failed))
		}
	}
	return nil
}
