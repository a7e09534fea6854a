package wakervet

import (
	"go/types"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestStub checks that what the stub in testdata declares is declared so by
// package rouse: the checks are tested against the stub.
func TestStub(t *testing.T) {
	stub := api(t, ".", "./testdata/src/github.com/rouse-go/rouse")
	real := api(t, "..", ".")
	_, typed := real["Vtable.Init"]
	for _, name := range slices.Sorted(maps.Keys(stub)) {
		typ, _, _ := strings.Cut(name, ".")
		if _, ok := real[typ]; !ok && (typ == "Waiter" || typ == "WaitQueue") {
			continue // a kit without them has nothing to check
		}
		switch got, ok := real[name]; {
		case !typed && (strings.HasPrefix(name, "Vtable") || name == "NewVtable"):
			// The checks also know a kit whose tables are not of one type: see testdata/src/copied.
		case !ok:
			t.Errorf("package rouse has no %s", name)
		case got != stub[name]:
			t.Errorf("%s: the stub has %s, package rouse %s", name, stub[name], got)
		}
	}
}

// TestVerbs checks that the methods that the checks know by name exist.
func TestVerbs(t *testing.T) {
	real := api(t, "..", ".")
	_, typed := real["Vtable.Init"]
	check := func(typ, method string) {
		if typ == "JoinHandle" && method == "Move" && !typed {
			return // it came with the typed tables
		}
		if _, ok := real[typ+"."+method]; !ok {
			t.Errorf("package rouse has no %s.%s", typ, method)
		}
	}
	for typ, v := range verbs {
		for m := range v.consume {
			check(typ, m)
		}
		for m := range v.use {
			check(typ, m)
		}
	}
	for typ, methods := range pure {
		for m := range methods {
			check(typ, m)
		}
	}
}

// api returns the type, as a string, of each exported function, method and field
// of the package that pattern names.
func api(t *testing.T, dir, pattern string) map[string]string {
	t.Helper()
	const mode = packages.NeedName | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps
	pkgs, err := packages.Load(&packages.Config{Mode: mode, Dir: dir}, pattern)
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 || len(pkgs) != 1 {
		t.Fatalf("cannot load %s in %s", pattern, dir)
	}
	found := make(map[string]string)
	scope := pkgs[0].Types.Scope()
	for _, name := range scope.Names() {
		obj := scope.Lookup(name)
		if !obj.Exported() {
			continue
		}
		found[name] = describe(obj.Type())
		if _, ok := obj.(*types.TypeName); !ok {
			continue
		}
		found[name] = ""
		for m := range types.NewMethodSet(types.NewPointer(obj.Type())).Methods() {
			found[name+"."+m.Obj().Name()] = describe(m.Obj().Type())
		}
		switch u := obj.Type().Underlying().(type) {
		case *types.Struct:
			for f := range u.Fields() {
				if f.Exported() {
					found[name+"."+f.Name()] = describe(f.Type())
				}
			}
		case *types.Interface:
			for m := range u.Methods() {
				found[name+"."+m.Name()] = describe(m.Type())
			}
		}
	}
	return found
}

// describe is types.TypeString without the names of parameters.
func describe(t types.Type) string {
	sig, ok := t.(*types.Signature)
	if !ok {
		return types.TypeString(t, (*types.Package).Name)
	}
	tuple := func(vars *types.Tuple) string {
		var list []string
		for v := range vars.Variables() {
			list = append(list, describe(v.Type()))
		}
		return "(" + strings.Join(list, ", ") + ")"
	}
	return "func" + tuple(sig.Params()) + " " + tuple(sig.Results())
}
