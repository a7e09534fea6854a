// Command wakervet checks the users of package rouse. It runs by itself,
//
//	wakervet ./...
//
// and as a tool of go vet, which caches its results and knows more flags:
//
//	go vet -vettool=$(which wakervet) ./...
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/rouse-go/rouse/wakervet"
)

// multichecker speaks go vet's protocol too.
func main() { multichecker.Main(wakervet.Analyzers()...) }
