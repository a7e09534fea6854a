package wasm

import "github.com/rouse-go/rouse"

// A Future is a future of a module.
type Future struct {
	guest *Guest
	name  uint32
}

// An Output is what a Future is ready with.
type Output struct {
	Value uint64
	Err   error // the module has ended
}

// pending is what the module's poll returns for a future that is not ready.
const pending = 1<<64 - 1

// Sum returns a future that asks for the values of the keys from 0 to keys-1, and is
// ready with their sum.
func (g *Guest) Sum(keys int) (*Future, error) { return g.future("new_sum", uint64(keys)) }

func (g *Guest) future(export string, args ...uint64) (*Future, error) {
	name, err := g.call(export, rouse.WakerRef{}, args...)
	if err != nil {
		return nil, err
	}
	return &Future{guest: g, name: uint32(name)}, nil
}

// Poll polls the future in the module. The waker of the task is lent to the module for
// the call; to keep it, the module clones it.
func (f *Future) Poll(cx rouse.Context) (Output, bool) {
	v, err := f.guest.call("poll", cx.Waker(), uint64(f.name))
	if err != nil {
		return Output{Err: err}, true
	}
	return Output{Value: v}, v != pending
}

// Drop drops the future in the module, when its task ends in whatever way.
func (f *Future) Drop() {
	f.guest.call("drop", rouse.WakerRef{}, uint64(f.name)) // if the module has ended, so has the future
}
