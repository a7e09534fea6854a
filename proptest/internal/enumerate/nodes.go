package enumerate

const nodePlain = "a node"

// newNode returns the number of a node with the value v.
func (w *world) newNode() int {
	w.nodes = append(w.nodes, node{})
	return len(w.nodes)
}

func (w *world) node(n int) *node { return &w.nodes[n-1] }

func onNodes(op Op, at int) []micro {
	// ifMine skips n micros if the thread has no node.
	ifMine := func(n int) micro {
		return local(onThread(func(w *world, t *thread) {
			if t.mine == 0 {
				t.pc = at + 1 + n
			}
		}))
	}
	switch op {
	case Push:
		return []micro{
			local(onThread(func(w *world, t *thread) { t.mine = w.newNode() })),
			atomically(func(w *world, t *thread) { t.store(&w.node(t.mine).value, t.reg) }),
			atomically(func(w *world, t *thread) { t.tmp = t.load(&w.top) }),
			atomically(func(w *world, t *thread) { t.store(&w.node(t.mine).next, t.tmp) }),
			atomically(func(w *world, t *thread) {
				if !t.cas(&w.top, t.tmp, uint64(t.mine)) {
					t.pc = at + 2
				}
				t.tmp = 0
			}),
		}
	case Pop:
		return []micro{
			atomically(func(w *world, t *thread) {
				n := t.load(&w.top)
				if n == 0 {
					t.pc = at + 4
				}
				t.mine = int(n)
			}),
			atomically(func(w *world, t *thread) { t.tmp = t.load(&w.node(t.mine).next) }),
			atomically(func(w *world, t *thread) {
				if !t.cas(&w.top, uint64(t.mine), t.tmp) {
					t.pc = at
				}
				t.tmp = 0
			}),
			atomically(func(w *world, t *thread) {
				v := &w.node(t.mine).value
				t.reg = t.swap(v, v.value+1) + 1
			}),
		}
	case Mine:
		return []micro{
			ifMine(1),
			atomically(func(w *world, t *thread) { t.reg = t.load(&w.node(t.mine).value) }),
		}
	case NodeGet:
		return []micro{
			ifMine(1),
			local(func(w *world, i int) { w.threads[i].reg = w.get(i, &w.node(w.threads[i].mine).plain, nodePlain) }),
		}
	case NodeSet:
		return []micro{
			ifMine(1),
			local(func(w *world, i int) { w.set(i, &w.node(w.threads[i].mine).plain, nodePlain, w.threads[i].reg) }),
		}
	case PoolPut: // orders only the Get that takes the same node
		return []micro{
			ifMine(1),
			atomically(func(w *world, t *thread) {
				w.pool = append(w.pool, cell{uint64(t.mine), t.knows})
				t.mine = 0
			}),
		}
	case PoolGet:
		return []micro{
			atomically(func(w *world, t *thread) {
				last := len(w.pool) - 1
				if last < 0 {
					t.mine = w.newNode()
					return
				}
				t.mine = int(t.load(&w.pool[last]))
				w.pool = w.pool[:last]
			}),
		}
	}
	panic("enumerate: no such instruction: " + op.String())
}
