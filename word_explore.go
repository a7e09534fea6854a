//go:build rouse_explore

package rouse

import (
	"unsafe"

	"github.com/rouse-go/rouse/proptest/explore"
)

// The twin of word.go for the interleaving explorer: each operation on one of
// these is a step that it schedules.

type word = explore.Uint64

type pointer[T any] = explore.Pointer[T]

type mutex = explore.Mutex

// A pool holds one value, so that what Get returns depends on the schedule alone.
type pool struct{ kept explore.Pointer[any] }

func (p *pool) Put(v any) { p.kept.Store(&v) }

func (p *pool) Get() any {
	if v := p.kept.Swap(nil); v != nil {
		return *v
	}
	return nil
}

func reads(p unsafe.Pointer, what string)  { explore.Read(p, what) }
func writes(p unsafe.Pointer, what string) { explore.Write(p, what) }
