//go:build unix && !solaris && !aix

package main

import (
	"os"
	"syscall"
)

// lock waits until no other run uses the copy of the module. The system takes
// the lock back when the process ends.
func lock(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
}
