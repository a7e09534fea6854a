package rouse_test

import "fmt"

// An AbortHandle of a connection is for those who may end it and do not own it.
// It may outlive the connection, whose memory is then not recycled.
func ExampleHeader_AbortHandle() {
	var l Loop
	c := &Conn{loop: &l, name: "c"}
	connVtable.Init(c)
	kick := c.AbortHandle()

	l.turn(map[*Conn]string{c: "hello"})
	fmt.Println(kick.Abort(), kick.IsFinished())
	l.turn(nil)
	fmt.Println(kick.Abort(), kick.IsFinished())
	c.Disown()
	// Output:
	// c said hello
	// true false
	// c aborted
	// false true
	// c released
}
