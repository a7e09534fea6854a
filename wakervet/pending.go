package wakervet

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Pending reports a poll that can return not ready and never touches its Context:
// nobody will wake the task.
var Pending = &analysis.Analyzer{
	Name: "pollpending",
	Doc: `report a poll that can return not ready without ever touching its Context

Such a task has given its waker to nobody, and hangs. A poll that is never ready is
taken to mean it. The poll of a Header is reported only if the package wakes no
Header either, since its owner needs no waker.`,
	URL:      url + "#Pending",
	Run:      runPending,
	Requires: []*analysis.Analyzer{functions, Notes},
}

func runPending(pass *analysis.Pass) (any, error) {
	n := pass.ResultOf[Notes].(*notes)
	for _, f := range pass.ResultOf[functions].([]*function) {
		i := paramOf(f.sig, "Context")
		if f.role&poll == 0 || i < 0 || !lastIsBool(f.sig.Results()) {
			continue
		}
		if f.role&headerFn != 0 && headersWoken(pass) {
			continue
		}
		cx, name := f.param(i)
		if name != nil && refers(pass.TypesInfo, f.body, cx) {
			continue
		}
		if ret := hangs(pass.TypesInfo, f); ret != nil {
			n.reportf(pass, ret, "this poll can return not ready here, but never touches its Context: nobody will wake the task")
		}
	}
	return nil, nil
}

// hangs returns a statement by which f can return not ready, if it has another, or
// the same, by which it can return ready.
func hangs(info *types.Info, f *function) *ast.ReturnStmt {
	var pending *ast.ReturnStmt
	ready := false
	for _, b := range f.blocks() {
		ret := b.Return()
		if ret == nil {
			continue
		}
		if len(ret.Results) == 0 {
			return nil // named results: their values are not followed
		}
		last := ret.Results[len(ret.Results)-1]
		isFalse, isTrue := constant(info, last)
		if !isTrue {
			if passesContext(info, ret) {
				return nil
			}
			if pending == nil || isFalse {
				pending = ret
			}
		}
		ready = ready || !isFalse
	}
	if !ready {
		return nil
	}
	return pending
}

func constant(info *types.Info, e ast.Expr) (isFalse, isTrue bool) {
	v := info.Types[e].Value
	return v != nil && v.String() == "false", v != nil && v.String() == "true"
}

// passesContext reports whether the result is another poll's, which may have been
// given a Context from elsewhere.
func passesContext(info *types.Info, ret *ast.ReturnStmt) bool {
	found := false
	ast.Inspect(ret, func(c ast.Node) bool {
		if e, ok := c.(ast.Expr); ok && rousetypes.Name(info.TypeOf(e)) == "Context" {
			found = true
		}
		return !found
	})
	return found
}

// headersWoken reports whether the package may wake a Header without a waker: it
// says Wake, WakerRef or Notify of one, or others may since the Header is exported.
func headersWoken(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok {
			if recv := fn.Signature().Recv(); recv != nil && rousetypes.Base(recv.Type()) == "Header" {
				if fn.Name() == "Wake" || fn.Name() == "WakerRef" {
					return true
				}
			}
		}
	}
	scope := pass.Pkg.Scope()
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || !obj.Exported() {
			continue
		}
		if s, ok := obj.Type().Underlying().(*types.Struct); ok {
			for v := range s.Fields() {
				if v.Exported() && rousetypes.Base(v.Type()) == "Header" {
					return true
				}
			}
		}
	}
	return false
}
