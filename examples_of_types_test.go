//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"go/build"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryTypeHasAnExample: each exported type of each package has an example on
// its page, in a file that the page shows.
func TestEveryTypeHasAnExample(t *testing.T) {
	for _, dir := range []string{".", "inspect", "trace", "proptest", "proptest/explore"} {
		has := examples(t, dir)
		exported := 0
		scope := load(t, filepath.ToSlash(filepath.Join("github.com/rouse-go/rouse", dir))).Scope()
		for _, name := range scope.Names() {
			if _, isType := scope.Lookup(name).(*types.TypeName); !isType || !scope.Lookup(name).Exported() {
				continue
			}
			exported++
			if !has[name] {
				t.Errorf("%s: the type %s has no example", dir, name)
			}
		}
		if exported == 0 {
			t.Errorf("%s has no types", dir)
		}
	}
}

var exampleOf = regexp.MustCompile(`(?m)^func Example([A-Z]\w*?)(_\w+)?\(\) {$`)

// examples are the names that have examples in a directory, in files without
// build tags.
func examples(t *testing.T, dir string) map[string]bool {
	t.Helper()
	has := map[string]bool{}
	files, err := filepath.Glob(filepath.Join(dir, "example_*test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		shown, err := build.Default.MatchFile(dir, filepath.Base(f))
		if err != nil {
			t.Fatal(err)
		}
		if !shown {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range exampleOf.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1) {
			has[m[1]] = true
		}
	}
	return has
}
