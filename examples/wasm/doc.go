// Package wasm runs futures of a guest in WebAssembly as tasks. The guest's exported
// poll is a Future, and the wakers that it keeps are numbers, which its imported
// functions clone, wake and drop. The guest runs under wazero, which is written in Go.
package wasm
