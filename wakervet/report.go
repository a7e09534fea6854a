package wakervet

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// An allowance silences checks between two lines of a file.
type allowance struct {
	file     string
	from, to int
	checks   []string
}

// readAllowances reads the allow annotations of a file: one above the package
// clause holds for the file, one in a function's doc for the function, any other
// for its own line and the next.
func (n *notes) readAllowances(pass *analysis.Pass, file *ast.File) {
	end := make(map[*ast.CommentGroup]token.Pos)
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Doc != nil {
			end[fn.Doc] = fn.End()
		}
	}
	for _, group := range file.Comments {
		for _, c := range group.List {
			verb, args := directive(c)
			if verb != "allow" {
				continue
			}
			if len(args) < 2 {
				pass.ReportRangef(c, "wakervet:allow needs a check and a reason")
				continue
			}
			checks := strings.Split(args[0], ",")
			for _, check := range checks {
				if !slices.Contains(checkNames(), check) {
					pass.ReportRangef(c, "wakervet:allow: unknown check %s", check)
				}
			}
			at := pass.Fset.Position(c.Pos())
			a := allowance{at.Filename, at.Line, at.Line + 1, checks}
			switch {
			case c.Pos() < file.Package:
				a.to = pass.Fset.Position(file.FileEnd).Line
			case end[group].IsValid():
				a.to = pass.Fset.Position(end[group]).Line
			}
			n.allow = append(n.allow, a)
		}
	}
}

func checkNames() []string {
	return []string{
		"wakerdiscard", "wakerleak", "wakerconsumed", "wakeroverwrite", "wakercopy", "refescape",
		"pollpending", "pollblocks", "pollreceiver", "futuredrop",
		"headerinit", "scheduleinline", "notifiedlost", "wakelocked", "workerends", "staterun",
	}
}

// report reports a finding of pass's analyzer, unless an annotation allows it.
func (n *notes) report(pass *analysis.Pass, d analysis.Diagnostic) {
	at := pass.Fset.Position(d.Pos)
	for _, a := range n.allow {
		if a.file == at.Filename && a.from <= at.Line && at.Line <= a.to && slices.Contains(a.checks, pass.Analyzer.Name) {
			return
		}
	}
	pass.Report(d)
}

func (n *notes) reportf(pass *analysis.Pass, at analysis.Range, format string, args ...any) {
	n.report(pass, analysis.Diagnostic{Pos: at.Pos(), End: at.End(), Message: fmt.Sprintf(format, args...)})
}

// reportVar reports at the declaration of v.
func (n *notes) reportVar(pass *analysis.Pass, v *types.Var, format string, args ...any) {
	end := v.Pos() + token.Pos(len(v.Name()))
	n.report(pass, analysis.Diagnostic{Pos: v.Pos(), End: end, Message: fmt.Sprintf(format, args...)})
}
