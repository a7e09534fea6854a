package wakervet

import (
	"go/ast"
	"go/types"
	"strings"

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
	all := pass.ResultOf[functions].([]*function)
	runs := func(call *ast.CallExpr) bool { return runsTask(pass.TypesInfo, call) }
	running := reaching(pass.TypesInfo, all, runs)
	for _, f := range all {
		if f.role&scheduler != 0 {
			delete(running, f.obj) // it is reported itself
		}
	}
	for _, f := range all {
		if f.role&scheduler == 0 {
			continue
		}
		onStack(f.body, func(call *ast.CallExpr) {
			const what = "a scheduler runs the task inline, inside the Wake or Drop that scheduled it: queue it"
			callee := rousetypes.Callee(pass.TypesInfo, call)
			switch {
			case runs(call):
				n.reportf(pass, call, what)
			case running[callee] && !exported(callee):
				n.reportf(pass, call, what+" (%s, called here, runs it)", callee.Name())
			}
		})
	}
	return nil, nil
}

// runsTask reports whether call runs a task.
func runsTask(info *types.Info, call *ast.CallExpr) bool {
	_, typ, method := rousetypes.Method(info, call)
	return typ == "Notified" && method == "Run" || method == "RunOne" && strings.HasSuffix(typ, "Queue")
}
