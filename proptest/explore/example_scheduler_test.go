//go:build rouse_explore

package explore_test

import (
	"fmt"

	"github.com/rouse-go/rouse"
	"github.com/rouse-go/rouse/proptest/explore"
)

// A Loop is a scheduler with one worker, which sleeps while there is nothing to run. In a program
// of yours the Bool is what its builds make of it, and the Await a channel or a condition.
type Loop struct {
	queue rouse.RunQueue
	awake explore.Bool
}

func (l *Loop) Schedule(n rouse.Notified, _ rouse.Reason) {
	l.queue.Push(n)
	l.awake.Store(true)
}

func (l *Loop) Yield(n rouse.Notified) { l.Schedule(n, rouse.Yielded) }

func (l *Loop) runAll() {
	for n, ok := l.queue.Pop(); ok; n, ok = l.queue.Pop() {
		n.Run()
	}
}

// hasty runs what there is, then goes to sleep: also if more has come since.
func (l *Loop) hasty() {
	l.runAll()
	l.awake.Store(false)
}

// careful makes up its mind to sleep, then looks once more.
func (l *Loop) careful() {
	l.awake.Store(false)
	l.runAll()
}

// twoTasks spawns two tasks at once on a Loop. Each of them must run.
func twoTasks(turn func(*Loop)) func(*explore.Exec) {
	return func(x *explore.Exec) {
		rouse.Restart() // the kit's package variables, as a program finds them when it starts
		l := new(Loop)
		x.Name(l, "loop")
		runs := new(explore.Ghost[int])
		task := rouse.FutureFunc[struct{}](func(rouse.Context) (none struct{}, ready bool) {
			runs.Update(func(n int) int { return n + 1 })
			return none, true
		})
		for _, name := range []string{"A", "B"} {
			x.Go("spawner "+name, func() { rouse.SpawnDetached[struct{}](l, task) })
		}
		x.Daemon("worker", func() {
			for {
				x.Await("a wake-up", l.awake.Load)
				turn(l)
			}
		})
		x.Final(func() { x.Assert(runs.Get() == 2, "%d of 2 tasks were run", runs.Get()) })
	}
}

// A scheduler is run with the kit itself: go test -tags rouse_explore.
func Example_scheduler() {
	c := explore.Config{
		Format:     func(v uint64) string { return rouse.Snapshot(v).String() },
		RetryLoops: true, // which the kit's loops allow
	}
	hasty := explore.Run(c, twoTasks((*Loop).hasty))
	fmt.Println(hasty.Failure.Message)

	careful := explore.Run(c, twoTasks((*Loop).careful))
	fmt.Println(careful.Failure == nil, careful.Exhausted)
	// Output:
	// 1 of 2 tasks were run
	// true true
}
