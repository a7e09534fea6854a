package wakervet

import (
	"go/ast"
	"go/types"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// A result is one that a caller of the kit must look at, and why.
type result struct {
	why string
	// with lists the methods of which one must be called in the package on the
	// same variable or field for the result to matter.
	with []string
	// lent says that the result matters too where the variable is a pointer, whose
	// target another package may close.
	lent bool
}

// mustUse lists them, by receiver and method; functions stand under "".
var mustUse = map[string]map[string]result{
	"State": {
		"Notify": {why: "true says that this caller must start the run, which nobody else does", with: []string{"Begin"}},
		"End":    {why: "true says that more came, and that this caller must begin again"},
		"Close":  {why: "true says that this caller holds the run, and must call Finish"},
		"Begin":  {why: "false says that the state is closed, and that only Finish is left", with: []string{"Close", "CheckOrphans"}},
		"Finish": {why: "false says that the state was notified and has not ended: look for work again", with: []string{"Notify", "TryNotify"}},
		"Yield":  {why: "false says that the state is suspended: Begin must not be called before Resume tells somebody to", with: []string{"Suspend"}},
		"Resume": {why: "true says that this caller must start the run, which nobody else does", with: []string{"Begin"}},

		"TryNotify": {why: "it says whether this caller must start the run, and whether the state is closed", with: []string{"Begin"}},
	},
	"WakerCell": {
		"Register": {why: "false says that the cell is closed, and that nobody will wake this task", with: []string{"Close"}},
	},
	"OwnedTasks": {
		"Bind": {why: "false says that the list is closed, and that the task is not on it: shut it down", with: []string{"CloseAndShutdownAll"}, lent: true},
	},
	"": {
		"Spawn": {why: "nobody can await the task or Detach it: use SpawnDetached"},
	},
}

// ignored says why the result of call must not be discarded, or "".
func ignored(info *types.Info, all []*function, call *ast.CallExpr, test bool) string {
	_, typ, method := rousetypes.Method(info, call)
	if typ == "" {
		method = rousetypes.Function(info, call)
	}
	r, ok := mustUse[typ][method]
	if !ok || test {
		return ""
	}
	if v := holder(info, call); r.with != nil && !(r.lent && pointer(v)) && !calls(info, all, v, typ, r.with) {
		return ""
	}
	if typ == "State" && method == "Notify" && running(info, all, call) {
		return ""
	}
	if typ == "WakerCell" && !waitsNext(info, all, call) {
		return ""
	}
	return "the result of " + method + " is ignored: " + r.why
}

func pointer(v *types.Var) bool {
	if v == nil {
		return true
	}
	_, ok := v.Type().Underlying().(*types.Pointer)
	return ok
}

// calls reports whether the package calls one of methods of typ on what v holds.
func calls(info *types.Info, all []*function, v *types.Var, typ string, methods []string) bool {
	found := false
	for _, f := range all {
		if f.outer != nil || v == nil {
			continue
		}
		anywhere(f.body, func(call *ast.CallExpr) {
			_, t, m := rousetypes.Method(info, call)
			for _, want := range methods {
				found = found || t == typ && m == want && holder(info, call) == v
			}
		})
	}
	return found
}

// running reports whether call, a Notify, stands after a Begin of the same state in
// the same function: the run sees it, and the result is false.
func running(info *types.Info, all []*function, call *ast.CallExpr) bool {
	v, found := holder(info, call), false
	for _, f := range all {
		if v == nil || call.Pos() < f.body.Pos() || f.body.End() <= call.Pos() {
			continue
		}
		anywhere(f.body, func(c *ast.CallExpr) {
			_, typ, m := rousetypes.Method(info, c)
			found = found || typ == "State" && m == "Begin" && c.Pos() < call.Pos() && holder(info, c) == v
		})
	}
	return found
}

// waitsNext reports whether a return of not ready follows call at once: any other poll
// may look again, and see that the cell was closed.
func waitsNext(info *types.Info, all []*function, call *ast.CallExpr) bool {
	for _, f := range all {
		for _, b := range f.blocks() {
			for i, n := range b.Nodes {
				s, ok := n.(*ast.ExprStmt)
				if !ok || ast.Unparen(s.X) != call || i+1 == len(b.Nodes) {
					continue
				}
				if ret, ok := b.Nodes[i+1].(*ast.ReturnStmt); ok && len(ret.Results) > 0 {
					isFalse, _ := constant(info, ret.Results[len(ret.Results)-1])
					return isFalse
				}
			}
		}
	}
	return false
}
