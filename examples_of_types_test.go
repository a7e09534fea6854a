//go:build !js && !wasip1 && !rouse_debug && !rouse_trace && !rouse_explore

package rouse_test

import (
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shownElsewhere are the types that have no example of their own, and the example
// that shows each.
var shownElsewhere = map[string]string{
	"Leak":           "proptest's NoLeaks",
	"NoHooks":        "Hooks",
	"RawWakerVTable": "RawWaker",
	"Scheduler":      "StealQueue",
	"TaskInfo":       "Options",
	"TraceEvent":     "package trace",
	"Tracer":         "package trace",
	"Waiter":         "WaitQueue",
}

// TestEveryTypeHasAnExample: each exported type has an example on its page, or
// stands in the list above.
func TestEveryTypeHasAnExample(t *testing.T) {
	has := map[string]bool{}
	example := regexp.MustCompile(`(?m)^func Example([A-Z]\w*?)(_\w+)?\(\) {$`)
	files, err := filepath.Glob("example_*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range example.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1) {
			has[m[1]] = true
		}
	}
	scope := load(t, "github.com/rouse-go/rouse").Scope()
	for _, name := range scope.Names() {
		if _, isType := scope.Lookup(name).(*types.TypeName); !isType || !scope.Lookup(name).Exported() {
			continue
		}
		if has[name] == (shownElsewhere[name] != "") {
			t.Errorf("%s: has an example: %v, shown by that of %q", name, has[name], shownElsewhere[name])
		}
		delete(shownElsewhere, name)
	}
	for name := range shownElsewhere {
		t.Errorf("%s is no type", name)
	}
}
