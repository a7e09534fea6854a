package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const keeper = `package keeper

import "github.com/rouse-go/rouse"

// Look prints the waker.
//
//wakervet:borrows w
func Look(w *rouse.Waker) {}
`

const user = `package user

import (
	"example.com/user/keeper"

	"github.com/rouse-go/rouse"
)

type future struct{ ready bool }

func (f *future) Poll(cx rouse.Context) (int, bool) {
	w := cx.Waker().Clone()
	keeper.Look(&w)
	cx.Waker().Clone()
	return 0, f.ready
}
`

// module writes a module that uses the stub of package rouse.
func module(t *testing.T) string {
	t.Helper()
	stub, err := os.ReadFile("../../testdata/src/github.com/rouse-go/rouse/rouse.go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/user\n\ngo 1.24\n\nrequire github.com/rouse-go/rouse v0.0.0\n\n" +
			"replace github.com/rouse-go/rouse => ./rouse\n",
		"user.go":          user,
		"keeper/keeper.go": keeper,
		"rouse/go.mod":     "module github.com/rouse-go/rouse\n\ngo 1.24\n",
		"rouse/rouse.go":   string(stub),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func build(t *testing.T) string {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "wakervet")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return tool
}

func command(dir, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestRun runs the tool in each of its ways: the leak is found only if the fact
// about Look crosses from one package to the other.
func TestRun(t *testing.T) {
	tool := build(t)
	for _, test := range []struct {
		name string
		args []string
	}{
		{"vettool", []string{"go", "vet", "-vettool=" + tool, "./..."}},
		{"standalone", []string{tool, "./..."}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := module(t)
			out, err := command(dir, test.args[0], test.args[1:]...)
			if err == nil {
				t.Error("exit status 0 in spite of findings")
			}
			for _, want := range []string{
				"user.go:12:2: the waker w is not woken, dropped or passed on, on a path to the return at line 15",
				"user.go:14:2: the waker that Clone returns is discarded, and never given back",
			} {
				if !strings.Contains(out, want) {
					t.Errorf("no finding %q in:\n%s", want, out)
				}
			}
			if n := strings.Count(out, "user.go:"); n != 2 {
				t.Errorf("%d findings, want 2:\n%s", n, out)
			}
		})
	}
}

// TestOneCheck turns all checks off but one.
func TestOneCheck(t *testing.T) {
	tool, dir := build(t), module(t)
	out, err := command(dir, "go", "vet", "-vettool="+tool, "-wakerdiscard", "./...")
	if err == nil || strings.Contains(out, "user.go:12:") || !strings.Contains(out, "user.go:14:") {
		t.Errorf("go vet -wakerdiscard: %v\n%s", err, out)
	}
}

// TestAllButOne turns one check off.
func TestAllButOne(t *testing.T) {
	tool, dir := build(t), module(t)
	out, err := command(dir, tool, "-wakerdiscard=false", "./...")
	if err == nil || !strings.Contains(out, "user.go:12:") || strings.Contains(out, "user.go:14:") {
		t.Errorf("wakervet -wakerdiscard=false: %v\n%s", err, out)
	}
}

// TestFix applies the suggested fix, after which the finding is gone.
func TestFix(t *testing.T) {
	tool, dir := build(t), module(t)
	command(dir, tool, "-fix", "./...")
	out, _ := command(dir, tool, "./...")
	if strings.Contains(out, "discarded") || !strings.Contains(out, "user.go:12:2: the waker w") {
		t.Errorf("after the fix:\n%s", out)
	}
}
