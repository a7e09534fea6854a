package rouse

import (
	"errors"
	"fmt"
	"testing"
)

// idlers spawns n tasks on the list and leaves them idle; each keeps a waker
// in the slice it returns, and f is their destructor.
func idlers(l *loop, owned *OwnedTasks, n int, f func(i int)) (joins []JoinHandle[output], wakers []Waker) {
	joins, wakers = make([]JoinHandle[output], n), make([]Waker, n)
	for i := range joins {
		fut := l.never(&wakers[i])
		fut.drop = func() { f(i) }
		joins[i] = SpawnWith[output](l, fut, Options{Owned: owned})
	}
	l.run()
	return
}

func wantAllEnded(t *testing.T, l *loop, owned *OwnedTasks, joins []JoinHandle[output], wakers []Waker, causes ...Cause) {
	t.Helper()
	for i := range joins {
		_, err := join(t, &joins[i])
		ok := false
		for _, c := range causes {
			ok = ok || err != nil && err.Cause == c
		}
		if !ok {
			t.Errorf("task %d ended by %v", i, err)
		}
		if !wakers[i].IsZero() {
			wakers[i].Drop()
		}
	}
	if l.futures != len(joins) || l.released != len(joins) || owned.Len() != 0 {
		t.Errorf("%+v, %d on the list", l.counts, owned.Len())
	}
}

// Destructors, during a close, wake the other tasks of the list, abort them,
// and give up their wakers.
func TestDestructorWakesDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var joins []JoinHandle[output]
	var wakers []Waker
	const n = 60
	joins, wakers = idlers(&l, &owned, n, func(i int) {
		next := (i + 7) % n
		switch i % 3 {
		case 0:
			wakers[next].WakeByRef()
		case 1:
			joins[next].Abort()
		case 2:
			wakers[next].Drop()
		}
	})
	owned.CloseAndShutdownAll()
	l.run()
	wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown, CauseAborted, CauseOrphaned)
}

// What a destructor spawns during a close resolves at once, as shut down.
func TestDestructorSpawnsDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	spawned := 0
	joins, wakers := idlers(&l, &owned, 10, func(int) {
		j := SpawnWith[output](&l, l.ready(1), Options{Owned: &owned})
		if res, ready := j.TryJoin(); ready && errors.Is(res.Err, ErrShutdown) {
			spawned++
		}
	})
	owned.CloseAndShutdownAll()
	if spawned != 10 {
		t.Errorf("%d resolved", spawned)
	}
	l.futures -= spawned
	wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown)
}

// Destructors that panic, or end the goroutine, stop nothing.
func TestDestructorUnwindsDuringClose(t *testing.T) {
	for how, f := range unwinds {
		for _, joined := range []bool{true, false} {
			t.Run(fmt.Sprint(how, ", joined ", joined), func(t *testing.T) {
				var l loop
				var owned OwnedTasks
				joins, wakers := idlers(&l, &owned, 50, func(i int) {
					if i%5 == 0 {
						f()
					}
				})
				if !joined {
					for i := range joins {
						joins[i].Detach()
					}
				}
				e := ends(owned.CloseAndShutdownAll)
				err, _ := e.value.(error)
				if e.exit != (how == "exit") || errors.Is(err, ErrPanicked) != (how == "panic" && !joined) {
					t.Errorf("ended by %v", e)
				}
				if joined {
					wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown, CausePanicked, CauseExited)
					return
				}
				for i := range wakers {
					wakers[i].Drop()
				}
				if l.futures != 50 || l.released != 50 || owned.Len() != 0 {
					t.Errorf("%+v, %d on the list", l.counts, owned.Len())
				}
			})
		}
	}
}

// A destructor closes the list that is being closed.
func TestDestructorClosesDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	joins, wakers := idlers(&l, &owned, 20, func(i int) {
		if i == 3 {
			owned.CloseAndShutdownAll()
		}
	})
	owned.CloseAndShutdownAll()
	wantAllEnded(t, &l, &owned, joins, wakers, CauseShutdown)
}

// All that destructors panic with comes out of the call that closed the list.
func TestTwoDestructorsPanicDuringClose(t *testing.T) {
	var l loop
	var owned OwnedTasks
	var wakers [2]Waker
	for i, v := range []string{"first", "second"} {
		p := l.never(&wakers[i])
		p.drop = panics(v)
		j := SpawnWith[output](&l, p, Options{Owned: &owned})
		j.Detach()
	}
	l.run()
	mustPanic(t, owned.CloseAndShutdownAll, "first", "second")
	for i := range wakers {
		wakers[i].Drop()
	}
	if l.futures != 2 || l.released != 2 {
		t.Errorf("%+v", l.counts)
	}
}
