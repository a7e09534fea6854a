package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Worker reports a goroutine that runs tasks and that a panic ends in silence.
var Worker = &analysis.Analyzer{
	Name: "workerends",
	Doc: `report a worker that recovers a task's panic and runs no more tasks

The panic of a detached task comes out of Run. A recover around the worker's loop
ends the loop: what is queued then waits for ever. Recover around each Run, or start
the worker again.`,
	URL:      url + "#Worker",
	Run:      runWorker,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runWorker(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	all := pass.ResultOf[functions].([]*function)
	started := make(map[ast.Node]bool)
	byName := make(map[*types.Func]*function)
	for _, f := range all {
		if f.obj != nil {
			byName[f.obj] = f
		}
	}
	for _, f := range all {
		ast.Inspect(f.body, func(c ast.Node) bool {
			if g, ok := c.(*ast.GoStmt); ok {
				if lit, ok := ast.Unparen(g.Call.Fun).(*ast.FuncLit); ok {
					started[lit] = true
				} else if w := byName[rousetypes.Callee(pass.TypesInfo, g.Call)]; w != nil {
					started[w.node] = true
				}
			}
			return true
		})
	}
	for _, f := range all {
		if !started[f.node] || f.test || !runsInLoop(pass.TypesInfo, f) {
			continue
		}
		for _, s := range f.body.List {
			d, ok := s.(*ast.DeferStmt)
			if !ok {
				continue
			}
			if lit, ok := ast.Unparen(d.Call.Fun).(*ast.FuncLit); ok {
				if at := swallows(pass.TypesInfo, lit); at != nil {
					n.reportf(pass, at, "a task's panic ends this worker, which runs no more tasks: recover around each Run, or start the worker again")
				}
			}
		}
	}
	return nil, nil
}

// runsInLoop reports whether a loop of f's own runs tasks.
func runsInLoop(info *types.Info, f *function) bool {
	found := false
	ast.Inspect(f.body, func(c ast.Node) bool {
		var body ast.Node
		switch c := c.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			body = c
		case *ast.RangeStmt:
			body = c
		default:
			return true
		}
		ast.Inspect(body, func(c ast.Node) bool {
			if call, ok := c.(*ast.CallExpr); ok {
				found = found || runsTask(info, call)
			}
			_, lit := c.(*ast.FuncLit)
			return !lit
		})
		return true
	})
	return found
}

// swallows returns the recover of a deferred literal that does nothing else, but to
// print or log.
func swallows(info *types.Info, lit *ast.FuncLit) *ast.CallExpr {
	var recovers *ast.CallExpr
	acts := false
	ast.Inspect(lit.Body, func(c ast.Node) bool {
		switch c := c.(type) {
		case *ast.GoStmt, *ast.SendStmt, *ast.ReturnStmt:
			acts = true
		case *ast.AssignStmt:
			acts = acts || c.Tok != token.DEFINE
		case *ast.CallExpr:
			fn := rousetypes.Callee(info, c)
			switch name := builtinName(info, c); {
			case name == "recover":
				recovers = c
			case name == "print" || name == "println":
			case fn != nil && fn.Pkg() != nil && logs[fn.Pkg().Path()]:
			default:
				acts = true
			}
		}
		return true
	})
	if acts {
		return nil
	}
	return recovers
}

var logs = map[string]bool{"fmt": true, "log": true, "log/slog": true, "runtime/debug": true}
