package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Overwritten reports a waker that each poll stores over the one before.
var Overwritten = &analysis.Analyzer{
	Name: "wakeroverwrite",
	Doc: `report a poll that stores a waker over one that was never dropped

A poll may be called again though the waker that it stored was not woken. The one
that is overwritten is never given back, and keeps its task from being released.
Use CloneFrom, which drops the old one and keeps an equal one.`,
	URL:      url + "#Overwritten",
	Run:      runOverwritten,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runOverwritten(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	for _, f := range pass.ResultOf[functions].([]*function) {
		if f.role&poll == 0 {
			continue
		}
		for _, b := range f.blocks() {
			for _, node := range b.Nodes {
				s, ok := node.(*ast.AssignStmt)
				if !ok || s.Tok != token.ASSIGN || len(s.Lhs) != len(s.Rhs) {
					continue
				}
				for i, lhs := range s.Lhs {
					call, ok := ast.Unparen(s.Rhs[i]).(*ast.CallExpr)
					v, _ := denoted(pass.TypesInfo, lhs).(*types.Var)
					if !ok || v == nil || rousetypes.Name(v.Type()) != "Waker" || givesWaker(pass.TypesInfo, call) == "" {
						continue
					}
					if outlives(f, v) && !looksAt(pass.TypesInfo, f, v, lhs) && !guarded(pass.TypesInfo, f) {
						n.reportf(pass, lhs, "%s may hold a waker of an earlier poll, which is overwritten and never given back: use %s.CloneFrom",
							types.ExprString(lhs), types.ExprString(lhs))
					}
				}
			}
		}
	}
	return nil, nil
}

// outlives reports whether v is older than the call of f.
func outlives(f *function, v *types.Var) bool {
	return v.IsField() || v.Pos() < f.node.Pos() || f.node.End() <= v.Pos()
}

// looksAt reports whether f mentions v but for the assignment to lhs: it may see that
// it is empty.
func looksAt(info *types.Info, f *function, v *types.Var, lhs ast.Expr) bool {
	found := false
	ast.Inspect(f.body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && info.Uses[id] == v && (id.Pos() < lhs.Pos() || lhs.End() <= id.Pos()) {
			found = true
		}
		return !found
	})
	return found
}

// guarded reports whether a condition of f is about what f changes, or calls what may
// tell the first poll from others.
func guarded(info *types.Info, f *function) bool {
	changed := make(map[types.Object]bool)
	change := func(e ast.Expr) {
		if obj := denoted(info, e); obj != nil {
			changed[obj] = true
		}
	}
	ast.Inspect(f.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				change(e)
			}
		case *ast.IncDecStmt:
			change(n.X)
		case *ast.CallExpr:
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && !loads(info, sel) {
				change(sel.X)
			}
		}
		return true
	})
	found := false
	ask := func(cond ast.Node) {
		ast.Inspect(cond, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				if loads(info, n) {
					found = found || changed[denoted(info, n.X)]
					return false
				}
			case *ast.Ident:
				_, fun := info.Uses[n].(*types.Func)
				found = found || changed[info.Uses[n]] || fun
			}
			return !found
		})
	}
	ast.Inspect(f.body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			ask(n.Cond)
		case *ast.ForStmt:
			if n.Cond != nil {
				ask(n.Cond)
			}
		case *ast.SwitchStmt:
			if n.Tag != nil {
				ask(n.Tag)
			}
		case *ast.CaseClause:
			for _, e := range n.List {
				ask(e)
			}
		}
		return true
	})
	return found
}

// loads reports whether sel is a method that reads an atomic variable.
func loads(info *types.Info, sel *ast.SelectorExpr) bool {
	fn, ok := info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Name() == "Load" && fn.Pkg() != nil && strings.HasSuffix(fn.Pkg().Path(), "atomic")
}
