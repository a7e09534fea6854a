//go:build rouse_explore

package scenarios

import (
	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// What threads do to a task. Those that need a waker are given one when they are declared.

// byRef signals an event, wakes by reference, then drops the waker.
func (t *task) byRef() {
	k, v := t.newWake(), t.waker()
	t.w.Go(t.name+".byRef", func() {
		k.with(t, v.WakeByRef)
		t.drop(v)
	})
}

// byVal signals an event and wakes by value.
func (t *task) byVal() {
	k, v := t.newWake(), t.waker()
	t.w.Go(t.name+".byVal", func() { k.with(t, func() { t.wake(v) }) })
}

// cloneByVal clones its waker, signals an event, wakes by value, then drops the other.
func (t *task) cloneByVal() {
	k, v := t.newWake(), t.waker()
	t.w.Go(t.name+".clone", func() {
		c := t.clone(v.Borrow())
		k.with(t, func() { t.wake(&c) })
		t.drop(v)
	})
}

// raw takes its waker apart, puts it together again, and wakes by the vtable.
func (t *task) raw() {
	k, v := t.newWake(), t.waker()
	t.w.Go(t.name+".raw", func() {
		r := v.IntoRaw()
		k.with(t, func() { r.VTable.WakeByRef(r.Data) })
		w := rouse.WakerFromRaw(r)
		t.drop(&w)
	})
}

// rawClone does by the vtable all that can be done.
func (t *task) rawClone() {
	k, v := t.newWake(), t.waker()
	t.w.Go(t.name+".rawClone", func() {
		r := v.IntoRaw()
		c := explore.Do(t.w.x, func() rouse.RawWaker { return r.VTable.Clone(r.Data) })
		k.with(t, func() { c.VTable.Wake(c.Data) })
		t.w.x.Do(func() {
			t.counts(-1)
			r.VTable.Drop(r.Data)
		})
	})
}

// dropper drops its waker.
func (t *task) dropper() {
	v := t.waker()
	t.w.x.Go(t.name+".drop", func() { t.drop(v) })
}

// cloneDropper clones its waker, then drops both.
func (t *task) cloneDropper() {
	v := t.waker()
	t.w.x.Go(t.name+".drops", func() {
		c := t.clone(v.Borrow())
		t.drop(&c)
		t.drop(v)
	})
}

// ownerWakes signals an event, and wakes as an owner does who has no waker.
func (t *task) ownerWakes() {
	k := t.newWake()
	t.w.Go(t.name+".owner", func() { k.with(t, t.h.Wake) })
}

// aborter aborts through a waker's task, then drops the waker.
func (t *task) aborter() {
	v := t.waker()
	t.may(rouse.CauseAborted)
	t.w.x.Go(t.name+".abort", func() {
		t.w.x.Do(func() {
			defer t.unwound()
			r, _ := v.Borrow().Task()
			t.aborted(r.Header().Abort())
		})
		t.drop(v)
	})
}

// pinnedAborter aborts through an AbortHandle, which is made before the threads start.
func (t *task) pinnedAborter() {
	a := t.join.AbortHandle()
	t.may(rouse.CauseAborted)
	t.w.x.Go(t.name+".abortHandle", func() {
		defer t.unwound()
		t.aborted(a.Abort())
	})
}

// aborted notes what an abort returned: it was recorded first, and then stands in the word.
func (t *task) aborted(first bool) {
	if first {
		t.assert(t.aborts.add(1) == 1, "two aborts were recorded first")
	}
}

// looker looks at the task from outside, through an AbortHandle and the list.
func (t *task) looker() {
	a := t.join.AbortHandle()
	t.w.x.Go(t.name+".look", func() {
		t.w.x.Do(func() {
			a.IsFinished()
			a.ID()
			if t.w.list != nil {
				t.w.list.Len()
				for r := range t.w.list.All() {
					r.Snapshot()
				}
			}
		})
	})
}

// shutdown closes the owner list.
func (w *world) shutdown() {
	for _, t := range w.tasks {
		t.may(rouse.CauseShutdown)
	}
	w.x.Go("shutdown", func() {
		for _, t := range w.tasks {
			defer t.unwound()
		}
		w.list.CloseAndShutdownAll()
	})
}

// remover takes the task off its owner list, and shuts it down itself.
func (t *task) remover() {
	t.may(rouse.CauseShutdown)
	v := t.waker()
	t.w.x.Go(t.name+".remove", func() {
		t.w.x.Do(func() {
			defer t.unwound()
			if r, _ := v.Borrow().Task(); t.w.list.Remove(r.Header()) {
				r.Shutdown()
			}
		})
		t.drop(v)
	})
}

// unlister ends a task on its scheduler's own list.
func (t *task) unlister() {
	t.may(rouse.CauseShutdown)
	t.w.Go(t.name+".unlist", func() {
		if t.listed.Get() {
			t.listed.Set(false)
			v, _ := t.h.WakerRef().Task()
			v.Shutdown()
		}
	})
}

// closer closes the scheduler.
func (w *world) closer() {
	for _, t := range w.tasks {
		t.may(rouse.CauseDropped)
	}
	w.x.Go("closer", w.close)
}

// may allows the task to end by c.
func (t *task) may(c ...rouse.Cause) { t.causes = append(t.causes, c...) }

// drop and wake consume a counted waker. The count of those alive is checked at rest, so it does
// not matter when in the operation it changes.
func (t *task) drop(v *rouse.Waker) {
	t.w.x.Do(func() {
		defer t.unwound()
		t.counts(-1)
		v.Drop()
	})
}

func (t *task) wake(v *rouse.Waker) {
	t.counts(-1)
	v.Wake()
}

// with signals an event, then wakes the task by f.
func (k *wake) with(t *task, f func()) {
	t.w.x.Do(func() {
		defer t.unwound()
		k.data.Set(1)
		t.signal()
		f()
		k.done.Set(true)
	})
}

// clone makes a counted waker of the task's.
func (t *task) clone(r rouse.WakerRef) (w rouse.Waker) {
	t.w.x.Do(func() { w = r.Clone() })
	t.counts(1)
	return
}

// counts notes wakers made or ended, if they are counted.
func (t *task) counts(n int) {
	if !t.collected {
		t.wakers.add(n)
	}
}

// disown ends the scenario's ownership of a task of level 1.
func (t *task) disown() {
	t.w.x.Do(func() {
		defer t.unwound()
		t.owned = false
		t.h.Disown()
	})
}

// waker makes one for a thread, before the threads start or while the caller holds a claim. It is
// dropped in the end, if the thread did not come to that.
func (t *task) waker() *rouse.Waker {
	w := t.clone(t.h.WakerRef())
	t.lent = append(t.lent, &w)
	return &w
}

// newWake is declared by the main thread, for a thread that will wake the task once.
func (t *task) newWake() *wake {
	k := &wake{}
	t.wakes = append(t.wakes, k)
	t.w.x.Name(k, "%s.wake%d", t.name, len(t.wakes))
	return k
}

// signal makes the next event true, without waking anybody.
func (t *task) signal() { t.events.add(1) }
