//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the pages whose code is checked.
var pages = []string{"README.md", "docs/when-it-goes-wrong.md", "docs/tutorial.md", "docs/migrating.md"}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// TestPrograms builds and runs each whole program of the pages. What it prints
// has to be the block that follows it, if that has no language.
func TestPrograms(t *testing.T) {
	programs := 0
	for _, page := range pages {
		for _, b := range blocks(t, page) {
			if !strings.HasPrefix(b.code, "package main\n") {
				continue
			}
			programs++
			file := filepath.Join(t.TempDir(), "main.go")
			if err := os.WriteFile(file, []byte(b.code), 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("go", "run", file)             // which imports what this module has
			cmd.Env = append(os.Environ(), "GOOS=", "GOARCH=") // it runs here, though these tests be emulated
			var out, errs bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &errs
			if err := cmd.Run(); err != nil {
				t.Errorf("%s: %v\n%s", b, err, errs.String())
			} else if out.String() != b.output {
				t.Errorf("%s prints\n%s, the page says\n%s", b, out.String(), b.output)
			}
		}
	}
	if programs == 0 {
		t.Error("no page has a whole program")
	}
}

// TestFragments finds each other block of Go on the pages in a Go file of this
// repository, word for word, so that it compiles and is tested there.
func TestFragments(t *testing.T) {
	var sources []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "build" || path != "." && strings.HasPrefix(d.Name(), ".")) {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		sources = append(sources, unindented(string(text)))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		for _, b := range blocks(t, page) {
			if strings.HasPrefix(b.code, "package main\n") {
				continue
			}
			for _, part := range strings.Split(b.code, "\n…\n") {
				part = strings.TrimSpace(unindented(part))
				found := false
				for _, s := range sources {
					found = found || strings.Contains(s, "\n"+part+"\n")
				}
				if !found {
					t.Errorf("%s: no Go file has\n%s", b, part)
				}
			}
		}
	}
}

// tutorialStep is a command of the tutorial and the output that follows it.
var tutorialStep = regexp.MustCompile("(?ms)^    go run (\\./docs/tutorial/\\w+)$\n\n^```\n(.*?)^```$")

// TestTutorial runs each program of the tutorial. What it prints has to be what
// the page says.
func TestTutorial(t *testing.T) {
	text, err := os.ReadFile("docs/tutorial.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for _, step := range tutorialStep.FindAllStringSubmatch(string(text), -1) {
		dir, want := step[1], step[2]
		shown[filepath.Base(dir)] = true
		t.Run(filepath.Base(dir), func(t *testing.T) {
			t.Parallel()
			cmd := exec.Command("go", "run", dir)
			cmd.Env = append(os.Environ(), "GOOS=", "GOARCH=") // as TestPrograms does
			out, err := cmd.CombinedOutput()
			if err != nil || string(out) != want {
				t.Errorf("%v; it prints\n%s, the page says\n%s", err, out, want)
			}
		})
	}
	dirs, err := os.ReadDir("docs/tutorial")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range dirs {
		if !shown[d.Name()] {
			t.Errorf("the page does not run docs/tutorial/%s", d.Name())
		}
	}
}

// A block of Go, and the block without a language that follows at once.
type block struct {
	page         string
	line         int
	code, output string
}

func (b block) String() string { return fmt.Sprintf("%s:%d", b.page, b.line) }

func blocks(t *testing.T, page string) (bs []block) {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range goBlock.FindAllSubmatchIndex(text, -1) {
		b := block{page: page, line: 1 + bytes.Count(text[:at[0]], []byte("\n")), code: string(text[at[2]:at[3]])}
		if rest, ok := strings.CutPrefix(string(text[at[1]:]), "\n\n```\n"); ok {
			b.output, _, _ = strings.Cut(rest, "```\n")
		}
		bs = append(bs, b)
	}
	if len(bs) == 0 {
		t.Fatalf("%s has no Go", page)
	}
	return bs
}

// unindented returns text without the space at the start of its lines.
func unindented(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = strings.TrimLeft(lines[i], " \t")
	}
	return strings.Join(lines, "\n")
}
