package rouse

import "testing"

func TestPiecesAligned(t *testing.T) {
	aligned[Parker](t)
	aligned[Waiter](t)
	aligned[WaitQueue](t)
	aligned[Semaphore](t)
	aligned[StealQueue](t)
	aligned[SharedQueue](t)
}
