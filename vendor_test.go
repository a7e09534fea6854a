//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The user's module, whose package kit is the copy.
var userModule = map[string]string{
	"main.go": `package main

import (
	"errors"
	"fmt"

	"example.com/user/internal/kit.v2"
)

// ends spawns a task that panics, and returns how it ended.
func ends() *rouse.JoinError {
	var q rouse.RunQueue
	j := rouse.Spawn[int](&q, rouse.FutureFunc[int](func(rouse.Context) (int, bool) { panic("poll") }))
	for q.RunOne() {
	}
	res, _ := j.TryJoin()
	var err *rouse.JoinError
	errors.As(res.Err, &err)
	return err
}

func main() { fmt.Println(ends()) }
`,
	"main_test.go": `package main

import (
	"path/filepath"
	"strings"
	"testing"

	"example.com/user/internal/kit.v2"
)

func TestCopy(t *testing.T) {
	err := ends()
	if err == nil || err.Cause != rouse.CausePanicked {
		t.Fatalf("ended by %v", err)
	}
	file, _, _ := strings.Cut(filepath.Base(err.Site), ":")
	if debug := rouse.OnLeak(func(rouse.Leak) {}); debug != (file == "main.go") {
		t.Errorf("the debug build: %v; spawned at %q", debug, err.Site)
	}
	_, trace := rouse.Unbound()
	t.Logf("built for debug %v, trace %v", rouse.OnLeak(func(rouse.Leak) {}), trace)
}
`,
}

// TestVendoring follows the rule for those who copy the package: its files, but
// neither word_explore.go nor the tests, work under any import path. The debug
// build tells the kit's own frames from the user's there too.
func TestVendoring(t *testing.T) {
	dir := t.TempDir()
	kit := filepath.Join(dir, "internal", "kit.v2")
	if err := os.MkdirAll(kit, 0o777); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || f == "word_explore.go" {
			continue
		}
		write(t, filepath.Join(kit, f), read(t, f))
	}
	for f, src := range userModule {
		write(t, filepath.Join(dir, f), []byte(src))
	}
	// The versions are those of this module, so that nothing is looked up.
	mod := strings.Replace(string(read(t, "go.mod")), "module github.com/rouse-go/rouse", "module example.com/user", 1)
	write(t, filepath.Join(dir, "go.mod"), []byte(mod))
	write(t, filepath.Join(dir, "go.sum"), read(t, "go.sum"))

	inModule(t, dir, "mod", "tidy")
	for line := range strings.Lines(string(read(t, filepath.Join(dir, "go.mod")))) {
		line = strings.TrimPrefix(line, "require ")
		if path, _, ok := strings.Cut(strings.TrimSpace(line), " v"); ok && path != "go.uber.org/atomic" {
			t.Errorf("the copy requires %s", path)
		}
	}
	for tags, built := range map[string]string{
		"":                        "debug false, trace false",
		"rouse_debug":             "debug true, trace false",
		"rouse_trace":             "debug false, trace true",
		"rouse_debug,rouse_trace": "debug true, trace true",
	} {
		if testing.Short() && strings.Contains(tags, "trace") {
			continue
		}
		inModule(t, dir, "vet", "-tags="+tags, "./...")
		inModule(t, dir, "build", "-tags="+tags, "./...")
		out := inModule(t, dir, "test", "-tags="+tags, "-v", "-run=^TestCopy$", ".")
		if !strings.Contains(out, "--- PASS: TestCopy") || !strings.Contains(out, "built for "+built) {
			t.Errorf("built with tags %q, want one for %s:\n%s", tags, built, out)
		}
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// inModule runs the go command in a module of its own, and returns what it prints.
func inModule(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod -buildvcs=false", "GOWORK=off",
		"GOOS=", "GOARCH=") // it runs here, though these tests be emulated
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	return string(out)
}
