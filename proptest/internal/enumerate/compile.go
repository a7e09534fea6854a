package enumerate

import "fmt"

// micro is a part of an instruction. A thread's step is one micro that is a scheduling point, and
// those that follow it and are none.
type micro struct {
	point   bool
	enabled func(w *world, i int) bool // nil for always
	do      func(w *world, i int)      // for thread i, whose pc is at the next micro
}

// compile returns the code of a thread.
func compile(code []Instr) []micro {
	var out []micro
	for _, in := range code {
		out = append(out, expand(in, len(out))...)
		out = append(out, local(func(w *world, i int) { w.threads[i].note() }))
	}
	return append(out, local(func(w *world, i int) { w.threads[i].out = w.threads[i].log }))
}

// note adds the register to the log.
func (t *thread) note() { t.log += fmt.Sprint(t.reg, ";") }

func local(do func(w *world, i int)) micro { return micro{do: do} }

func point(do func(w *world, i int)) micro { return micro{point: true, do: do} }

// onThread is for what touches no more than the thread and atomic objects.
func onThread(do func(w *world, t *thread)) func(w *world, i int) {
	return func(w *world, i int) { do(w, &w.threads[i]) }
}

func atomically(do func(w *world, t *thread)) micro { return point(onThread(do)) }

func await(cond func(w *world, t *thread) bool, do func(w *world, i int)) micro {
	return micro{point: true, do: do, enabled: func(w *world, i int) bool { return cond(w, &w.threads[i]) }}
}

// pause is always enabled. Turns that change nothing lead back to a state that was visited.
func pause(to int) micro { return atomically(func(w *world, t *thread) { t.pc = to }) }

// expand returns the micros of in, of which the first is number at. An instruction ends by going
// on at number at+len(micros).
func expand(in Instr, at int) []micro {
	o, arg := in.Obj, in.Arg
	switch in.Op {
	case Load:
		return []micro{atomically(func(w *world, t *thread) { t.reg = t.load(&w.words[o]) })}
	case Store:
		return []micro{atomically(func(w *world, t *thread) { t.store(&w.words[o], arg) })}
	case StoreReg:
		return []micro{atomically(func(w *world, t *thread) { t.store(&w.words[o], t.reg+1) })}
	case Add:
		return []micro{atomically(func(w *world, t *thread) { t.reg = t.swap(&w.words[o], w.words[o].value+arg) + arg })}
	case Swap:
		return []micro{atomically(func(w *world, t *thread) { t.reg = t.swap(&w.words[o], arg) })}
	case CAS:
		return []micro{atomically(func(w *world, t *thread) {
			if t.cas(&w.words[o], arg, arg+1) {
				t.reg += 10
			}
		})}
	case CASReg:
		return []micro{atomically(func(w *world, t *thread) {
			if !t.cas(&w.words[o], t.reg, t.reg+1) {
				t.reg = 0
			}
		})}
	case IfAdd:
		return []micro{
			local(onThread(func(w *world, t *thread) {
				if t.reg&1 == 0 {
					t.pc = at + 2
				}
			})),
			atomically(func(w *world, t *thread) { t.swap(&w.words[Words-1], w.words[Words-1].value+1) }),
		}
	case Inc:
		return increment(o, arg, at, false)
	case SpinCAS:
		return increment(o, arg, at, true)
	case Get:
		return []micro{local(func(w *world, i int) { w.threads[i].reg = w.get(i, &w.plains[o], plainName(o)) })}
	case Set:
		return []micro{local(func(w *world, i int) { w.set(i, &w.plains[o], plainName(o), w.threads[i].reg+arg) })}
	case IfSet:
		return []micro{local(func(w *world, i int) {
			if w.threads[i].reg&1 == 1 {
				w.set(i, &w.plains[o], plainName(o), arg)
			}
		})}
	case IfGet:
		return []micro{local(func(w *world, i int) {
			if w.threads[i].reg&1 == 1 {
				w.threads[i].reg = w.get(i, &w.plains[o], plainName(o))
			}
		})}
	case GhostGet:
		return []micro{local(onThread(func(w *world, t *thread) { t.reg = w.ghosts[o] }))}
	case GhostSet:
		return []micro{local(onThread(func(w *world, t *thread) { w.ghosts[o] = t.reg + arg }))}
	case Go:
		return []micro{local(func(w *world, i int) {
			w.threads = append(w.threads, thread{name: Child, source: 100 + at + 1000*w.threads[i].source,
				code: compile(ChildCode(in)), knows: w.threads[i].knows})
		})}
	case Panic:
		return []micro{local(onThread(func(w *world, t *thread) {
			if t.reg&1 == 1 {
				w.fail("panic in %s", t.name)
			}
		}))}
	case At:
		return []micro{local(onThread(func(w *world, t *thread) { t.reg, t.mine, t.log = 0, 0, "" }))}
	case Do:
		return do(in.Body, at)
	case Lock, Unlock, TryLock, SpinLock:
		return locks(in, at)
	case Await, AwaitGhost, AwaitAny, Serve:
		return awaits(in, at)
	case Spin, SpinTwo, SpinSwap:
		return spins(in, at)
	}
	return onNodes(in.Op, at)
}

func plainName(o int) string { return fmt.Sprintf("plain %d", o) }

func increment(o int, limit uint64, at int, pauses bool) []micro {
	end, again := at+2, at
	if pauses {
		end, again = at+3, at+2
	}
	loop := []micro{
		atomically(func(w *world, t *thread) {
			if t.tmp = t.load(&w.words[o]); t.tmp > limit+1 {
				t.tmp, t.pc = 0, end
			}
		}),
		atomically(func(w *world, t *thread) {
			if t.cas(&w.words[o], t.tmp, t.tmp+1) {
				t.reg, t.pc = t.tmp, end
			} else {
				t.pc = again
			}
			t.tmp = 0
		}),
	}
	if pauses {
		loop = append(loop, pause(at))
	}
	return loop
}

func do(body []Instr, at int) []micro {
	code := []micro{local(onThread(func(w *world, t *thread) { t.reg, t.saved = 0, t.mine }))}
	for _, in := range body {
		code = append(code, expand(in, at+len(code))...)
	}
	return append(code, local(onThread(func(w *world, t *thread) { t.reg, t.mine, t.saved = t.reg&1, t.saved, 0 })))
}

func locks(in Instr, at int) []micro {
	free := func(w *world, t *thread) bool { return w.locks[in.Obj].value == 0 }
	lock := onThread(func(w *world, t *thread) {
		t.acquire(&w.locks[in.Obj])
		w.locks[in.Obj].value = 1
	})
	unlock := atomically(func(w *world, t *thread) {
		if w.locks[in.Obj].value == 0 {
			w.fail("panic in %s", t.name)
			return
		}
		t.store(&w.locks[in.Obj], 0)
	})
	// try goes on at number to if the mutex is locked.
	try := func(to int) micro {
		return point(func(w *world, i int) {
			if t := &w.threads[i]; free(w, t) {
				lock(w, i)
			} else {
				t.pc = to
			}
		})
	}
	switch in.Op {
	case Lock:
		return []micro{await(free, lock)}
	case Unlock:
		return []micro{unlock}
	case TryLock:
		return []micro{try(at + 3), unlock, local(onThread(func(w *world, t *thread) { t.reg++ }))}
	}
	return []micro{
		try(at + 3),
		unlock,
		local(onThread(func(w *world, t *thread) { t.pc = at + 4 })),
		pause(at),
	}
}

func awaits(in Instr, at int) []micro {
	nothing := func(w *world, i int) {}
	switch in.Op {
	case Await:
		return []micro{await(
			func(w *world, t *thread) bool { return w.words[in.Obj].value >= in.Arg },
			onThread(func(w *world, t *thread) { t.load(&w.words[in.Obj]) }))}
	case AwaitGhost:
		return []micro{await(func(w *world, t *thread) bool { return w.ghosts[in.Obj] >= in.Arg }, nothing)}
	case AwaitAny:
		return []micro{await(
			func(w *world, t *thread) bool {
				return w.words[0].value == 0 || w.words[1].value == 1 || w.plains[0].value == 0
			},
			func(w *world, i int) {
				t := &w.threads[i]
				if t.load(&w.words[0]) != 0 && t.load(&w.words[1]) != 1 {
					w.get(i, &w.plains[0], plainName(0))
				}
			})}
	}
	return []micro{
		local(onThread(func(w *world, t *thread) { t.reg, t.mine, t.log = 0, 0, "" })),
		await(
			func(w *world, t *thread) bool { return w.words[in.Obj].value >= 1 },
			onThread(func(w *world, t *thread) { t.load(&w.words[in.Obj]) })),
		atomically(func(w *world, t *thread) {
			t.swap(&w.words[in.Obj], w.words[in.Obj].value-1)
			w.ghosts[0]++
			t.pc = at
		}),
	}
}

func spins(in Instr, at int) []micro {
	switch in.Op {
	case Spin:
		return []micro{
			atomically(func(w *world, t *thread) {
				if t.load(&w.words[in.Obj]) >= in.Arg {
					t.pc = at + 2
				}
			}),
			pause(at),
		}
	case SpinSwap:
		return []micro{
			atomically(func(w *world, t *thread) {
				if t.swap(&w.words[in.Obj], 0) != 0 {
					t.pc = at + 2
				}
			}),
			pause(at),
		}
	}
	look := func(o int) micro {
		return atomically(func(w *world, t *thread) {
			if t.load(&w.words[o]) == 1 {
				t.reg, t.pc = uint64(o+1), at+3
			}
		})
	}
	return []micro{look(0), look(1), pause(at)}
}
