// Package rousetypes recognises the types and methods of package rouse by
// name, so that the analyzers need no dependency on it and work on any version.
package rousetypes

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// Path is the import path of the package whose users are checked.
const Path = "github.com/rouse-go/rouse"

// Kit reports whether pkg is package rouse, or a copy of it under another import
// path: a package that declares the types that no other package declares together.
func Kit(pkg *types.Package) bool {
	if pkg == nil {
		return false
	}
	if pkg.Path() == Path {
		return true
	}
	for _, name := range []string{"WakerRef", "RawWakerVTable", "Notified", "Header"} {
		if _, ok := pkg.Scope().Lookup(name).(*types.TypeName); !ok {
			return false
		}
	}
	return true
}

// InScope reports whether pkg is package rouse, or a copy, or depends on it. Direct imports
// do not suffice: a package can hold a Waker that another one handed to it.
func InScope(pkg *types.Package) bool {
	seen := make(map[*types.Package]bool)
	var visit func(*types.Package) bool
	visit = func(p *types.Package) bool {
		if Kit(p) {
			return true
		}
		if seen[p] {
			return false
		}
		seen[p] = true
		for _, imp := range p.Imports() {
			if visit(imp) {
				return true
			}
		}
		return false
	}
	return visit(pkg)
}

// Name returns the name of t if it is a named type of package rouse (any
// instance of a generic one), and "" otherwise. It does not look through pointers.
func Name(t types.Type) string {
	if t == nil {
		return ""
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return ""
	}
	obj := named.Origin().Obj()
	if !Kit(obj.Pkg()) {
		return ""
	}
	return obj.Name()
}

// Base is Name of t or of what t points to.
func Base(t types.Type) string {
	if t == nil {
		return ""
	}
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return Name(p.Elem())
	}
	return Name(t)
}

// IsBorrow reports whether t is one of the borrowed types, valid until the poll
// that received it returns.
func IsBorrow(t types.Type) bool {
	n := Name(t)
	return n == "WakerRef" || n == "Context"
}

// Callee returns the declared function or method that call statically refers to.
func Callee(info *types.Info, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	if fn == nil {
		return nil
	}
	return fn.Origin()
}

// Method splits the call x.m(...) of a method that package rouse declares into x,
// the receiver's type name and m. For any other call typ is "".
func Method(info *types.Info, call *ast.CallExpr) (x ast.Expr, typ, m string) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, "", ""
	}
	s := info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return nil, "", ""
	}
	fn, ok := s.Obj().(*types.Func)
	if !ok {
		return nil, "", ""
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil, "", ""
	}
	return sel.X, Base(recv.Type()), fn.Name()
}

// Function returns the name of the package-level function of package rouse that
// call calls, or "".
func Function(info *types.Info, call *ast.CallExpr) string {
	fn := Callee(info, call)
	if fn == nil || !Kit(fn.Pkg()) || fn.Signature().Recv() != nil {
		return ""
	}
	return fn.Name()
}

// Holds reports whether a value of type t can carry a WakerRef or Context: is one,
// or has one in a field, an element, or behind a pointer or an interface. A
// function value can, through what it captures.
func Holds(t types.Type) bool { return holds(t, nil) }

func holds(t types.Type, seen []types.Type) bool {
	if t == nil {
		return false
	}
	if IsBorrow(t) {
		return true
	}
	if Name(t) != "" {
		return false // no other type of the kit borrows
	}
	for _, s := range seen {
		if types.Identical(s, t) {
			return false
		}
	}
	seen = append(seen, t)
	switch u := t.Underlying().(type) {
	case *types.Struct:
		for f := range u.Fields() {
			if holds(f.Type(), seen) {
				return true
			}
		}
	case *types.Pointer:
		return holds(u.Elem(), seen)
	case *types.Slice:
		return holds(u.Elem(), seen)
	case *types.Array:
		return holds(u.Elem(), seen)
	case *types.Map:
		return holds(u.Key(), seen) || holds(u.Elem(), seen)
	case *types.Tuple:
		for v := range u.Variables() {
			if holds(v.Type(), seen) {
				return true
			}
		}
	case *types.Signature, *types.Interface:
		return true
	}
	return false
}
