package wakervet

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// misnamed reports a method that nobody calls and that looks like the destructor that
// t does not have.
func (d *destructors) misnamed(spec *ast.TypeSpec, t types.Type) {
	for m := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		fn, ok := m.Obj().(*types.Func)
		if !ok || d.used(fn, spec) {
			continue
		}
		decl := d.function(fn.Origin())
		if decl == nil {
			continue
		}
		switch {
		case plain(fn) && near(fn.Name()):
			d.notes.reportf(d.pass, decl.node.(*ast.FuncDecl).Name, "%s is not called when the task of a %s ends: the destructor is called Drop", fn.Name(), spec.Name.Name)
		case fn.Name() == "Close" && d.dropsWaker(decl):
			d.notes.reportf(d.pass, decl.node.(*ast.FuncDecl).Name, "Close is not called when the task of a %s ends: call it Drop, or have a Drop that calls it", spec.Name.Name)
		}
	}
}

// near reports whether name is Drop but for the case, or for one letter after the
// first.
func near(name string) bool {
	a, b := strings.ToLower(name), "drop"
	if name == "Drop" || name == "" || a[0] != b[0] {
		return false
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return len(a) <= 1 && len(b) <= 1
}

// used reports whether the package names fn, or others may since the type exports it.
func (d *destructors) used(fn *types.Func, spec *ast.TypeSpec) bool {
	if fn.Exported() && spec.Name.IsExported() {
		return true
	}
	for _, obj := range d.pass.TypesInfo.Uses {
		used, ok := obj.(*types.Func)
		if !ok || used.Name() != fn.Name() {
			continue
		}
		recv := used.Signature().Recv()
		if used.Origin() == fn.Origin() || recv != nil && types.IsInterface(recv.Type()) {
			return true
		}
	}
	return false
}

// dropsWaker reports whether f drops a waker of its receiver's, or a future.
func (d *destructors) dropsWaker(f *function) bool {
	found := false
	anywhere(f.body, func(call *ast.CallExpr) {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if ok && sel.Sel.Name == "Drop" {
			v, _ := denoted(d.pass.TypesInfo, sel.X).(*types.Var)
			found = found || v != nil && v.IsField() && (rousetypes.Base(v.Type()) == "Waker" || isFuture(v.Type()))
		}
	})
	return found
}
