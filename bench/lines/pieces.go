//go:build rouse_explore

package main

import "github.com/rouse-go/rouse"

// each is how many operations a thread does.
const each = 8

// A node is a task that is never run.
type node struct{ rouse.Header }

var nodeVtable = rouse.NewVtable(rouse.Ops[node]{
	Poll:     func(*node, rouse.Context) bool { return false },
	Cancel:   func(*node, rouse.Cause) {},
	Schedule: func(_ *node, n rouse.Notified, _ rouse.Reason) { n.Drop() },
})

func notifieds(n int) []rouse.Notified {
	v := make([]rouse.Notified, n)
	for i := range v {
		v[i] = nodeVtable.InitNotified(new(node))
	}
	return v
}

func pieces() []piece {
	return []piece{
		{"clone-drop-same", func(threads int) (func(int), int) {
			h := new(node)
			nodeVtable.Init(h)
			return func(int) { cloneDrop(h) }, threads * each
		}},
		{"clone-drop-different", func(threads int) (func(int), int) {
			all := make([]node, threads)
			for i := range all {
				nodeVtable.Init(&all[i])
			}
			return func(me int) { cloneDrop(&all[me]) }, threads * each
		}},
		{"wake-notified", func(threads int) (func(int), int) {
			h := new(node)
			//wakervet:allow notifiedlost the tasks of these queues are never run
			nodeVtable.InitNotified(h)
			return func(int) {
				for range each {
					h.Wake()
				}
			}, threads * each
		}},
		{"queue push", func(threads int) (func(int), int) {
			// A node's fields are plain memory, of which the explorer keeps so much apart.
			each := min(each, 64/threads)
			q, nodes := new(rouse.RunQueue), notifieds(threads*each)
			return func(me int) {
				for _, n := range nodes[me*each:][:each] {
					q.Push(n)
				}
			}, threads * each
		}},
		{"shared queue push+pop", func(threads int) (func(int), int) {
			q, nodes := new(rouse.SharedQueue), notifieds(threads)
			return func(me int) {
				n := nodes[me]
				for range each {
					q.Push(n)
					for ok := false; !ok; {
						n, ok = q.Pop()
					}
				}
			}, threads * each
		}},
		{"owned bind+remove", func(threads int) (func(int), int) {
			list, all := new(rouse.OwnedTasks), make([]node, threads)
			for i := range all {
				nodeVtable.Init(&all[i])
			}
			return func(me int) {
				for range each {
					_ = list.Bind(&all[me].Header) // the list stays open
					list.Remove(&all[me].Header)
				}
			}, threads * each
		}},
		{"steal-workers", stealWorkers},
		{"semaphore", func(threads int) (func(int), int) {
			s := new(rouse.Semaphore)
			s.Release(threads)
			return func(int) {
				for range each {
					s.TryAcquire(1)
					s.Release(1)
				}
			}, threads * each
		}},
		{"notify-kept", func(threads int) (func(int), int) {
			q := new(rouse.WaitQueue)
			return func(int) {
				for range each {
					q.NotifyOne()
				}
			}, threads * each
		}},
	}
}

func cloneDrop(h *node) {
	for range each {
		w := h.WakerRef().Clone()
		w.Drop()
	}
}

// stealWorkers: the first thread pushes, two at a time into a ring that is small
// in this build, and pops one of them; the others steal as often. An operation
// is a task that was pushed.
func stealWorkers(threads int) (func(int), int) {
	const tasks = 4 * each
	queues, overflow, nodes := make([]rouse.StealQueue, threads), new(rouse.SharedQueue), notifieds(tasks)
	return func(me int) {
		if me > 0 {
			for range each {
				//wakervet:allow notifiedlost the tasks of these queues are never run
				queues[me].Steal(&queues[0])
				for ok := true; ok; {
					//wakervet:allow notifiedlost the tasks of these queues are never run
					_, ok = queues[me].Pop()
				}
			}
			return
		}
		for i := 0; i < tasks; i += 2 {
			queues[0].Push(nodes[i], overflow)
			queues[0].Push(nodes[i+1], overflow)
			//wakervet:allow notifiedlost the tasks of these queues are never run
			queues[0].Pop()
		}
		for ok := true; ok; {
			//wakervet:allow notifiedlost the tasks of these queues are never run
			_, ok = queues[0].Pop()
		}
		for ok := true; ok; {
			//wakervet:allow notifiedlost the tasks of these queues are never run
			_, ok = overflow.Pop()
		}
	}, tasks
}
