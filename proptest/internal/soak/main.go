// Soak keeps many tasks busy with random wakes, cancellations, panics and
// closes, on all cores, and proves that nothing is lost and nothing leaks:
//
//   - each task is polled after the last wake that it was sent;
//   - each Notified that the scheduler was handed is run or dropped, once;
//   - each future and each output is destroyed once;
//   - each task with counted wakers is released: of level 1 as often as they were
//     made, of level 2 each cell is complete and dead in the end;
//   - each JoinHandle resolves.
//
// Beside these tasks it uses the pieces of which runtimes are made, in short sessions
// that are closed under load too: workers that steal and park run tasks that wait in a
// WaitQueue and a Semaphore, as goroutines do by BlockOn; and mailboxes of level 0 are
// suspended, closed and opened again:
//
//   - no permit is lost or made up, and never are more held than there are;
//   - no notification is lost: as many items are taken as are brought;
//   - whoever waits for an empty list is told once it is, and not before;
//   - each letter that a mailbox has accepted is handled once, in its sender's order.
//
// It prints a line each second and its seed, and exits with status 1 if one of
// these does not hold. With the tag rouse_debug it also asks the kit for leaked
// handles.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	long := flag.Duration("for", 10*time.Second, "how long")
	tasks := flag.Int("tasks", 100_000, "tasks that are alive at any time")
	workers := flag.Int("workers", runtime.GOMAXPROCS(0), "goroutines that run tasks, and as many that disturb them")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "of the random choices")
	flag.Parse()

	fmt.Printf("soak: %v, %d tasks, %d workers, seed %d\n", *long, *tasks, *workers, *seed)
	start := time.Now()
	end := start.Add(*long)
	var total tally
	rounds := 0
	for ; rounds == 0 || time.Now().Before(end); rounds++ {
		r := newRound(*tasks, *workers, *seed+uint64(rounds)<<32)
		over := report(start, rounds, &r.tally)
		r.run(end)
		close(over)
		total.add(&r.tally)
		if findings := r.findings(); len(findings) > 0 {
			for _, f := range findings {
				fmt.Println("soak: FAILED:", f)
			}
			fmt.Printf("proof\tsoak-tasks\t%d\t%d\n", total.tasks(), len(findings))
			fmt.Printf("soak: FAILED in round %d: go run ./proptest/internal/soak -tasks %d -workers %d -seed %d\n", rounds, *tasks, *workers, *seed)
			os.Exit(1)
		}
	}
	fmt.Printf("proof\tsoak-tasks\t%d\t0\n", total.tasks())
	fmt.Printf("soak: ok: %d rounds in %v: %v\n", rounds, time.Since(start).Round(time.Millisecond), &total)
}

// report prints the tally each second until the channel that it returns is closed.
func report(start time.Time, round int, t *tally) chan struct{} {
	over := make(chan struct{})
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				fmt.Printf("soak: %3.0fs round %d: %v\n", time.Since(start).Seconds(), round, t)
			}
		}
	}()
	return over
}
