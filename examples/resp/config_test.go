package resp

import (
	"math"
	"testing"
)

func TestConfigLimits(t *testing.T) {
	for _, tt := range []struct {
		lim Limits
		ok  bool
	}{
		{Limits{}, true},
		{Limits{MaxBulk: -1}, false},
		{Limits{MaxBulk: 10, OutSoft: 5, OutHard: 16}, true},
		{Limits{MaxBulk: 10, OutSoft: 5, OutHard: 15}, false},
		{Limits{MaxBulk: math.MaxInt}, false},
		{Limits{OutSoft: math.MaxInt}, false},
		{Limits{OutHard: 100 << 20, MaxMemory: 100 << 20}, true},
		{Limits{OutHard: 100 << 20, MaxMemory: 100<<20 - 1}, false},
		{Limits{MaxBulk: math.MaxInt, OutSoft: math.MaxInt, OutHard: math.MaxInt}, false},
	} {
		if _, err := (Config{Limits: tt.lim}).withDefaults(); (err == nil) != tt.ok {
			t.Errorf("%+v: %v", tt.lim, err)
		}
	}
}
