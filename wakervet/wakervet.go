// Package wakervet has the analyzers that check the users of package rouse: Go
// has neither destructors nor a borrow checker, so that a waker is consumed once,
// a borrowed one does not outlive its poll and a Notified is run or dropped
// are rules that the compiler does not know. Command wakervet runs them.
//
// The analyzers know the kit by the names of its types, and follow the convention
// of its signatures: a *Waker parameter moves the waker in, a WakerRef borrows it,
// a Notified by value hands over the run. A copy of the kit under another import path
// is known by the types that it declares. See README.md for each check.
package wakervet

import "golang.org/x/tools/go/analysis"

// Analyzers returns all checks, in the order of the README.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{
		Discard,
		Leak,
		Consumed,
		Overwritten,
		Copies,
		Escape,
		Pending,
		Blocks,
		Receiver,
		Destructor,
		HeaderInit,
		Inline,
		Lost,
		UnderLock,
		Worker,
		StateRun,
		Notes,
	}
}

const url = "https://pkg.go.dev/github.com/rouse-go/rouse/wakervet"
