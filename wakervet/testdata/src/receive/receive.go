// Package receive has the ways that README.md names to take a waker out of a channel,
// so that go vet accepts them.
package receive

import "github.com/rouse-go/rouse"

// receive returns what ch gives away: copylocks does not look into a type parameter.
func receive[T any](ch <-chan T) T { return <-ch }

func one(ch chan rouse.Waker) {
	w := receive(ch)
	w.Wake()
}

func chosen(ch chan *rouse.Waker, stop chan int) {
	select {
	case w := <-ch:
		w.Wake()
	case <-stop:
	}
}

func alarm(ch chan rouse.Waker) {
	w := <-ch // want `assignment copies lock value to w`
	w.Wake()
}
