// Package enumerate finds out what can become of a small concurrent program, in the most simple
// way: it keeps the whole state of the program as a value, and goes to every state that a step
// leads to. What package explore finds is compared with it. It shares nothing with that package
// but the description of a program.
package enumerate

import (
	"fmt"
	"strings"
)

// A Program is what its threads do with a few words, plain variables, ghosts, mutexes, a stack of
// nodes and a pool of them.
type Program struct {
	Threads []Thread
	Named   bool // whether the shared objects are known to all threads from the start
	Retry   bool // whether all that is swapped is swapped in a loop
}

// A Thread is a sequence of instructions. Its state is a register, a node, and a log of what the
// register was after each instruction.
type Thread struct {
	Daemon bool
	Code   []Instr
}

// An Instr is an operation on the object number Obj of its kind.
type Instr struct {
	Op   Op
	Obj  int
	Arg  uint64
	Body []Instr // of a Do
}

// Op is what an instruction does. The comments call the register r.
type Op int

const (
	Load       Op = iota // r = word
	Store                // word = Arg
	StoreReg             // word = r + 1
	Add                  // word += Arg; r = word
	Swap                 // r, word = word, Arg
	CAS                  // if word == Arg { word++; r += 10 }
	CASReg               // if word == r { word++ } else { r = 0 }
	IfAdd                // if r is odd { the last word++ }
	Inc                  // atomically, in a loop: if word <= Arg+1 { r = word; word++ }
	Get                  // r = plain
	Set                  // plain = r + Arg
	IfSet                // if r is odd { plain = Arg }
	IfGet                // if r is odd { r = plain }
	GhostGet             // r = ghost
	GhostSet             // ghost = r + Arg
	Lock                 //
	Unlock               //
	TryLock              // if it can be locked { lock it; unlock it; r++ }
	Await                // word >= Arg
	AwaitGhost           // ghost >= Arg
	AwaitAny             // word 0 == 0 || word 1 == 1 || plain 0 == 0
	Push                 // a new node with the value r; it becomes the thread's
	Pop                  // takes the node on top, if there is one: it becomes the thread's; its value++; r = its value
	Mine                 // r = the value of the thread's node
	NodeGet              // r = the plain variable in the thread's node
	NodeSet              // the plain variable in the thread's node = r
	PoolPut              // the thread's node
	PoolGet              // it becomes the thread's; it may be a new one
	Go                   // a thread: Add 1; GhostSet of the last ghost
	Panic                // if r is odd
	Do                   // the Body, with a register and a node of its own; r = the last bit of its register
	At                   // forgets r, the node and the log
	Spin                 // for word < Arg { Pause }
	SpinTwo              // for { if word 0 is 1 { r = 1; break }; if word 1 is 1 { r = 2; break }; Pause }
	SpinSwap             // for Swap(word, 0) == 0 { Pause }
	SpinCAS              // Inc with a Pause in its loop
	SpinLock             // for !TryLock { Pause }; Unlock
	Serve                // for { At; Await word >= 1; word--; ghost++ }
)

var names = [...]string{"Load", "Store", "StoreReg", "Add", "Swap", "CAS", "CASReg", "IfAdd", "Inc",
	"Get", "Set", "IfSet", "IfGet", "GhostGet", "GhostSet", "Lock", "Unlock", "TryLock", "Await", "AwaitGhost", "AwaitAny",
	"Push", "Pop", "Mine", "NodeGet", "NodeSet", "PoolPut", "PoolGet", "Go", "Panic", "Do", "At",
	"Spin", "SpinTwo", "SpinSwap", "SpinCAS", "SpinLock", "Serve"}

func (o Op) String() string { return names[o] }

// The number of objects of each kind. Random instructions are on the first two of each.
const (
	Words  = 3
	Plains = 2
	Ghosts = 2
	Locks  = 2
)

// Name is what thread i is called.
func Name(i int) string { return string(rune('a' + i)) }

// Child is what each thread is called that a Go starts.
const Child = "child"

// ChildCode is what the Go in does.
func ChildCode(in Instr) []Instr {
	return []Instr{{Op: Add, Obj: in.Obj, Arg: 1}, {Op: GhostSet, Obj: Ghosts - 1, Arg: in.Arg}}
}

func (i Instr) String() string {
	if i.Op == Do {
		return fmt.Sprint("Do", i.Body)
	}
	return fmt.Sprintf("%v %d,%d", i.Op, i.Obj, i.Arg)
}

func (p Program) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "named %v, retry %v\n", p.Named, p.Retry)
	for i, t := range p.Threads {
		fmt.Fprintf(&b, "%s daemon %v: %v\n", Name(i), t.Daemon, t.Code)
	}
	return b.String()
}
