package wasm

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/imports/wasi_snapshot_preview1"

	"github.com/rouse-go/rouse"
)

// A Guest is an instance of the module in the directory guest. Its methods are safe
// for concurrent use by multiple goroutines; one call at a time runs in the module.
type Guest struct {
	asks func(question, key uint32)

	mu      sync.Mutex
	runtime wazero.Runtime
	module  api.Module
	ended   error          // why no call works any more
	polled  rouse.WakerRef // the waker of the task that is polled
	wakers  wakers         // what the module owns
	later   later
}

// What the module asks for during a call is done after it, when mu is free again. To
// wake a task, or to drop its waker, may end another task, whose Drop calls the module.
type later struct {
	wake, drop []rouse.Waker
	ask        [][2]uint32
}

// A Code is a module, and what it was compiled to. Its methods are safe for concurrent
// use by multiple goroutines.
type Code struct {
	binary   []byte
	compiled wazero.CompilationCache
}

// NewCode returns the code of a module. The first New compiles it.
func NewCode(binary []byte) *Code {
	return &Code{binary: binary, compiled: wazero.NewCompilationCache()}
}

// New instantiates the module. asks is called for each question of the instance, with
// no lock held. Then or later, and from any goroutine, Answer is called.
func (c *Code) New(ctx context.Context, asks func(question, key uint32)) (*Guest, error) {
	g := &Guest{asks: asks}
	g.runtime = wazero.NewRuntimeWithConfig(ctx, wazero.NewRuntimeConfig().WithCompilationCache(c.compiled))
	wasi_snapshot_preview1.MustInstantiate(ctx, g.runtime)
	_, err := g.runtime.NewHostModuleBuilder("rouse").
		NewFunctionBuilder().WithFunc(g.cloneWaker).Export("clone_waker").
		NewFunctionBuilder().WithFunc(g.wake).Export("wake").
		NewFunctionBuilder().WithFunc(g.dropWaker).Export("drop_waker").
		NewFunctionBuilder().WithFunc(g.ask).Export("ask").
		Instantiate(ctx)
	if err == nil {
		config := wazero.NewModuleConfig().WithStartFunctions("_initialize")
		g.module, err = g.runtime.InstantiateWithConfig(ctx, c.binary, config)
	}
	if err != nil {
		g.runtime.Close(ctx)
		return nil, fmt.Errorf("instantiating the guest: %w", err)
	}
	return g, nil
}

// Close ends the module. Tasks that still wait for it are woken, and fail.
func (g *Guest) Close(ctx context.Context) error {
	g.mu.Lock()
	err := g.runtime.Close(ctx)
	g.end(errors.New("it was closed"))
	l := g.takeLater()
	g.mu.Unlock()
	g.do(l)
	return err
}

// The imports of the module. They are called while a call runs in it.

func (g *Guest) cloneWaker() uint32 { return g.wakers.put(g.polled) }

func (g *Guest) wake(w uint32) { g.later.wake = append(g.later.wake, g.wakers.take(w)) }

func (g *Guest) dropWaker(w uint32) { g.later.drop = append(g.later.drop, g.wakers.take(w)) }

func (g *Guest) ask(question, key uint32) {
	g.later.ask = append(g.later.ask, [2]uint32{question, key})
}

// Answer answers a question. A task that waits for the answer is woken.
func (g *Guest) Answer(question uint32, value uint64) error {
	_, err := g.call("answer", rouse.WakerRef{}, uint64(question), value)
	return err
}

// Live returns the number of futures and questions in the module.
func (g *Guest) Live() (int, error) {
	n, err := g.call("live", rouse.WakerRef{})
	return int(n), err
}

// Wakers returns the number of wakers that the module owns.
func (g *Guest) Wakers() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wakers.len()
}

// call calls an export. After an error no call works any more: a module that has
// panicked cannot be trusted to be consistent.
func (g *Guest) call(export string, w rouse.WakerRef, args ...uint64) (result uint64, err error) {
	g.mu.Lock()
	if g.ended == nil {
		g.polled = w //wakervet:allow refescape it is reset before the call returns
		results, err := g.module.ExportedFunction(export).Call(context.Background(), args...)
		g.polled = rouse.WakerRef{}
		switch {
		case err != nil:
			g.end(err)
		case len(results) > 0:
			result = results[0]
		}
	}
	if g.ended != nil {
		err = fmt.Errorf("the guest's %s: %w", export, g.ended)
	}
	l := g.takeLater()
	g.mu.Unlock()
	g.do(l)
	return result, err
}

// end takes the wakers from the module, which can wake nobody any more.
func (g *Guest) end(err error) {
	g.ended = err
	for _, w := range g.wakers.names() {
		g.wake(w)
	}
}

func (g *Guest) takeLater() later {
	l := g.later
	g.later = later{}
	return l
}

func (g *Guest) do(l later) {
	for i := range l.wake {
		l.wake[i].Wake()
	}
	for i := range l.drop {
		l.drop[i].Drop()
	}
	for _, q := range l.ask {
		g.asks(q[0], q[1])
	}
}
