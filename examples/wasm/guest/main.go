//go:build wasip1

// Guest is a module in WebAssembly that has futures. Its host polls them, gives them
// wakers, and answers what they ask. It is built by
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o guest.wasm ./guest
package main

func main() {} // never called: the module is a library

// What the host has for the guest. A waker is a number, which the guest owns until it
// gives it back by wake or dropWaker.

//go:wasmimport rouse clone_waker
func cloneWaker() uint32 // of the task that is polled

//go:wasmimport rouse wake
func wake(waker uint32)

//go:wasmimport rouse drop_waker
func dropWaker(waker uint32)

//go:wasmimport rouse ask
func ask(question, key uint32) // the host answers later, by the export answer

// A future is polled until it is ready. It keeps a waker meanwhile.
type future interface {
	poll() (output uint64, ready bool)
	drop()
}

var (
	futures  = map[uint32]future{}
	lastName uint32
)

// The exports. pending is an output that no future has.

const pending = 1<<64 - 1

//go:wasmexport new_sum
func newSum(keys uint32) uint32 { return add(&sum{waits: keys}) }

//go:wasmexport new_forgetful
func newForgetful() uint32 { return add(forgetful{}) }

//go:wasmexport new_broken
func newBroken() uint32 { return add(broken{}) }

func add(f future) uint32 {
	lastName++
	futures[lastName] = f
	return lastName
}

//go:wasmexport poll
func poll(name uint32) uint64 {
	if output, ready := futures[name].poll(); ready {
		return output
	}
	return pending
}

//go:wasmexport drop
func drop(name uint32) {
	futures[name].drop()
	delete(futures, name)
}

//go:wasmexport live
func live() uint32 { return uint32(len(futures) + len(questions)) }

// A sum asks the host for the values of some keys, and is ready with their sum.
type sum struct {
	waits uint32 // for so many answers
	total uint64
	asked []uint32
	waker uint32 // 0 is none
}

var (
	questions    = map[uint32]*sum{}
	lastQuestion uint32
)

func (s *sum) poll() (uint64, bool) {
	if s.asked == nil {
		for key := range s.waits {
			lastQuestion++
			questions[lastQuestion] = s
			s.asked = append(s.asked, lastQuestion)
			ask(lastQuestion, key)
		}
	}
	if s.waits == 0 {
		return s.total, true
	}
	s.giveBack()
	s.waker = cloneWaker()
	return 0, false
}

//go:wasmexport answer
func answer(question uint32, value uint64) {
	s := questions[question]
	if s == nil {
		return // nobody wants to know any more
	}
	delete(questions, question)
	s.total += value
	if s.waits--; s.waits == 0 && s.waker != 0 {
		wake(s.waker)
		s.waker = 0
	}
}

func (s *sum) giveBack() {
	if s.waker != 0 {
		dropWaker(s.waker)
		s.waker = 0
	}
}

func (s *sum) drop() {
	for _, q := range s.asked {
		delete(questions, q)
	}
	s.giveBack()
}

// A forgetful future drops its waker, so nobody can wake it.
type forgetful struct{}

func (forgetful) poll() (uint64, bool) {
	dropWaker(cloneWaker())
	return 0, false
}

func (forgetful) drop() {}

// A broken future panics, which ends its module.
type broken struct{}

func (broken) poll() (uint64, bool) { panic("a bad future") }

func (broken) drop() {}
