package harness

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// An Op does an operation n times. Contended ones take a number of threads,
// the others get 1.
type Op func(n, threads int) Sample

// Ops is the operations by name, implementation/operation. One whose name ends
// in @ is asked for as name@THREADS.
type Ops map[string]Op

// Main is the main function of a command that runs ops:
//
//	ops -list
//	ops -op rouse/self-wake -iters 1000000 -samples 5
//	ops -serve     # reads lines "OP ITERS", answers each with one line
//
// Each sample is one line, see [Sample.Line].
func Main(name string, ops Ops) {
	if err := run(os.Args[1:], ops, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(2)
	}
}

func run(args []string, ops Ops, in io.Reader, out io.Writer) error {
	fs := flag.NewFlagSet("ops", flag.ContinueOnError)
	list := fs.Bool("list", false, "print the names of the operations")
	serve := fs.Bool("serve", false, `read lines "OP ITERS" from standard input, answer each with one line`)
	op := fs.String("op", "", "operation to run")
	iters := fs.Int("iters", 1_000_000, "operations per sample")
	samples := fs.Int("samples", 1, "samples to print")
	if err := fs.Parse(args); err != nil {
		return err
	}
	switch {
	case *list:
		for _, name := range slices.Sorted(maps.Keys(ops)) {
			fmt.Fprintln(out, name)
		}
		return nil
	case *serve:
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			name, count, _ := strings.Cut(lines.Text(), " ")
			n, err := strconv.Atoi(count)
			if err != nil {
				return fmt.Errorf("want \"OP ITERS\", got %q", lines.Text())
			}
			if err := sampleLine(ops, name, n, out); err != nil {
				return err
			}
		}
		return lines.Err()
	case *op == "":
		return errors.New("want -op NAME, -serve or -list")
	}
	for range *samples {
		if err := sampleLine(ops, *op, *iters, out); err != nil {
			return err
		}
	}
	return nil
}

func sampleLine(ops Ops, name string, n int, out io.Writer) error {
	base, threads := name, 1
	if before, after, ok := strings.Cut(name, "@"); ok {
		t, err := strconv.Atoi(after)
		if err != nil {
			return fmt.Errorf("%s: bad thread count", name)
		}
		base, threads = before+"@", t
	}
	if n < 1 || threads < 1 {
		return fmt.Errorf("%s: iterations and threads start at 1", name)
	}
	op, ok := ops[base]
	if !ok {
		return fmt.Errorf("unknown operation %s; see -list", name)
	}
	_, err := fmt.Fprintln(out, op(n, threads).Line(name))
	return err
}
