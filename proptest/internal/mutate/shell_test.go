package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// shell makes a program of a script.
func shell(t *testing.T, script string) string {
	if runtime.GOOS == "windows" {
		t.Fatal("the tool needs a Unix shell")
	}
	path := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}
