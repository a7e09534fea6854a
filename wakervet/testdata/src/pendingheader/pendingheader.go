// Package pendingheader has a task whose owner wakes it without a waker: its poll
// needs no Context.
package pendingheader

import "github.com/rouse-go/rouse"

type mailbox struct {
	rouse.Header
	letters []int
	closed  bool
}

func (m *mailbox) post(n int) {
	m.letters = append(m.letters, n)
	m.Wake()
}

func (m *mailbox) poll(rouse.Context) bool {
	if m.closed {
		return true
	}
	m.letters = nil
	return false
}

var vtable = rouse.NewVtable(rouse.Ops[mailbox]{Poll: (*mailbox).poll})
