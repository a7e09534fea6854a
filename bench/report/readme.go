package main

import (
	"fmt"
	"strings"

	"github.com/rouse-go/rouse/bench"
)

// The table of costs in the README stands between these.
const (
	tableStart = "<!-- costs: made by bench/report from bench/results, not edited by hand -->\n"
	tableEnd   = "<!-- /costs -->\n"
)

// A costRow is a row of the README's table: one operation, beside some peers.
type costRow struct {
	what   string
	row    string
	allocs string
	peers  []string
}

// costRows are the first rows of the table. What they allocate is asserted by
// the tests of the kit, as are the RMWs.
var costRows = []costRow{
	{"clone and drop a waker", "clone-drop", "0", []string{"tokio", "async-task"}},
	{"the same, of an uncounted task", "clone-drop uncounted", "0", []string{"tokio"}},
	{"wake a task that is notified", "wake-notified", "0", []string{"tokio", "async-task"}},
	{"wake an idle task", "wake-idle (kit's queue)", "0", []string{"tokio", "async-task"}},
	{"clone, and wake by value", "clone-wake-running", "0", []string{"tokio", "async-task"}},
	{"a task wakes itself, and is polled again", "self-wake (kit's queue)", "0", []string{"tokio", "async-task"}},
	{"wake → run → idle", "wake-run-idle (kit's queue)", "0", []string{"tokio", "async-task"}},
	{"two tasks wake each other, round trip", "ping-pong (kit's queue)", "0", []string{"tokio", "async-task", "goroutines"}},
	{"spawn, run, complete, from a pool", "spawn-detached pooled (kit's queue)", "0", []string{"tokio", "async-task", "goroutine"}},
	{"spawn and join, from a pool", "spawn-join pooled (kit's queue)", "0", []string{"tokio", "async-task", "goroutine"}},
}

// costsTable is the table, of one machine. A row that it did not run is there
// without times.
func costsTable(r *record) string {
	p := &page{}
	locked := ""
	if ns := r.median(lockedRow, "locked"); ns > 0 {
		locked = fmt.Sprintf(", where one locked add takes %s ns", fixed(ns, 1))
	}
	var versions []string
	for _, v := range strings.Split(r.host.Peers, ", ") {
		if name, _, _ := strings.Cut(v, " "); name == "tokio" || name == "async-task" {
			versions = append(versions, v)
		}
	}
	p.line("Medians of one run on %s%s, with %s, %s.\n", r.host.kind(), locked, r.host.Go, strings.Join(versions, " and "))
	p.line("| operation | RMWs | allocations | ns | of the limit | beside, in the same run |\n| --- | --- | --- | --- | --- | --- |")
	for _, c := range costRows {
		row, _ := find(c.row)
		ours, _ := r.ours(c.row)
		times := "–"
		if v, ok := r.ofLimit(row, ours.median); ok && ours.median > 0 {
			times = fixed(v, 2) + " ×"
		}
		var beside []string
		for _, peer := range c.peers {
			if q, ok := r.against(c.row, peer); ok {
				beside = append(beside, fixed(q.median, 2)+" × "+peer)
			}
		}
		p.line("| %s | %d | %s | %s | %s | %s |", c.what, bench.Limits()[row.ours], c.allocs, orDash(ours.median), times, strings.Join(beside, ", "))
	}
	task, own := r.median("idle-bytes", "rouse"), r.median("idle-bytes header", "rouse-header")
	if goroutine := r.median("idle-bytes", "goroutine"); task > 0 && own > 0 && goroutine > 0 {
		p.line("| an idle task in memory: spawned; in your own struct | | 1; 0 | %.0f bytes; %.0f bytes | | 1/%.0f and 1/%.0f of a goroutine |", task, own, goroutine/task, goroutine/own)
	}
	for _, s := range r.servers {
		if s.name != loadRow("ops/s", 500, 1) {
			continue
		}
		var beside []string
		for _, f := range s.peers {
			beside = append(beside, fmt.Sprintf("%s × %s's throughput", fixed(s.ours/f.value, 2), f.name))
		}
		p.line("| [RESP server](examples/resp), 500 connections | | | | | %s |", strings.Join(beside, ", "))
	}
	return p.String()
}

func orDash(v float64) string {
	if v == 0 {
		return "–"
	}
	return fixed(v, 1)
}

// withTable puts the table between the markers of a page.
func withTable(page, table string) (string, error) {
	head, rest, ok1 := strings.Cut(page, tableStart)
	_, tail, ok2 := strings.Cut(rest, tableEnd)
	if !ok1 || !ok2 {
		return "", fmt.Errorf("the lines %q and %q are not there", strings.TrimSpace(tableStart), strings.TrimSpace(tableEnd))
	}
	return head + tableStart + table + tableEnd + tail, nil
}
