package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	var out bytes.Buffer
	if err := run(&out, 50, 3000, 1, 1000); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"150000 words of 20 kinds: both counted them right", "1000 that wait", "\ntasks ", "\ngoroutines "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output has no %q:\n%s", want, out.String())
		}
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// A count that is wrong is noticed, and so is a file that cannot be read.
func TestWrongCounts(t *testing.T) {
	l, err := newLibrary(10, 1000)
	if err != nil {
		t.Fatal(err)
	}
	defer l.remove()
	for _, count := range []func(*library, *progress, *bytes.Buffer) (counts, error){
		func(l *library, p *progress, out *bytes.Buffer) (counts, error) { return countWithTasks(l, p, out) },
		func(l *library, p *progress, out *bytes.Buffer) (counts, error) { return countWithGoroutines(l, p, out) },
	} {
		p := &progress{of: l.total}
		total, err := count(l, p, new(bytes.Buffer))
		if err != nil || l.check(total) != nil || int(p.n.Load()) != l.total {
			t.Errorf("%v, %v, %d of %d words", err, l.check(total), p.n.Load(), l.total)
		}
		total["task"]++
		if l.check(total) == nil {
			t.Error("a wrong count passes the check")
		}
		missing := *l
		missing.files = append([]string{l.dir + "/none"}, l.files...)
		if _, err := count(&missing, p, new(bytes.Buffer)); err == nil {
			t.Error("a file that is not there is not reported")
		}
	}
}
