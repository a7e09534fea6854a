package wakervet

import (
	"fmt"
	"os"
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
	pkgs, got := findings(t, "mistakes/...")
	if len(pkgs) < 40 {
		t.Errorf("%d programs", len(pkgs))
	}
	wantMarked(t, pkgs, got)
}

// TestCopied does the same for the user of a copy of the kit.
func TestCopied(t *testing.T) {
	pkgs, got := findings(t, "copied")
	wantMarked(t, pkgs, got)
}

// wantMarked checks that what was found is what the programs mark.
func wantMarked(t *testing.T, pkgs []*packages.Package, got map[string][]string) {
	t.Helper()
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
		slices.Sort(want)
		slices.Sort(got[file])
		if len(want) == 0 || !slices.Equal(got[file], want) {
			t.Errorf("%s: reported %q, want %q", file, got[file], want)
		}
	}
}

// TestSilent runs all checks over programs that make none.
func TestSilent(t *testing.T) {
	pkgs, got := findings(t, "silent/...")
	if len(pkgs) == 0 || len(got) > 0 {
		t.Errorf("%d programs, reported %q", len(pkgs), got)
	}
}

// findings runs all checks over the packages that pattern names, and returns the lines
// that they report, with the names of the checks, by file.
func findings(t *testing.T, pattern string) ([]*packages.Package, map[string][]string) {
	t.Helper()
	return findingsIn(t, analysistest.TestData(), pattern)
}

// findingsIn is findings for the packages of another GOPATH.
func findingsIn(t *testing.T, dir, pattern string) ([]*packages.Package, map[string][]string) {
	t.Helper()
	env := append(os.Environ(), "GOPATH="+dir, "GO111MODULE=off", "GOWORK=off", "GOPROXY=off")
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: dir, Env: env}, pattern)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.Fatalf("cannot load %s", pattern)
	}
	graph, err := checker.Analyze(Analyzers(), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := make(map[string][]string)
	for act := range graph.All() {
		if act.Err != nil {
			t.Error(act.Err)
		}
		if !act.IsRoot {
			continue
		}
		for _, d := range act.Diagnostics {
			at := act.Package.Fset.Position(d.Pos)
			found[at.Filename] = append(found[at.Filename], fmt.Sprintf("%d %s", at.Line, act.Analyzer.Name))
		}
	}
	return pkgs, found
}
