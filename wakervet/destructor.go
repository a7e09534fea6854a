package wakervet

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Destructor reports futures whose destructor the kit does not find, or finds where
// none was meant.
var Destructor = &analysis.Analyzer{
	Name: "futuredrop",
	Doc: `report a future whose destructor is not called, or is another's

The kit calls the method Drop() of a future when its task has ended. A Drop that
takes or returns something is not called, nor is a Close; a future that wraps
another must forward Drop; an embedded Waker has a Drop, which becomes the future's.`,
	URL:      url + "#Destructor",
	Run:      runDestructor,
	Requires: []*analysis.Analyzer{functions, Notes},
}

type destructors struct {
	pass  *analysis.Pass
	notes *notes
	all   []*function
}

func runDestructor(pass *analysis.Pass) (any, error) {
	d := &destructors{pass, pass.ResultOf[Notes].(*notes), pass.ResultOf[functions].([]*function)}
	if len(d.all) == 0 && !rousetypes.InScope(pass.Pkg) {
		return nil, nil
	}
	for _, file := range pass.Files {
		test := strings.HasSuffix(pass.Fset.Position(file.Pos()).Filename, "_test.go")
		ast.Inspect(file, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok {
				if obj, ok := pass.TypesInfo.Defs[spec.Name].(*types.TypeName); ok && isFuture(obj.Type()) && !types.IsInterface(obj.Type()) {
					d.future(spec, obj.Type(), test)
				}
			}
			return true
		})
	}
	return nil, nil
}

// future checks the type that spec declares, which is a future.
func (d *destructors) future(spec *ast.TypeSpec, t types.Type, test bool) {
	drop := method(t, "Drop")
	switch {
	case drop != nil && !plain(drop):
		// One that takes something may drop something else.
		if decl := d.function(drop.Origin()); decl != nil && (drop.Signature().Params().Len() == 0 || d.dropsWaker(decl)) {
			at := decl.node.(*ast.FuncDecl).Name
			d.notes.reportf(d.pass, at, "the kit does not call this Drop when the task of a %s ends: a destructor takes and returns nothing", spec.Name.Name)
		}
		return
	case drop != nil && rousetypes.Base(drop.Signature().Recv().Type()) == "Waker":
		d.notes.reportf(d.pass, spec.Name, "the Drop of the embedded Waker is the destructor of the future %s: give the field a name", spec.Name.Name)
		return
	}
	if drop == nil {
		d.misnamed(spec, t)
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	if drop == nil && !test {
		d.keepsWaker(spec, t, s)
	}
	for f := range s.Fields() {
		if rousetypes.Name(f.Type()) == "Waiter" && !test {
			d.waits(spec, t, drop, f)
		}
		if !d.destructible(f.Type(), test) || !d.polled(t, f) || !d.owns(drop, f) {
			continue
		}
		switch {
		case drop == nil:
			d.notes.reportf(d.pass, spec.Name, "the future %s polls %s, but has no Drop, so that the Drop of %s is not called when its task ends: forward it",
				spec.Name.Name, f.Name(), f.Name())
		case !d.mentionsField(drop, f):
			if at := d.declaration(drop); at != nil {
				d.notes.reportf(d.pass, at, "this Drop does not drop %s, which the future %s polls", f.Name(), spec.Name.Name)
			}
		}
	}
}

// destructible reports whether a value of a field's type has, or may have, a
// destructor that its holder must call: a future that is known to have one, or an
// interface that holds any future.
func (d *destructors) destructible(t types.Type, test bool) bool {
	if !isFuture(t) {
		return false
	}
	if p, ok := types.Unalias(t).(*types.TypeParam); ok {
		t = p.Constraint()
	}
	if drop := method(t, "Drop"); drop != nil {
		return plain(drop)
	}
	return !test && types.IsInterface(t)
}

// owns reports whether the future in the field f is its holder's to drop: not one that
// it may only have borrowed, by a pointer that it was given.
func (d *destructors) owns(drop *types.Func, f *types.Var) bool {
	if _, ok := types.Unalias(f.Type()).(*types.Pointer); !ok {
		return true
	}
	if drop != nil {
		if decl := d.function(drop.Origin()); decl != nil && d.dropsWaker(decl) {
			return true // of its siblings it drops some
		}
	}
	made := false
	for _, file := range d.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return !made
			}
			s, ok := types.Unalias(d.pass.TypesInfo.TypeOf(lit)).Underlying().(*types.Struct)
			if !ok {
				return true
			}
			for i, elt := range lit.Elts {
				var field *types.Var
				if kv, ok := elt.(*ast.KeyValueExpr); ok {
					elt = kv.Value
					field, _ = denoted(d.pass.TypesInfo, kv.Key).(*types.Var)
				} else if i < s.NumFields() {
					field = s.Field(i)
				}
				if field != nil && field.Origin() == f.Origin() && isNew(elt) {
					made = true
				}
			}
			return !made
		})
	}
	return made
}

// isNew reports whether e makes what it points to: a call, or &T{...}.
func isNew(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		_, lit := ast.Unparen(e.X).(*ast.CompositeLit)
		return e.Op == token.AND && lit
	}
	return false
}

// polled reports whether the Poll of t calls that of its field f, or is it.
func (d *destructors) polled(t types.Type, f *types.Var) bool {
	poll := pollOf(t).Origin()
	decl := d.function(poll)
	if decl == nil {
		return f.Embedded() // promoted
	}
	found := false
	anywhere(decl.body, func(call *ast.CallExpr) {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || sel.Sel.Name != "Poll" {
			return
		}
		v, _ := denoted(d.pass.TypesInfo, sel.X).(*types.Var)
		found = found || v != nil && v.Origin() == f.Origin()
	})
	return found
}

// mentionsField reports whether fn may deal with f: it names it, or gives its
// receiver to another function.
func (d *destructors) mentionsField(fn *types.Func, f *types.Var) bool {
	decl := d.function(fn.Origin())
	if decl == nil || kept(d.pass.TypesInfo, decl, decl.sig.Recv()) {
		return true
	}
	found := false
	ast.Inspect(decl.body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, _ := d.pass.TypesInfo.Uses[id].(*types.Var)
			found = found || v != nil && v.Origin() == f.Origin()
		}
		return !found
	})
	return found
}

// declaration returns the name of fn where this package declares it.
func (d *destructors) declaration(fn *types.Func) ast.Node {
	if f := d.function(fn.Origin()); f != nil {
		return f.node.(*ast.FuncDecl).Name
	}
	return nil
}

func (d *destructors) function(fn *types.Func) *function {
	for _, f := range d.all {
		if f.obj == fn {
			return f
		}
	}
	return nil
}
