package wakervet

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// A headerCall is a call by which the task at p is initialised or used.
type headerCall struct {
	call   *ast.CallExpr
	p      place
	method string
}

func (c headerCall) inits() bool { return strings.HasPrefix(c.method, "Init") }

// headerCallOf returns what call does with a Header, by a method of its own or of a
// table of its type.
func headerCallOf(info *types.Info, call *ast.CallExpr) (headerCall, bool) {
	_, typ, method := rousetypes.Method(info, call)
	switch {
	case typ == "Header":
		p, ok := receiverPlace(info, call)
		return headerCall{call, p, method}, ok
	case typ == "Vtable" && strings.HasPrefix(method, "Init") && len(call.Args) > 0:
		p, ok := placeOf(info, call.Args[0])
		p.path += headerPath(info.TypeOf(call.Args[0]))
		return headerCall{call, p, method}, ok
	}
	return headerCall{}, false
}

// headerPath spells the fields by which a task of type t, or that t points to, begins
// with a Header.
func headerPath(t types.Type) string {
	path := ""
	for range 8 { // no type contains itself
		if p, ok := t.Underlying().(*types.Pointer); ok && path == "" {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok || s.NumFields() == 0 || rousetypes.Name(t) == "Header" {
			break
		}
		path += "." + s.Field(0).Name()
		t = s.Field(0).Type()
	}
	return path
}

// headersIn returns the places of the Headers that f names in calls of its own.
func headersIn(info *types.Info, f *function) []place {
	var found []place
	for _, b := range f.blocks() {
		for _, n := range b.Nodes {
			ast.Inspect(n, func(c ast.Node) bool {
				if call, ok := c.(*ast.CallExpr); ok {
					if h, ok := headerCallOf(info, call); ok && !slices.Contains(found, h.p) {
						found = append(found, h.p)
					}
				}
				_, lit := c.(*ast.FuncLit)
				return !lit
			})
		}
	}
	return found
}
