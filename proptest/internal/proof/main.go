// Proof runs all that is known to prove the kit right, and sums up what was
// counted: a table for readers, and for programs a line for each item, with its
// name, the count, and how many of it failed.
//
// Each part is a test or a program that prints such lines itself, as it counts;
// nothing is counted here but the fuzz targets. A part that ends in failure, or
// does not say what it has to, is a failure of its items.
//
//	go run ./proptest/internal/proof [-quick] [-run regexp]
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"time"
)

var (
	quick    = flag.Bool("quick", false, "the quick sets, samples, and the architectures that need no emulator")
	only     = flag.String("run", "", "only the parts whose name matches the `regexp`")
	jobs     = flag.Int("j", 2, "commands at a time")
	fuzztime = flag.String("fuzztime", "10s", "for each fuzz target")
	soak     = flag.String("soak", "30s", "how long to soak")
	mutants  = flag.Int("mutants", 0, "a sample of so many mutants instead of all")
	fresh    = flag.Bool("fresh", false, "try all mutants, also those that an earlier run killed")
	seed     = flag.Uint64("seed", 1, "of the sample")
)

// logs is where the whole output of each part goes.
var logs = filepath.Join("build", "proof")

func main() {
	flag.Parse()
	re, err := regexp.Compile(*only)
	if err == nil {
		err = os.MkdirAll(logs, 0o755)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "proof:", err)
		os.Exit(1)
	}
	start := time.Now()
	var todo []*part
	for _, p := range parts() {
		if re.MatchString(p.name) {
			todo = append(todo, p)
		}
	}
	over := progress(start, todo)
	turn := make(chan struct{}, *jobs)
	var all sync.WaitGroup
	for _, p := range todo {
		for _, chain := range p.chains() {
			turn <- struct{}{}
			all.Add(1)
			go func() {
				defer all.Done()
				p.run(chain)
				<-turn
			}()
		}
	}
	all.Wait()
	close(over)
	if !summary(todo, time.Since(start)) {
		os.Exit(1)
	}
}

// progress prints now and then what runs, and the last that it said.
func progress(start time.Time, parts []*part) chan struct{} {
	over := make(chan struct{})
	go func() {
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				for _, p := range parts {
					if last, runs := p.now(); runs {
						fmt.Printf("proof: %4.0fs %s: %s\n", time.Since(start).Seconds(), p.name, last)
					}
				}
			}
		}
	}()
	return over
}
