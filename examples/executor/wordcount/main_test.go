package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
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
	if strings.Contains(out.String(), "\r") {
		t.Errorf("what is no terminal gets a line that is written again and again:\n%q", out.String())
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

// Where the output is no terminal the progress is a line for each second.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{what: "counting", of: 4, shown: time.Now().Add(-time.Second)}
	p.add(1)
	p.show(&out)
	p.shown = time.Now().Add(time.Hour)
	p.show(&out)
	p.add(3)
	p.end(&out)
	if want := "counting: 1 words, 25 %\ncounting: 4 words, 100 %\n"; out.String() != want {
		t.Errorf("it writes %q, want %q", out.String(), want)
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
		func(l *library, p *progress, out *bytes.Buffer) (counts, error) {
			return countWithGoroutines(l, p, out)
		},
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
