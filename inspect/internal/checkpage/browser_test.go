package main

import (
	"strings"
	"testing"
)

// Who has no Chromium is told what is missing, and how to name another.
func TestNoBrowser(t *testing.T) {
	t.Setenv("CHROMIUM", t.TempDir()+"/none")
	err := check(t.TempDir(), "")
	if err == nil || !strings.Contains(err.Error(), "no Chromium") || !strings.Contains(err.Error(), "CHROMIUM") {
		t.Error(err)
	}
}
