package wakervet

import (
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/go/analysis/passes/copylock"
)

func TestChecks(t *testing.T) {
	for pkg, a := range map[string]*analysis.Analyzer{
		"leak":            Leak,
		"consumed":        Consumed,
		"escape":          Escape,
		"pending":         Pending,
		"pendingheader":   Pending,
		"inline":          Inline,
		"lost":            Lost,
		"notes":           Notes,
		"results":         Discard,
		"staterun":        StateRun,
		"blocking":        Blocks,
		"underlock":       UnderLock,
		"destructor":      Destructor,
		"destructorclose": Destructor,
		"receiver":        Receiver,
		"headerinit":      HeaderInit,
		"copies":          Copies,
		"worker":          Worker,
		"overwritten":     Overwritten,
	} {
		t.Run(pkg, func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), a, pkg)
		})
	}
}

// TestFacts has annotations of one package decide findings in another.
func TestFacts(t *testing.T) {
	for _, a := range []*analysis.Analyzer{Leak, Consumed, Escape, Lost} {
		t.Run(a.Name, func(t *testing.T) {
			analysistest.Run(t, analysistest.TestData(), a, "facts/"+a.Name)
		})
	}
}

func TestDiscard(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, analysistest.TestData(), Discard, "discard")
}

// TestReceive checks that go vet accepts what README.md says to write for a receive.
func TestReceive(t *testing.T) {
	analysistest.Run(t, analysistest.TestData(), copylock.Analyzer, "receive")
}

// TestCheckNames checks that each check can be allowed by its name.
func TestCheckNames(t *testing.T) {
	var names []string
	for _, a := range Analyzers() {
		if a != Notes {
			names = append(names, a.Name)
		}
	}
	if got := checkNames(); !slices.Equal(got, names) {
		t.Errorf("checkNames() = %q, the analyzers are %q", got, names)
	}
}
