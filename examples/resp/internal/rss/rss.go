// Package rss reads how much memory this process occupies.
package rss

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Bytes returns the process's resident memory where the system tells (Linux),
// else what the Go runtime has obtained and not returned.
func Bytes() int64 {
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(status)) {
			if v, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(v), " kB"), 10, 64)
				if err == nil {
					return kb << 10
				}
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}
