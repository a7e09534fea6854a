package main

import (
	"go/ast"
	"go/token"
	"strings"
)

// A visitor applies the operators to a function body or a declaration.
type visitor struct {
	*source
	add        func(op, old, build string, edits ...edit)
	inFunction bool
	build      string // the build tag that the code under way needs
}

// guards are the constants that a build tag sets.
var guards = map[string]string{"debugging": "rouse_debug", "watched": "rouse_debug", "tracing": "rouse_trace"}

// marks are calls that do nothing but in the explorer.
var marks = map[string]bool{"reads": true, "writes": true, "readsHeader": true}

// guard returns the tag without which a condition is false at compile time.
func guard(cond ast.Expr) string {
	switch c := cond.(type) {
	case *ast.Ident:
		return guards[c.Name]
	case *ast.BinaryExpr:
		if c.Op == token.LAND {
			if g := guard(c.X); g != "" {
				return g
			}
			return guard(c.Y)
		}
	}
	return ""
}

// mentions reports whether a build tag decides about a part of the condition.
func mentions(cond ast.Expr) (is bool) {
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && guards[id.Name] != "" {
			is = true
		}
		return !is
	})
	return
}

func (v *visitor) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IfStmt:
			if n.Init != nil {
				v.walk(n.Init)
			}
			if !mentions(n.Cond) {
				v.replace("negate the condition", n.Cond, "!("+v.of(n.Cond)+")")
			}
			v.walk(n.Cond)
			outer := v.build
			if g := guard(n.Cond); g != "" {
				v.build = g
			}
			v.walk(n.Body)
			v.build = outer
			if n.Else != nil {
				v.walk(n.Else)
			}
			return false
		case *ast.BlockStmt:
			v.statements(n.List)
		case *ast.CaseClause:
			v.clause(n)
			v.statements(n.Body)
		case *ast.BinaryExpr:
			v.binary(n)
		case *ast.UnaryExpr:
			if n.Op == token.NOT && !mentions(n.X) {
				v.replace("drop the !", n, v.of(n.X))
			}
		case *ast.AssignStmt:
			v.assignment(n)
		case *ast.IncDecStmt:
			other := map[token.Token]string{token.INC: "--", token.DEC: "++"}
			v.add("swap", v.of(n), v.build, edit{v.offset(n.TokPos), v.offset(n.TokPos) + 2, other[n.Tok]})
		case *ast.BranchStmt:
			if other, ok := map[token.Token]string{token.BREAK: "continue", token.CONTINUE: "break"}[n.Tok]; ok && n.Label == nil {
				v.replace(n.Tok.String()+" to "+other, n, other)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && marks[id.Name] {
				return false
			}
			v.atomic(n)
		case *ast.Ident:
			v.ident(n)
		case *ast.BasicLit:
			v.literal(n)
		case *ast.SelectorExpr:
			v.walk(n.X) // the selected name is no operand
			return false
		case *ast.KeyValueExpr:
			v.walk(n.Value)
			return false
		case *ast.ValueSpec:
			for _, e := range n.Values {
				v.walk(e)
			}
			return false
		case *ast.TypeSpec, *ast.ArrayType, *ast.FuncType:
			return false
		}
		return true
	})
}

func (v *visitor) replace(op string, n ast.Node, text string) {
	v.add(op, v.of(n), v.build, edit{v.offset(n.Pos()), v.offset(n.End()), text})
}

// statements drops each of a list that can be dropped. The locks of a function
// are dropped together by lockless.
func (v *visitor) statements(list []ast.Stmt) {
	if !v.inFunction {
		return
	}
	for i, s := range list {
		switch x := s.(type) {
		case *ast.ExprStmt:
			if c, ok := x.X.(*ast.CallExpr); ok {
				if id, ok := c.Fun.(*ast.Ident); ok && (marks[id.Name] || strings.HasPrefix(id.Name, "trace")) {
					continue
				}
			}
		case *ast.AssignStmt:
			if x.Tok == token.DEFINE {
				continue
			}
		case *ast.ReturnStmt:
			if len(x.Results) > 0 {
				continue
			}
		case *ast.BranchStmt:
			if x.Tok == token.FALLTHROUGH {
				continue
			}
		case *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt:
		default:
			continue
		}
		v.replace("drop", s, "")
		if call, ok := isCall(s, "Lock"); ok && i+1 < len(list) {
			v.lockless(call, s, list[i+1:])
		}
	}
}

// isCall reports whether s calls, or defers, a method of that name.
func isCall(s ast.Stmt, name string) (*ast.CallExpr, bool) {
	var e ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		e = s.X
	case *ast.DeferStmt:
		e = s.Call
	}
	c, ok := e.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	return c, ok && sel.Sel.Name == name
}

// lockless drops a Lock and what unlocks it further down the list.
func (v *visitor) lockless(lock *ast.CallExpr, s ast.Stmt, rest []ast.Stmt) {
	for _, u := range rest {
		if _, ok := isCall(u, "Unlock"); ok {
			v.add("without the lock", v.of(lock), v.build,
				edit{v.offset(s.Pos()), v.offset(s.End()), ""}, edit{v.offset(u.Pos()), v.offset(u.End()), ""})
			return
		}
	}
}
