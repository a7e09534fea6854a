package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

func (r *result) rate() float64 { return float64(r.ops) / r.elapsed.Seconds() }

func (r *result) line() string {
	return fmt.Sprintf("%.0f ops/s, p50 %s, p99 %s so far", r.rate(), millis(r.latency.quantile(0.5)), millis(r.latency.quantile(0.99)))
}

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// report prints the table.
func report(out io.Writer, cfg config, both []*contender) {
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "server\tconnections\tops/s\tp50\tp99\tbytes per idle connection\t")
	for _, c := range both {
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%s\t%s\t%d\t\n", c.name, cfg.conns, c.load.rate(),
			millis(c.load.latency.quantile(0.5)), millis(c.load.latency.quantile(0.99)), c.idle.bytes)
	}
	task, twin := both[0], both[1]
	fmt.Fprintf(w, "ratio\t\t%.2f\t\t\t1/%.0f\t\n", task.load.rate()/twin.load.rate(), float64(twin.idle.bytes)/float64(max(task.idle.bytes, 1)))
	w.Flush()
	fmt.Fprintf(out, "\nload: go-redis, each connection one request at a time (SET, GET, INCR, PING in turn), %d rounds a server, in turns\n", rounds)
	fmt.Fprintf(out, "memory: growth of the server's resident memory by %d connections that were served once, after garbage collection, over their number\n\n", task.idle.conns)
}
