package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"unicode"
)

// swaps are the operators of expressions, each with what it becomes.
var swaps = map[token.Token][]string{
	token.EQL: {"!="}, token.NEQ: {"=="},
	token.LSS: {"<=", ">"}, token.LEQ: {"<", ">"}, token.GTR: {">=", "<"}, token.GEQ: {">", "<"},
	token.LAND: {"||"}, token.LOR: {"&&"},
	token.ADD: {"-"}, token.SUB: {"+"}, token.MUL: {"+"}, token.QUO: {"*"}, token.REM: {"*"},
	token.AND: {"|"}, token.OR: {"&", "&^"}, token.AND_NOT: {"|", "&"}, token.XOR: {"|"},
	token.SHL: {">>"}, token.SHR: {"<<"},
}

// droppable operators may lose either operand.
var droppable = map[token.Token]bool{token.LAND: true, token.LOR: true, token.OR: true, token.ADD: true, token.SUB: true, token.AND: true}

func (v *visitor) binary(n *ast.BinaryExpr) {
	if mentions(n.X) || mentions(n.Y) {
		return
	}
	at := v.offset(n.OpPos)
	for _, to := range swaps[n.Op] {
		v.add("to "+to, v.of(n), v.build, edit{at, at + len(n.Op.String()), to})
	}
	if droppable[n.Op] {
		v.add("drop the right operand", v.of(n), v.build, edit{v.offset(n.Pos()), v.offset(n.End()), v.of(n.X)})
		v.add("drop the left operand", v.of(n), v.build, edit{v.offset(n.Pos()), v.offset(n.End()), v.of(n.Y)})
	}
}

var assignments = map[token.Token][]string{
	token.ADD_ASSIGN: {"-=", "="}, token.SUB_ASSIGN: {"+=", "="}, token.OR_ASSIGN: {"&^=", "="},
	token.AND_ASSIGN: {"|="}, token.AND_NOT_ASSIGN: {"|="}, token.XOR_ASSIGN: {"|="},
}

func (v *visitor) assignment(n *ast.AssignStmt) {
	at := v.offset(n.TokPos)
	for _, to := range assignments[n.Tok] {
		v.add("to "+to, v.of(n), v.build, edit{at, at + len(n.Tok.String()), to})
	}
}

// clause drops a case: its condition is never true.
func (v *visitor) clause(n *ast.CaseClause) {
	if len(n.List) == 0 {
		return // default
	}
	for _, e := range n.List {
		if mentions(e) {
			return
		}
	}
	to := v.offset(n.End())
	v.add("drop the case", v.of(n)[:v.offset(n.Colon)-v.offset(n.Pos())], v.build, edit{v.offset(n.Pos()), to, ""})
	for _, e := range n.List {
		if _, ok := e.(*ast.BinaryExpr); ok {
			v.replace("negate the case", e, "!("+v.of(e)+")")
		}
	}
}

// ident exchanges the names of the machine: a flag is lost from its mask, a
// reference counts double or not at all, an action, a cause, a reason or a
// truth is another.
func (v *visitor) ident(n *ast.Ident) {
	named := func(prefix string) bool {
		rest, ok := strings.CutPrefix(n.Name, prefix)
		return ok && rest != "" && unicode.IsUpper(rune(rest[0]))
	}
	other := func(a, b string) string {
		if n.Name == a {
			return b
		}
		return a
	}
	switch {
	case named("flag"):
		v.replace("lose", n, v.zero())
	case n.Name == "refOne":
		v.replace("twice", n, "(2*refOne)")
		v.replace("lose", n, v.zero())
	case n.Name == "refLimit":
		v.replace("half", n, "(refLimit/2)")
	case named("act"):
		v.replace("other action", n, other("actNone", "actSubmit"))
	case named("Cause"):
		v.replace("other cause", n, other("CauseExited", "CauseAborted"))
	case n.Name == "Woken", n.Name == "Spawned", n.Name == "Yielded", n.Name == "Cancelled":
		v.replace("other reason", n, other("Spawned", "Cancelled"))
	case n.Name == "true":
		v.replace("flip", n, "false")
	case n.Name == "false":
		v.replace("flip", n, "true")
	}
}

// zero is no constant in a function, where a constant mask might overflow.
func (v *visitor) zero() string {
	if v.inFunction {
		return "zeroSnapshot"
	}
	return "0"
}

func (v *visitor) literal(n *ast.BasicLit) {
	if n.Kind != token.INT {
		return
	}
	i, err := strconv.ParseInt(n.Value, 0, 63)
	if err != nil {
		return
	}
	v.replace("one more", n, fmt.Sprint(i+1))
	if i > 0 {
		v.replace("one less", n, fmt.Sprint(i-1))
	}
}

// tears are the operators that atomic and lockless apply.
var tears = map[string]bool{"load and store": true, "blind store": true, "only load": true, "without the lock": true}

// atomic tears an operation that has to be one step: into a load and a store,
// or a store that does not look. An add of nothing becomes a load.
func (v *visitor) atomic(n *ast.CallExpr) {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || !v.inFunction {
		return
	}
	recv := v.of(sel.X)
	var args []string
	for _, a := range n.Args {
		args = append(args, v.of(a))
	}
	rest := strings.Join(args, ", ")
	switch sel.Sel.Name {
	case "add", "sub", "cas":
		v.replace("load and store", n, fmt.Sprintf("%s.%sTorn(%s)", recv, sel.Sel.Name, rest))
		if sel.Sel.Name == "cas" {
			v.replace("blind store", n, fmt.Sprintf("%s.casBlind(%s)", recv, rest))
		}
		if rest == "0" {
			v.replace("only load", n, recv+".Load()")
		}
	case "CompareAndSwap", "Swap", "Add", "Sub":
		v.replace("load and store", n, fmt.Sprintf("torn%s(&%s, %s)", sel.Sel.Name, recv, rest))
		if sel.Sel.Name == "CompareAndSwap" {
			v.replace("blind store", n, fmt.Sprintf("blindCompareAndSwap(&%s, %s)", recv, rest))
		}
	}
}
