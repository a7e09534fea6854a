package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Blocks reports what blocks a worker: a poll, a scheduler or a destructor that waits.
var Blocks = &analysis.Analyzer{
	Name: "pollblocks",
	Doc: `report a poll, a Schedule or a destructor that waits for something

A poll that waits holds up its worker, and all tasks queued behind it, among which
may be the one that it waits for. Return not ready, and have the waker called when
there is something to do. Reported are receives without a default, Sleep, Join, and
Wait of a WaitGroup or Cond; not in test files, which hold up polls on purpose.`,
	URL:      url + "#Blocks",
	Run:      runBlocks,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runBlocks(pass *analysis.Pass) (any, error) {
	all := pass.ResultOf[functions].([]*function)
	if len(all) == 0 {
		return nil, nil
	}
	n := pass.ResultOf[Notes].(*notes)
	// What each function waits for, whatever it finds.
	waits := make(map[*types.Func]wait)
	for _, f := range all {
		for _, w := range waitsIn(pass.TypesInfo, f.body) {
			if f.obj != nil && always(f, w.at) {
				waits[f.obj] = w
			}
		}
	}
	for _, f := range all {
		what := blocked(f)
		if what == "" || f.test {
			continue
		}
		for _, w := range waitsIn(pass.TypesInfo, f.body) {
			if w.anyway || always(f, w.at) {
				n.reportf(pass, w.at, "%s must not block, but %s", what, w.how)
			}
		}
		onStack(f.body, func(call *ast.CallExpr) {
			callee := rousetypes.Callee(pass.TypesInfo, call)
			if w, ok := waits[callee]; ok && callee != f.obj {
				n.reportf(pass, call, "%s must not block, but %s, called here, %s at line %d",
					what, callee.Name(), w.how, pass.Fset.Position(w.at.Pos()).Line)
			}
		})
	}
	return nil, nil
}

// blocked names the part of f that must not block, or returns "".
func blocked(f *function) string {
	switch {
	case f.role&poll != 0:
		return "a poll"
	case f.role&scheduler != 0:
		return "a scheduler"
	case f.obj != nil && destroys(f.obj):
		return "the destructor of a future"
	}
	return ""
}

// destroys reports whether fn is the Drop of a future.
func destroys(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return fn.Name() == "Drop" && plain(fn) && recv != nil && pollOf(recv.Type()) != nil
}

// A wait is a node that waits, and how.
type wait struct {
	at     ast.Node
	how    string
	anyway bool // it waits even where the function knows that what it waits for is there
}

// always reports whether f comes to n whatever it finds: n is in a statement of f's own
// body, behind none that may return or jump. Elsewhere it may know that there is
// something to receive.
func always(f *function, n ast.Node) bool {
	for _, s := range f.body.List {
		if s.Pos() <= n.Pos() && n.End() <= s.End() {
			switch s := s.(type) {
			case *ast.IfStmt, *ast.ForStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.LabeledStmt, *ast.BlockStmt:
				return false
			case *ast.SelectStmt:
				return s == n
			case *ast.RangeStmt:
				return s.X == n
			}
			return true
		}
		if leaves([]ast.Stmt{s}) {
			return false
		}
	}
	return false
}

// waitsIn returns what body waits for on the stack of its caller.
func waitsIn(info *types.Info, body ast.Node) []wait {
	var found []wait
	var chosen, measured []ast.Node
	inStack(body, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.SelectStmt:
			hasDefault := false
			for _, c := range n.Body.List {
				c := c.(*ast.CommClause)
				hasDefault = hasDefault || c.Comm == nil
				if c.Comm != nil {
					chosen = append(chosen, received(c.Comm))
				}
			}
			if !hasDefault {
				found = append(found, wait{n, "selects without a default", false})
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !contains(chosen, n) {
				found = append(found, wait{n, "receives from " + types.ExprString(n.X), false})
			}
		case *ast.RangeStmt:
			if t := info.TypeOf(n.X); t != nil {
				if _, ok := t.Underlying().(*types.Chan); ok {
					found = append(found, wait{n.X, "receives from " + types.ExprString(n.X), false})
				}
			}
		case *ast.CallExpr:
			if how, anyway := waitingCall(info, n); how != "" {
				found = append(found, wait{n, how, anyway})
			}
			if builtinName(info, n) == "len" {
				measured = append(measured, n.Args[0])
			}
		}
	})
	kept := found[:0]
	for _, w := range found { // a channel whose length is asked is received from when it has some
		asked := false
		if u, ok := w.at.(*ast.UnaryExpr); ok {
			for _, m := range measured {
				asked = asked || types.ExprString(m.(ast.Expr)) == types.ExprString(u.X)
			}
		}
		if !asked {
			kept = append(kept, w)
		}
	}
	return kept
}

// received returns the receive that a communication consists of, or nil.
func received(comm ast.Stmt) ast.Node {
	var e ast.Expr
	switch s := comm.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.AssignStmt:
		e = s.Rhs[0]
	}
	if e == nil {
		return nil
	}
	return ast.Unparen(e)
}

func contains(list []ast.Node, n ast.Node) bool {
	for _, c := range list {
		if c == n {
			return true
		}
	}
	return false
}

// waitingCall says how call waits, or "", and whether it always does.
func waitingCall(info *types.Info, call *ast.CallExpr) (how string, anyway bool) {
	_, typ, method := rousetypes.Method(info, call)
	switch {
	case typ == "JoinHandle" && method == "Join":
		return "joins a task: poll the JoinHandle", false
	case typ == "Parker" && strings.HasPrefix(method, "Park"), rousetypes.Function(info, call) == "BlockOn":
		return "parks the goroutine", true
	}
	fn := rousetypes.Callee(info, call)
	if fn == nil || fn.Pkg() == nil {
		return "", false
	}
	recv := ""
	if r := fn.Signature().Recv(); r != nil {
		recv = types.TypeString(r.Type(), func(*types.Package) string { return "" })
	}
	switch fn.Pkg().Path() + "." + recv + "." + fn.Name() {
	case "time..Sleep":
		return "sleeps", true
	case "sync.*Cond.Wait":
		return "waits", true
	case "sync.*WaitGroup.Wait":
		return "waits", false
	}
	return "", false
}
