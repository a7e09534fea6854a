package wakervet

import (
	"go/ast"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Inline reports a scheduler that runs the task on the stack of whoever woke it.
var Inline = &analysis.Analyzer{
	Name: "scheduleinline",
	Doc: `report a Schedule or Yield that runs a task inline

Schedule is called inside Wake, Abort and Waker.Drop, whose callers may hold locks
and may be polls: it must queue the Notified for another stack frame to run.`,
	URL:      url + "#Inline",
	Run:      runInline,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runInline(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	for _, f := range pass.ResultOf[functions].([]*function) {
		if f.role&scheduler == 0 {
			continue
		}
		direct := make(map[*ast.FuncLit]bool)
		ast.Inspect(f.body, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.GoStmt:
				return false
			case *ast.FuncLit:
				return direct[c] // a stored one runs elsewhere
			case *ast.CallExpr:
				if lit, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
					direct[lit] = true
				}
				if _, typ, method := rousetypes.Method(pass.TypesInfo, c); typ == "Notified" && method == "Run" {
					n.reportf(pass, c, "a scheduler runs the task inline, inside the Wake or Drop that scheduled it: queue it")
				}
			}
			return true
		})
	}
	return nil, nil
}
