package main

import (
	"fmt"
	"strings"
)

// A page is Markdown under way.
type page struct{ strings.Builder }

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// resultsPage is RESULTS.md, made of the records of all machines.
func resultsPage(all []*record) string {
	p := &page{}
	p.line("# Results\n")
	p.line("Written by `bench/report` from the records in [results](results), one for each kind of machine; not edited by hand.")
	p.line("Nanoseconds per operation unless it says otherwise.\n")
	p.line("Each figure is the median, ± half the distance of the quartiles. *Ratio* is the median of the ratios of samples taken")
	p.line("in one turn, with its quartiles: below 1, the kit is faster. *Undisturbed* is the ratio of the fastest samples, which")
	p.line("other load on the machine reaches least; it says little where threads contend. The report refuses to compare two sides")
	p.line("that counted different work (polls, wakes, ends, nodes). Every loop works on atomics, queues or memory that the next")
	p.line("step reads, so no compiler can remove it.\n")
	p.line("*Limit* is the least time that the kit's operation can take on that machine: the number of locked instructions (atomic")
	p.line("read-modify-write operations) in its budget, which stands in brackets, times what one took in the same run. The number")
	p.line("behind *×* says how many times the limit a figure is, the kit's or a peer's. *Instr.* is the number of instructions,")
	p.line("counted by callgrind, without garbage collection. It is – where several threads or the clock are part of the operation,")
	p.line("and where callgrind was not installed.")
	p.machines(all)
	p.reach(all)
	for _, r := range all {
		p.line("\n## %s\n", r.host.kind())
		p.host(r)
		p.operations(r)
		p.threads(r)
		p.lines(r)
		p.servers(r)
	}
	p.line("\n## Plots\n\nOf %s.\n\n![ns per operation](plots/operations.svg)\n\n![ns per wake](plots/sweep.svg)\n\n![memory per waiting task](plots/memory.svg)", all[0].host.kind())
	return p.String()
}

func (p *page) machines(all []*record) {
	p.line("\n## Machines\n\n| machine | one locked add, ns | commit | date |\n|---|---|---|---|")
	for _, r := range all {
		cost := "not measured"
		if ns := r.median(lockedRow, "locked"); ns > 0 {
			cost = fixed(ns, 2)
		}
		p.line("| %s | %s | %s | %s |", r.host.kind(), cost, r.host.Commit, r.host.Date)
	}
}

// reach is a column for each machine.
func (p *page) reach(all []*record) {
	p.line("\n## Reach\n")
	p.line("A goal is a bound that the kit is meant to keep: on its ratio to a peer, or on the figure itself. *Open* means that the")
	p.line("run on that machine did not have the row.\n")
	head, rule := "| goal | bound |", "|---|---|"
	for _, r := range all {
		head, rule = head+" "+r.host.kind()+" |", rule+"---|"
	}
	p.line("%s\n%s", head, rule)
	for _, g := range goals() {
		row := fmt.Sprintf("| %s | %s |", g.what, g)
		for _, r := range all {
			v, state := g.state(r)
			if state == "missed" {
				state = "**missed**"
			}
			row += " " + strings.TrimSpace(v+" "+state) + " |"
		}
		p.line("%s", row)
	}
}

func (p *page) host(r *record) {
	h := r.host
	p.line("| | |\n|---|---|")
	for _, kv := range [][2]string{
		{"system", h.System}, {"Go", h.Go}, {"Rust", h.Rust + "; opt-level 3, lto fat, one codegen unit"}, {"peers", h.Peers}, {"commit", h.Commit},
		{"samples", fmt.Sprintf("%d of each side, taken alternately, the slowest side's about %s long; %d where a sample takes long, 5 of 10^7 tasks, 3 of memory", h.Pairs, h.Sample, fewest)},
		{"command", "`" + h.Command + "`"}, {"took", h.Took},
	} {
		p.line("| %s | %s |", kv[0], kv[1])
	}
}

const operationsHead = "| operation | rouse | instr. | limit | peer | peer's | instr. | ratio | undisturbed | what is compared |\n|---|---|---|---|---|---|---|---|---|---|"

func (p *page) operations(r *record) {
	p.line("\n### Operations\n\n%s", operationsHead)
	for _, o := range r.rows {
		if row, ok := find(o.name); ok && row.threads == 0 {
			p.operation(r, row, o)
		}
	}
}

func (p *page) operation(r *record, row row, o *outcome) {
	cell := func(f figure) string {
		s := fmt.Sprintf("%s ±%.0f%%", fixed(f.median, 1), f.spread)
		if times, ok := r.ofLimit(row, f.median); ok && f.impl != "locked" {
			s += " ×" + fixed(times, 2)
		}
		return s
	}
	count := func(f figure) string {
		if f.instructions == 0 {
			return "–"
		}
		return fmt.Sprint(f.instructions)
	}
	limit := ""
	if ns, rmws := r.limit(row); ns > 0 {
		limit = fmt.Sprintf("%s (%d)", fixed(ns, 1), rmws)
	}
	if len(o.sides) > 0 {
		ours := o.sides[0]
		kit := fmt.Sprintf("| %s | %s | %s | %s |", row.name, cell(ours), count(ours), limit)
		note := row.note
		if len(o.ratios) == 0 {
			p.line("%s | | | | | %s |", kit, note)
		}
		for _, q := range o.ratios {
			f := *o.side(q.peer)
			p.line("%s %s | %s | %s | %.2f (%.2f–%.2f) | %s | %s |", kit, q.peer, cell(f), count(f), q.median, q.q1, q.q3, q.fastest(), note)
			kit, note = "| | | | |", ""
		}
	}
	for _, l := range o.left {
		p.line("| %s | | | | not run: %s | | | | | |", row.name, l)
	}
}

// threads are the rows of contention, and whether the machine had the cores.
func (p *page) threads(r *record) {
	p.line("\n### Threads\n\nEach thread does as many operations as the others, and the time is that of one of them. The machine has %d cores.\n", r.host.Cores)
	p.line("| operation | threads | rouse | peer | peer's | ratio | what is compared |\n|---|---|---|---|---|---|---|")
	for _, o := range r.rows {
		row, ok := find(o.name)
		if !ok || row.threads == 0 || len(o.sides) == 0 {
			continue
		}
		name, _, _ := strings.Cut(row.name, "@")
		n := fmt.Sprint(row.threads)
		if row.threads > r.host.Cores {
			n += ", more than cores"
		}
		kit := fmt.Sprintf("| %s | %s | %s ±%.0f%% |", name, n, fixed(o.sides[0].median, 1), o.sides[0].spread)
		note := row.note
		for _, q := range o.ratios {
			f := o.side(q.peer)
			p.line("%s %s | %s ±%.0f%% | %.2f (%.2f–%.2f) | %s |", kit, q.peer, fixed(f.median, 1), f.spread, q.median, q.q1, q.q3, note)
			kit, note = "| | | |", ""
		}
	}
}

// lines are the simulation, which stands in where there are too few cores.
func (p *page) lines(r *record) {
	if len(r.lines) == 0 {
		p.line("\nThe simulation of cache lines was not run.")
		return
	}
	p.line("\n### A simulation of cache lines\n\nThis is no measurement: it stands in for machines with more cores. The threads run one step at a time, in an order drawn")
	p.line("by the interleaving explorer, and each atomic word counts as a cache line of its own ([bench/lines](lines)). RMWs are")
	p.line("those of one operation, failed attempts included; *transfers* is how often a line had to come from another thread's cache.")
	p.line("The explorer's build has one shard of OwnedTasks, and rings of four tasks.\n")
	p.line("| operation | threads | RMWs | on shared lines | transfers | failed attempts |\n|---|---|---|---|---|---|")
	for _, l := range r.lines {
		p.line("| %s | %d | %.2f | %.2f | %.2f | %.2f |", l.piece, l.threads, l.rmws, l.shared, l.transfers, l.failed)
	}
}

func (p *page) servers(r *record) {
	if len(r.servers) == 0 {
		p.line("\nThe RESP servers were not run (`-servers`, with redis-server and redis-benchmark installed).")
		return
	}
	p.line("\n### Servers\n\nThe RESP example, redcon (a goroutine for each connection) and redis-server, driven by")
	p.line("`redis-benchmark -t set,get -r 10000` on the same machine, which is the client's too; medians of rounds of all")
	p.line("three in turn. Idle connections are %d on top of %d, each served once.", idleConns, firstConns)
	p.line("\n| | rouse | peers |\n|---|---|---|")
	for _, s := range r.servers {
		var parts []string
		for _, f := range s.peers {
			parts = append(parts, fmt.Sprintf("%s %s (×%.2f)", f.name, fixed(f.value, digits(s.name)), s.ours/f.value))
		}
		p.line("| %s | %s | %s |", s.name, fixed(s.ours, digits(s.name)), strings.Join(parts, ", "))
	}
}
