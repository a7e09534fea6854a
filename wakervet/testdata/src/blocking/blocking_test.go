package blocking

import "github.com/rouse-go/rouse"

// held is a poll that a test holds up.
type held struct{ gate chan int }

func (h held) Poll(cx rouse.Context) (int, bool) { return <-h.gate, true }
