package wakervet

import (
	"fmt"
	"go/ast"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/rouse-go/rouse/wakervet/internal/rousetypes"
)

// Notes reads the annotations, exports those of ownership as facts, and reports
// the malformed ones. The other analyzers take its result.
var Notes = &analysis.Analyzer{
	Name: "wakernotes",
	Doc: `read //wakervet: annotations and check that they are well formed

//wakervet:takes p...    in a function's doc: it consumes or keeps what p is given
//wakervet:borrows p...  in a function's doc: what p is given stays the caller's
//wakervet:allow check reason
                         at a statement, in a function's doc or above the package
                         clause: the check is silent there`,
	URL:        url,
	Run:        readNotes,
	FactTypes:  []analysis.Fact{new(ownership)},
	ResultType: reflect.TypeFor[*notes](),
}

// ownership says what a function does with its parameters, by index.
type ownership struct{ Takes, Borrows uint64 }

func (*ownership) AFact() {}

func (o *ownership) String() string { return fmt.Sprintf("takes %b borrows %b", o.Takes, o.Borrows) }

// A mode says what becomes of an argument.
type mode uint8

const (
	unknown mode = iota
	takes
	borrows
)

type notes struct {
	info  *types.Info
	owned map[*types.Func]*ownership
	allow []allowance
}

func readNotes(pass *analysis.Pass) (any, error) {
	n := &notes{info: pass.TypesInfo, owned: make(map[*types.Func]*ownership)}
	if !rousetypes.InScope(pass.Pkg) {
		return n, nil
	}
	for _, file := range pass.Files {
		docs := make(map[*ast.CommentGroup]bool)
		ast.Inspect(file, func(c ast.Node) bool {
			switch c := c.(type) {
			case *ast.FuncDecl:
				docs[c.Doc] = true
				n.read(pass, c.Doc, c.Name, c.Type)
			case *ast.InterfaceType:
				for _, m := range c.Methods.List {
					if typ, ok := m.Type.(*ast.FuncType); ok {
						docs[m.Doc] = true
						n.read(pass, m.Doc, m.Names[0], typ)
					}
				}
			}
			return true
		})
		n.readAllowances(pass, file)
		for _, group := range file.Comments {
			for _, c := range group.List {
				verb, _ := directive(c)
				switch {
				case verb == "" || verb == "allow":
				case verb != "takes" && verb != "borrows":
					pass.ReportRangef(c, "unknown annotation wakervet:%s", verb)
				case !docs[group]:
					pass.ReportRangef(c, "wakervet:%s must stand in the doc comment of a function or interface method", verb)
				}
			}
		}
	}
	n.importFacts(pass)
	return n, nil
}

// directive splits the comment //wakervet:verb args.
func directive(c *ast.Comment) (verb string, args []string) {
	text, ok := strings.CutPrefix(c.Text, "//wakervet:")
	if !ok {
		return "", nil
	}
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return "?", nil
	}
	return fields[0], fields[1:]
}

// read exports what doc says of the function name.
func (n *notes) read(pass *analysis.Pass, doc *ast.CommentGroup, name *ast.Ident, typ *ast.FuncType) {
	fn, ok := pass.TypesInfo.Defs[name].(*types.Func)
	if doc == nil || !ok {
		return
	}
	var o ownership
	for _, c := range doc.List {
		verb, args := directive(c)
		if verb != "takes" && verb != "borrows" {
			continue
		}
		if len(args) == 0 {
			pass.ReportRangef(c, "wakervet:%s names no parameter", verb)
		}
		for _, arg := range args {
			i := paramNamed(fn.Signature(), arg)
			if i < 0 {
				pass.ReportRangef(c, "wakervet:%s: %s has no parameter %s", verb, fn.Name(), arg)
				continue
			}
			if verb == "takes" {
				o.Takes |= 1 << i
			} else {
				o.Borrows |= 1 << i
			}
			if o.Takes&o.Borrows&(1<<i) != 0 {
				pass.ReportRangef(c, "wakervet:%s: %s both takes and borrows %s", verb, fn.Name(), arg)
			}
		}
	}
	if o != (ownership{}) {
		n.owned[fn] = &o
		pass.ExportObjectFact(fn, &o)
	}
}

func paramNamed(sig *types.Signature, name string) int {
	for i := range min(sig.Params().Len(), 64) {
		if sig.Params().At(i).Name() == name {
			return i
		}
	}
	return -1
}

// importFacts looks up the functions of other packages that this one names.
func (n *notes) importFacts(pass *analysis.Pass) {
	for _, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg() == pass.Pkg {
			continue
		}
		o := new(ownership)
		if fn = fn.Origin(); pass.ImportObjectFact(fn, o) {
			n.owned[fn] = o
		}
	}
}

// param returns the mode of the parameter at index i of fn, as annotated.
func (n *notes) param(fn *types.Func, i int) mode {
	o := n.owned[fn]
	if o == nil || i >= 64 {
		return unknown
	}
	switch {
	case o.Takes&(1<<i) != 0:
		return takes
	case o.Borrows&(1<<i) != 0:
		return borrows
	}
	return unknown
}

// argument returns the mode of the argument at index i of call: as the callee's
// annotation says, or by the contract of schedulers and run queues.
func (n *notes) argument(call *ast.CallExpr, i int) mode {
	if rousetypes.Name(n.info.TypeOf(call.Fun)) == "ScheduleFunc" && i == 0 {
		return takes
	}
	fn := rousetypes.Callee(n.info, call)
	if fn == nil {
		return unknown
	}
	sig := fn.Signature()
	last := sig.Params().Len() - 1
	if sig.Variadic() && i > last {
		i = last
	}
	if m := n.param(fn, i); m != unknown {
		return m
	}
	switch fn.Name() {
	case "Schedule", "Yield", "Push":
		if sig.Recv() != nil && i <= last && rousetypes.Name(sig.Params().At(i).Type()) == "Notified" {
			return takes
		}
	}
	return unknown
}
