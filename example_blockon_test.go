package rouse_test

import (
	"context"
	"fmt"
	"time"

	"github.com/rouse-go/rouse"
)

// A goroutine waits for a future as long as its context lasts.
func ExampleBlockOn() {
	ev := new(Event)
	go ev.Set()
	_, err := rouse.BlockOn(context.Background(), ev)
	fmt.Println("set:", err == nil)

	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	_, err = rouse.BlockOn(ctx, new(Event)) // nobody sets it
	fmt.Println(err)
	// Output:
	// set: true
	// context deadline exceeded
}
