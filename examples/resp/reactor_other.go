//go:build !linux

package resp

func newReactor(l *loop, _ bool) (reactor, error) { return newNetReactor(l), nil }

func closeFD(int) {}
