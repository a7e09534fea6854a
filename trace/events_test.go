package trace

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"strings"
	"testing"
)

// constants returns the values of a file's constants by name, with the prefixes
// of the kit's names replaced by those of this package.
func constants(t *testing.T, file string) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		if v, ok := n.(*ast.ValueSpec); ok {
			name := v.Names[0].Name
			if rest, ok := strings.CutPrefix(name, "trace"); ok {
				name = "Op" + rest
			} else if rest, ok := strings.CutPrefix(name, "outcome"); ok {
				name = "Outcome" + rest
			}
			found[name] = v.Values[0].(*ast.BasicLit).Value
		}
		return true
	})
	return found
}

// What this package exports is what the kit emits.
func TestEvents(t *testing.T) {
	kit, here := constants(t, "../trace.go"), constants(t, "events.go")
	if len(here) < 20 || !maps.Equal(kit, here) {
		t.Errorf("the kit emits %v, package trace exports %v", kit, here)
	}
}
