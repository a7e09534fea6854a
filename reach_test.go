package rouse

// births returns the words that tasks of all levels are born with.
func births() map[Snapshot]string {
	words := map[Snapshot]string{0: "State, Header.Init"}
	see := func(n Notified, by string) {
		words[n.Task().Snapshot()] = by
		n.Drop()
	}
	var l loop
	for _, v := range []*Vtable[actor]{actors, orphanActors, keptActors, uncountedActors} {
		a := l.newActor(v, pending)
		words[a.Snapshot()] = "Header.Init"
		see(v.InitNotified(a), "Header.InitNotified")
		n, _ := v.InitBound(a, new(OwnedTasks))
		see(n, "Header.InitBound")
	}
	spawned := ScheduleFunc(func(n Notified, _ Reason) { see(n, "Spawn") })
	SpawnDetached[int](spawned, Ready(0))
	for i := range 8 {
		o := Options{Listed: i&1 != 0, NoOrphanCheck: i&2 != 0, Uncounted: i&4 != 0}
		j := SpawnWith[int](spawned, Ready(0), o)
		j.Detach()
		k := SpawnWith[int](keeps{ScheduleFunc: spawned}, Ready(0), o)
		k.Detach()
	}
	for n, by := range words {
		if by == "Spawn" && !n.Unowned() {
			words[(n | flagUnowned).cancelled(CauseShutdown)] = "Spawn on a closed list"
		}
	}
	return words
}

// keeps is a scheduler that keeps orphans.
type keeps struct {
	NoHooks
	ScheduleFunc
}

func (keeps) Orphaned(RawTask, *JoinError) {}

// A move is a transition, and when somebody may make it, by what the word
// says of claims, owners and wakers.
type move struct {
	name  string
	legal func(Snapshot) bool
	pure  func(Snapshot) (Snapshot, action)
}

// few bounds the wakers of one task.
const few = 3

func moves() []move {
	notified := func(n Snapshot) bool { return n&(flagNotified|flagRunning|flagComplete) == flagNotified }
	polling := func(n Snapshot) bool { return n.Running() && !n.Complete() }
	// A run that began cancelled, or was dropped, only finishes.
	pending := func(n Snapshot) bool { return polling(n) && !(n.Cancelled() && !n.Notified()) }
	detached := func(n Snapshot) bool { return polling(n) && !n.JoinInterest() }
	epilogue := func(n Snapshot) bool { return n.Running() && n.Complete() && !n.JoinWaker() }
	owned := func(n Snapshot) bool { return !n.Unowned() }
	held := func(n Snapshot) bool { return owned(n) || n.Running() || notified(n) || n.Refs() > 0 }
	waker := func(n Snapshot) bool { return n.Refs() > 0 }
	with := func(a, b func(Snapshot) bool) func(Snapshot) bool {
		return func(n Snapshot) bool { return a(n) && b(n) }
	}
	abort := func(n Snapshot) (Snapshot, action) { return n.toNotifiedAndCancel(CauseAborted) }
	terminal := func(u bool) func(Snapshot) (Snapshot, action) {
		return func(n Snapshot) (Snapshot, action) { return n.toTerminal(u) }
	}
	finished := func(u bool) func(Snapshot) (Snapshot, action) {
		return func(n Snapshot) (Snapshot, action) { return n.toFinished(u) }
	}
	return []move{
		{"toRunning", notified, Snapshot.toRunning},
		{"dropNotified", notified, Snapshot.dropNotified},
		{"toIdle", pending, Snapshot.toIdle},
		{"End", func(n Snapshot) bool { return pending(n) && owned(n) && !n.Orphanable() }, Snapshot.end},
		{"Yield", pending, Snapshot.yield},
		{"toComplete", polling, Snapshot.toComplete},
		{"unsetWakerAfterComplete", func(n Snapshot) bool { return n.Running() && n.Complete() && n.JoinWaker() }, Snapshot.unsetWakerAfterComplete},
		{"toJoinerWoken", func(n Snapshot) bool { return n.Running() && n.Complete() && n.JoinWaker() }, Snapshot.toJoinerWoken},
		{"toTerminal", epilogue, terminal(false)},
		{"toTerminal+U", with(epilogue, owned), terminal(true)},
		{"toFinished", detached, finished(false)},
		{"toFinished+U", with(detached, owned), finished(true)},
		{"toNotifiedByRef", held, Snapshot.toNotifiedByRef},
		{"toNotifiedByVal", waker, Snapshot.toNotifiedByVal},
		{"toNotifiedAndCancel", func(n Snapshot) bool { return held(n) || n.JoinInterest() || n.Pinned() }, abort},
		{"toShutdown", owned, Snapshot.toShutdown},
		{"toClosed", owned, Snapshot.toClosed},
		{"toDisowned", owned, Snapshot.toDisowned},
		{"setJoinWaker", func(n Snapshot) bool { return n.JoinInterest() && !n.JoinWaker() }, Snapshot.setJoinWaker},
		{"unsetWaker", func(n Snapshot) bool { return n.JoinInterest() && (n.JoinWaker() || n.Complete()) }, Snapshot.unsetWaker},
		{"toJoinHandleDropped", func(n Snapshot) bool { return n.JoinInterest() && (n.Complete() || !n.JoinWaker()) },
			func(n Snapshot) (Snapshot, action) { return n.toJoinHandleDropped(n) }},
		{"pin", func(n Snapshot) bool { return n.JoinInterest() || n.Running() }, Snapshot.pin},
		{"refInc", func(n Snapshot) bool { return held(n) && n.Refs() < few }, Snapshot.refInc},
		{"refDec", waker, Snapshot.refDec},
		{"settle", func(n Snapshot) bool { return n.after() == actSettle }, Snapshot.settle},
	}
}

// An edge is a step that can be made.
type edge struct {
	from, to Snapshot
	step     string
	act      action
}

// reach returns every word that can come of these births, and every edge.
func reach(births map[Snapshot]string, steps []move) (words map[Snapshot]bool, edges []edge) {
	words = map[Snapshot]bool{}
	var todo []Snapshot
	visit := func(n Snapshot) {
		if !words[n] {
			words[n] = true
			todo = append(todo, n)
		}
	}
	for n := range births {
		visit(n)
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, s := range steps {
			if s.legal(n) {
				next, act := s.pure(n)
				edges = append(edges, edge{n, next, s.name, act})
				visit(next)
			}
		}
	}
	return words, edges
}
