// Report runs the kit's operations, their twins in Go and the same operations
// on Rust's task kits alternately, checks that all did the same work, and
// writes what they cost: as text, as the record of this machine, and, made of
// the records of all machines, RESULTS.md, the README's table and the plots.
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
	"runtime"
	"strings"
	"time"
)

// defaultPairs is the number of samples of each side.
const defaultPairs = 21

type options struct {
	root         string
	quick        bool
	goOnly       bool
	instructions bool
	servers      bool
	pairs        int
	rounds       int
	threads      int
	sample       time.Duration
	only         *regexp.Regexp
	write        bool
	render       bool
	compare      string
}

func main() {
	var o options
	var only string
	flag.StringVar(&o.root, "root", ".", "root of the repository")
	flag.BoolVar(&o.quick, "quick", false, "fewer and shorter samples, no large sweeps, no runtimes, no servers")
	flag.BoolVar(&o.goOnly, "go-only", false, "leave out the Rust programs")
	flag.BoolVar(&o.instructions, "instructions", false, "count instructions per operation too (needs valgrind)")
	flag.BoolVar(&o.servers, "servers", false, "run the RESP servers too (needs redis-server and redis-benchmark)")
	flag.IntVar(&o.pairs, "pairs", defaultPairs, "samples of each side, taken alternately")
	flag.IntVar(&o.rounds, "rounds", 3, "rounds of the servers")
	flag.IntVar(&o.threads, "threads", runtime.NumCPU(), "threads of the rows of contention, by powers of 2 up to it")
	flag.DurationVar(&o.sample, "sample", 3*time.Millisecond, "length of the slowest side's sample")
	flag.StringVar(&only, "only", "", "rows to run, a regular expression")
	flag.BoolVar(&o.write, "write", false, "write the record of this machine and all that is made of it; with -compare, bench/history.tsv alone")
	flag.BoolVar(&o.render, "render", false, "run nothing: make RESULTS.md, the README's table and the plots from bench/results")
	flag.StringVar(&o.compare, "compare", "", "compare the kit's operations with those of this `commit` instead")
	flag.Parse()
	if o.quick {
		o.pairs, o.sample = 9, 1500*time.Microsecond
	}
	var err error
	switch o.only, err = regexp.Compile(only); {
	case err != nil:
	case o.render:
		err = render(o.root)
	case o.pairs < fewest:
		err = fmt.Errorf("a comparison takes %d pairs at least", fewest)
	case o.threads < 1:
		err = errors.New("-threads starts at 1")
	case o.compare != "":
		err = compare(o)
	case o.write && only != "":
		err = errors.New("a record is of one whole run: -write goes without -only")
	default:
		err = report(o)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

func report(o options) error {
	started := time.Now()
	r := &record{host: describeHost(o)}
	ps, err := build(o)
	if err != nil {
		return err
	}
	defer ps.close()

	all := rows(o.threads)
	for i, row := range all {
		if !o.only.MatchString(row.name) || row.full && o.quick {
			continue
		}
		progress("%d of %d: %s", i+1, len(all), row.name)
		m, err := measure(ps, row, o)
		if err != nil {
			return fmt.Errorf("%s: %w", row.name, err)
		}
		out := m.outcome()
		r.rows = append(r.rows, out)
		progress("")
		fmt.Print(r.rowText(out))
	}
	// What fails from here on costs its own table, not those that there are.
	var uncounted, unserved, unsimulated error
	if o.instructions {
		uncounted = countInstructions(ps, r.rows)
	}
	if o.servers && !o.quick {
		r.servers, unserved = runServers(o)
	}
	if o.only.String() == "" {
		r.lines, unsimulated = simulateLines(o.root)
	}
	r.host.Took = time.Since(started).Round(time.Second).String()
	fmt.Print("\n", r.reach(), "\n", r.text())
	if o.write {
		err = r.publish(o.root)
	}
	return errors.Join(uncounted, unserved, unsimulated, err)
}

// publish saves the record, and makes all that is made of records.
func (r *record) publish(root string) error {
	dir := filepath.Join(root, "bench")
	return errors.Join(r.save(dir), addHistory(dir, r.history()), render(root))
}

// render makes what is published of the records of all machines.
func render(root string) error {
	dir := filepath.Join(root, "bench")
	all, err := readRecords(dir)
	if err != nil {
		return err
	}
	readme := filepath.Join(root, "README.md")
	b, err := os.ReadFile(readme)
	if err != nil {
		return err
	}
	page, err := withTable(string(b), costsTable(all[0]))
	if err != nil {
		return fmt.Errorf("%s: %w", readme, err)
	}
	return errors.Join(
		os.WriteFile(filepath.Join(dir, "RESULTS.md"), []byte(resultsPage(all)), 0o644),
		os.WriteFile(readme, []byte(page), 0o644),
		all[0].plots(filepath.Join(dir, "plots")),
	)
}

// command is how the report was run.
func (o options) command() string {
	f := []string{"go -C bench/report run . -root ../.. -write"}
	for _, b := range []struct {
		set  bool
		flag string
	}{{o.quick, "-quick"}, {o.goOnly, "-go-only"}, {o.instructions, "-instructions"}, {o.servers, "-servers"}} {
		if b.set {
			f = append(f, b.flag)
		}
	}
	if o.pairs != defaultPairs && !o.quick {
		f = append(f, fmt.Sprint("-pairs ", o.pairs))
	}
	return strings.Join(append(f, fmt.Sprint("-threads ", o.threads)), " ")
}

// progress shows on a terminal, or in a log, what is under way; nothing erases it.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "\r\x1b[K"+format, args...)
}
