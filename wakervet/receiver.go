package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Receiver reports a poll that changes a copy of its future.
var Receiver = &analysis.Analyzer{
	Name: "pollreceiver",
	Doc: `report a poll or destructor with a value receiver that changes the receiver

The method gets a copy of the future: what it assigns to the receiver's fields is
gone when it returns, and the next poll does not see it. Use a pointer receiver.`,
	URL:      url + "#Receiver",
	Run:      runReceiver,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runReceiver(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	for _, f := range pass.ResultOf[functions].([]*function) {
		recv := f.sig.Recv()
		if recv == nil || f.role&poll == 0 && (f.obj == nil || !destroys(f.obj)) {
			continue
		}
		if _, ok := recv.Type().Underlying().(*types.Struct); !ok || kept(pass.TypesInfo, f, recv) {
			continue
		}
		report := func(at ast.Node, e ast.Expr) {
			if copied(pass.TypesInfo, e, recv) {
				n.reportf(pass, at, "%s changes %s in a copy of the future: the receiver must be a pointer", f.obj.Name(), types.ExprString(e))
			}
		}
		ast.Inspect(f.body, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.AssignStmt:
				if c.Tok != token.DEFINE {
					for _, lhs := range c.Lhs {
						report(c, lhs)
					}
				}
			case *ast.IncDecStmt:
				report(c, c.X)
			case *ast.CallExpr:
				x, typ, method := rousetypes.Method(pass.TypesInfo, c)
				changes := typ == "WakerCell" || typ == "State" || typ == "Waker" && (verbs[typ].consume[method] || method == "CloneFrom")
				if changes && rousetypes.Name(pass.TypesInfo.TypeOf(x)) == typ {
					report(c, x)
				}
			}
			return true
		})
	}
	return nil, nil
}

// copied reports whether e is a field of recv, or in one, with no pointer between.
func copied(info *types.Info, e ast.Expr, recv *types.Var) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.SelectorExpr:
		s := info.Selections[e]
		if s == nil || s.Kind() != types.FieldVal || s.Indirect() {
			return false
		}
		return isRecv(info, e.X, recv) || copied(info, e.X, recv)
	case *ast.IndexExpr:
		if t := info.TypeOf(e.X); t != nil {
			if _, array := t.Underlying().(*types.Array); array {
				return copied(info, e.X, recv)
			}
		}
	}
	return false
}

func isRecv(info *types.Info, e ast.Expr, recv *types.Var) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && info.Uses[id] == recv
}

// kept reports whether f uses its receiver as a whole: it may store what it changed.
func kept(info *types.Info, f *function, recv *types.Var) bool {
	fields, all := 0, 0
	ast.Inspect(f.body, func(c ast.Node) bool {
		switch c := c.(type) {
		case *ast.SelectorExpr:
			if s := info.Selections[c]; s != nil && s.Kind() == types.FieldVal && isRecv(info, c.X, recv) {
				fields++
			}
		case *ast.Ident:
			if info.Uses[c] == recv {
				all++
			}
		}
		return true
	})
	return all > fields
}
