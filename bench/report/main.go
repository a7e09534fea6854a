// Report runs the kit's operations, their twins in Go and the same operations
// on Rust's task kits alternately, checks that all did the same work, and
// writes what they cost: as text, as machine-readable lines, as RESULTS.md and
// as plots.
//
// Run it from the root of the repository, by make bench-peers or
//
//	go -C bench/report run . -root ../..
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// defaultPairs is the number of samples of each side.
const defaultPairs = 31

type options struct {
	root         string
	quick        bool
	goOnly       bool
	instructions bool
	servers      bool
	pairs        int
	rounds       int
	sample       time.Duration
	only         *regexp.Regexp
	write        bool
	plots        bool
}

func main() {
	var o options
	var only string
	flag.StringVar(&o.root, "root", ".", "root of the repository")
	flag.BoolVar(&o.quick, "quick", false, "fewer and shorter samples, no large sweeps, no servers: under 50 s")
	flag.BoolVar(&o.goOnly, "go-only", false, "leave out the Rust program")
	flag.BoolVar(&o.instructions, "instructions", false, "count instructions per operation too (needs valgrind)")
	flag.BoolVar(&o.servers, "servers", false, "run the RESP servers too (needs redis-server and redis-benchmark)")
	flag.IntVar(&o.pairs, "pairs", defaultPairs, "samples of each side, taken alternately")
	flag.IntVar(&o.rounds, "rounds", 7, "rounds of the servers")
	flag.DurationVar(&o.sample, "sample", 3*time.Millisecond, "length of the slowest side's sample")
	flag.StringVar(&only, "only", "", "rows to run, a regular expression")
	flag.BoolVar(&o.write, "write", false, "write bench/RESULTS.md, bench/ratios.tsv and bench/plots")
	flag.BoolVar(&o.plots, "plots", false, "run nothing: draw bench/plots again from bench/ratios.tsv")
	flag.Parse()
	if o.quick {
		o.pairs, o.sample = 15, 1500*time.Microsecond
	}
	var err error
	switch o.only, err = regexp.Compile(only); {
	case err != nil:
	case o.plots:
		err = redraw(filepath.Join(o.root, "bench"))
	default:
		err = report(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func report(o options) error {
	if o.pairs < fewest {
		return fmt.Errorf("a comparison takes %d pairs at least", fewest)
	}
	started := time.Now()
	programs, err := build(o)
	if err != nil {
		return err
	}
	defer programs.close()

	r := &results{host: describeHost(), options: o}
	for _, row := range rows() {
		if !o.only.MatchString(row.name) || row.full && o.quick {
			continue
		}
		m, err := measure(programs, row, o)
		if err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
		r.add(m)
		fmt.Print(m.text())
	}
	// What fails from here on costs its own table, not those that there are.
	var uncounted, unserved error
	if o.instructions {
		r.instructions, uncounted = countInstructions(programs)
	}
	if o.servers {
		r.servers, unserved = runServers(o)
	}
	r.took = time.Since(started)
	fmt.Print("\n", r.reach(), "\n", r.lines())
	if o.write {
		err = r.write(filepath.Join(o.root, "bench"))
	}
	return errors.Join(uncounted, unserved, err)
}

func (r *results) write(dir string) error {
	if err := r.figures().plots(filepath.Join(dir, "plots")); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "ratios.tsv"), []byte(r.lines()), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "RESULTS.md"), []byte(r.markdown()), 0o644)
}

// redraw draws the plots of the figures that the last run wrote.
func redraw(dir string) error {
	file := filepath.Join(dir, "ratios.tsv")
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	f, err := readFigures(string(b))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return f.plots(filepath.Join(dir, "plots"))
}
