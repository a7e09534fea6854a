package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/copylock"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Copies reports copies of what the kit says must not be copied. It is copylocks of go
// vet, of which it leaves out what is received from a channel: the channel gives it away.
var Copies = &analysis.Analyzer{
	Name: "wakercopy",
	Doc: `report copies of wakers, states, headers and what contains them

A copy of a Waker is not counted: to consume both gives back one waker twice. A copy
of a State or a Header is another task, which nobody wakes. Range over the index, keep
pointers, and move a waker with Move. The copylocks check of go vet reports the same,
and also the receive of a waker from a channel, which is no copy.`,
	URL:      url + "#Copies",
	Run:      runCopies,
	Requires: []*analysis.Analyzer{inspect.Analyzer, Notes},
}

func runCopies(pass *analysis.Pass) (any, error) {
	kits := kitsOf(pass.Pkg)
	if len(kits) == 0 {
		return nil, nil
	}
	n := pass.ResultOf[Notes].(*notes)
	received := receives(pass)
	locks := *pass
	locks.Report = func(d analysis.Diagnostic) {
		what, path, _ := strings.Cut(d.Message, ": ")
		for _, kit := range kits {
			if name := typeIn(path, kit); name != "" && !received[d.Pos] {
				a := " a " + name
				d.Message = strings.NewReplacer(" lock value", a, " lock", a).Replace(what) + ", which must not be copied: use a pointer"
				if name == "Waker" {
					d.Message += ", or Move it"
				}
				n.report(pass, d)
				return
			}
		}
	}
	return copylock.Analyzer.Run(&locks)
}

// kitsOf returns the import paths of the kit, and of copies of it, that pkg is or
// depends on.
func kitsOf(pkg *types.Package) []string {
	var kits []string
	seen := make(map[*types.Package]bool)
	var visit func(*types.Package)
	visit = func(p *types.Package) {
		if seen[p] {
			return
		}
		seen[p] = true
		if rousetypes.Kit(p) {
			kits = append(kits, p.Path())
		}
		for _, imp := range p.Imports() {
			visit(imp)
		}
	}
	visit(pkg)
	return kits
}

// typeIn returns the name of the kit's type in a path such as
// "T contains kit.Header contains sync.Mutex".
func typeIn(path, kit string) string {
	_, rest, ok := strings.Cut(path, kit+".")
	if !ok {
		return ""
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return r == ' ' || r == '[' })
	if end < 0 {
		end = len(rest)
	}
	return rest[:end]
}

// receives returns where a value is taken out of a channel.
func receives(pass *analysis.Pass) map[token.Pos]bool {
	found := make(map[token.Pos]bool)
	in := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector)
	in.Preorder([]ast.Node{(*ast.UnaryExpr)(nil), (*ast.RangeStmt)(nil)}, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				found[n.Pos()] = true
			}
		case *ast.RangeStmt:
			if t := pass.TypesInfo.TypeOf(n.X); n.Key != nil && t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					found[n.Key.Pos()] = true
				}
			}
		}
	})
	return found
}
