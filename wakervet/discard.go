package wakervet

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/inspect"
	"golang.org/x/tools/go/ast/inspector"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Discard reports calls whose result is all that they are for, or must be given
// back, and that stand as a statement.
var Discard = &analysis.Analyzer{
	Name: "wakerdiscard",
	Doc: `report calls that discard a waker, a pool's handle or the only thing they do

A discarded Clone or Move leaks the waker; a discarded Borrow, WillWake and the
like do nothing; a discarded JoinHandle of a Pool keeps the task from the pool.
Assign to the blank identifier to discard on purpose.`,
	URL:      url + "#Discard",
	Run:      runDiscard,
	Requires: []*analysis.Analyzer{inspect.Analyzer, functions, Notes},
}

// pure lists the methods, by receiver, that do nothing but return a value.
var pure = map[string]map[string]bool{
	"Waker":    {"Borrow": true, "WillWake": true, "IsZero": true},
	"WakerRef": {"Raw": true, "WillWake": true, "IsZero": true},
	"Context":  {"Waker": true},
	"Header":   {"WakerRef": true},
	"Notified": {"IsZero": true, "Task": true, "Next": true},
}

func runDiscard(pass *analysis.Pass) (any, error) {
	var probes []*function
	all := pass.ResultOf[functions].([]*function)
	for _, f := range all {
		if f.probes() {
			probes = append(probes, f)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	n := pass.ResultOf[Notes].(*notes)
	root := pass.ResultOf[inspect.Analyzer].(*inspector.Inspector).Root()
	for c := range root.Preorder((*ast.ExprStmt)(nil), (*ast.GoStmt)(nil), (*ast.DeferStmt)(nil)) {
		var call *ast.CallExpr
		switch s := c.Node().(type) {
		case *ast.ExprStmt:
			call, _ = ast.Unparen(s.X).(*ast.CallExpr)
		case *ast.GoStmt:
			call = s.Call
		case *ast.DeferStmt:
			call = s.Call
		}
		if call == nil || slices.ContainsFunc(probes, func(f *function) bool {
			return f.node.Pos() <= call.Pos() && call.Pos() < f.node.End()
		}) {
			continue
		}
		d := analysis.Diagnostic{Pos: call.Pos(), End: call.End()}
		x, typ, method := rousetypes.Method(pass.TypesInfo, call)
		switch {
		case method == "Clone" && (typ == "Waker" || typ == "WakerRef"):
			d.Message = "the waker that Clone returns is discarded, and never given back"
			d.SuggestedFixes = removal(pass, c, x)
		case pure[typ][method]:
			d.Message = method + " does nothing but return a value, which is discarded"
			if len(call.Args) == 0 {
				d.SuggestedFixes = removal(pass, c, x)
			}
		case typ == "Waker" && (method == "Move" || method == "IntoRaw"):
			d.Message = "the waker that " + method + " returns is discarded, and never given back: use Drop"
		case typ == "JoinHandle" && method == "Move":
			d.Message = "the JoinHandle that Move returns is discarded: use Detach"
		case givesWaker(pass.TypesInfo, call) != "":
			d.Message = "the waker that the call returns is discarded, and never given back"
		case typ == "Pool" && returns(pass.TypesInfo, call, "JoinHandle"):
			d.Message = "the JoinHandle is discarded, so that the pool never gets the task back: use SpawnDetached, or Detach"
		default:
			test := strings.HasSuffix(pass.Fset.Position(call.Pos()).Filename, "_test.go")
			if d.Message = ignored(pass.TypesInfo, all, call, test); d.Message == "" {
				continue
			}
			d.SuggestedFixes = detaching(pass.TypesInfo, call)
		}
		n.report(pass, d)
	}
	return nil, nil
}

// removal deletes the statement at c, if evaluating x has no effect and the
// variable that x starts from is used elsewhere, or the deletion would not compile.
func removal(pass *analysis.Pass, c inspector.Cursor, x ast.Expr) []analysis.SuggestedFix {
	if _, ok := c.Parent().Node().(*ast.BlockStmt); !ok {
		return nil
	}
	v := rootVar(pass.TypesInfo, x)
	if v == nil || uses(pass.TypesInfo, v) < 2 && isLocal(c, v) {
		return nil
	}
	return []analysis.SuggestedFix{{
		Message:   "Remove the statement",
		TextEdits: []analysis.TextEdit{{Pos: c.Node().Pos(), End: c.Node().End()}},
	}}
}

// detaching names the function that returns no handle, where call is Spawn.
func detaching(info *types.Info, call *ast.CallExpr) []analysis.SuggestedFix {
	if rousetypes.Function(info, call) != "Spawn" {
		return nil
	}
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		fun = sel.Sel
	}
	return []analysis.SuggestedFix{{
		Message:   "Call SpawnDetached",
		TextEdits: []analysis.TextEdit{{Pos: fun.Pos(), End: fun.End(), NewText: []byte("SpawnDetached")}},
	}}
}

// isLocal reports whether v, used at c, is declared by a statement and not in a
// signature or outside functions: types.Var tells it only from Go 1.25 on.
func isLocal(c inspector.Cursor, v *types.Var) bool {
	for f := range c.Enclosing((*ast.FuncDecl)(nil), (*ast.FuncLit)(nil)) {
		var lists []*ast.FieldList
		switch f := f.Node().(type) {
		case *ast.FuncDecl:
			lists = []*ast.FieldList{f.Recv, f.Type.Params, f.Type.Results}
		case *ast.FuncLit:
			lists = []*ast.FieldList{f.Type.Params, f.Type.Results}
		}
		for _, l := range lists {
			if l != nil && l.Pos() <= v.Pos() && v.Pos() < l.End() {
				return false
			}
		}
	}
	return v.Parent() != v.Pkg().Scope()
}

// rootVar returns the variable that x selects from, if x consists of nothing but
// selections and calls of the kit's accessors.
func rootVar(info *types.Info, x ast.Expr) *types.Var {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, _ := info.Uses[x].(*types.Var)
		return v
	case *ast.SelectorExpr:
		return rootVar(info, x.X)
	case *ast.CallExpr:
		if y, typ, method := rousetypes.Method(info, x); pure[typ][method] {
			return rootVar(info, y)
		}
	}
	return nil
}

func uses(info *types.Info, v *types.Var) int {
	count := 0
	for _, obj := range info.Uses {
		if obj == v {
			count++
		}
	}
	return count
}
