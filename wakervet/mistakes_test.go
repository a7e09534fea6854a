package wakervet

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
)

// TestMistakes runs all checks over programs that each make one mistake, as new users
// do: exactly that one must be reported, where it is marked, by the check it names.
func TestMistakes(t *testing.T) {
	dir := analysistest.TestData()
	env := append(os.Environ(), "GOPATH="+dir, "GO111MODULE=off", "GOWORK=off", "GOPROXY=off")
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: env}, "mistakes/...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 || len(pkgs) < 40 {
		t.Fatalf("%d programs were loaded", len(pkgs))
	}
	graph, err := checker.Analyze(Analyzers(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string][]string)
	for act := range graph.All() {
		if act.Err != nil {
			t.Error(act.Err)
		}
		if !act.IsRoot {
			continue
		}
		for _, d := range act.Diagnostics {
			at := act.Package.Fset.Position(d.Pos)
			name := filepath.Base(filepath.Dir(at.Filename))
			got[name] = append(got[name], fmt.Sprintf("%d %s", at.Line, act.Analyzer.Name))
		}
	}
	for _, pkg := range pkgs {
		file := pkg.GoFiles[0]
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for i, line := range strings.Split(string(text), "\n") {
			if _, check, ok := strings.Cut(line, "// MISTAKE: "); ok {
				want = append(want, fmt.Sprintf("%d %s", i+1, check))
			}
		}
		name := filepath.Base(filepath.Dir(file))
		if len(want) == 0 || !slices.Equal(got[name], want) {
			t.Errorf("%s: reported %q, want %q", name, got[name], want)
		}
	}
}
