package resp

import (
	"sync"

	"github.com/rouse-go/rouse"
)

// A hub carries published messages to the connections that subscribed,
// whichever loop they are on.
type hub struct {
	mu       sync.RWMutex
	channels table[string, *channel]
}

// A channel is its subscribers.
type channel struct{ table[*subscriber, struct{}] }

// A subscriber is a connection's mailbox, there from its first subscription to
// its last. Publishers append to it, with hub.mu held for reading, and wake the
// task when it had been empty; so whoever holds hub.mu for writing, and has
// taken the subscriber out of every channel, may drop the waker.
type subscriber struct {
	waker    rouse.Waker
	channels table[string, struct{}] // its task's own, as is size
	size     int                     // of channels, as Limits.MaxSubs counts it

	mu   sync.Mutex
	mail []byte
	push bool // messages are pushes of RESP3
	over bool // messages were lost: the mailbox had reached its limit, or is closed
}

// keptMail is how large an empty mailbox may stay.
const keptMail = 4 << 10

// subSize is what a subscription counts for: the name, and what stands for the
// entries in the subscriber's table and the hub's, and for the channel's own.
func subSize(name int) int { return name + 512 }

func (h *hub) subscribe(s *subscriber, name string) {
	if s.has(name) {
		return
	}
	s.channels.set(name, struct{}{})
	s.size += subSize(len(name))
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := h.channels.m[name]
	if ch == nil {
		ch = new(channel)
		h.channels.set(name, ch)
	}
	ch.set(s, struct{}{})
}

func (h *hub) unsubscribe(s *subscriber, name string) {
	if !s.has(name) {
		return
	}
	s.channels.delete(name)
	s.size -= subSize(len(name))
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := h.channels.m[name]
	if ch.delete(s); ch.len() == 0 {
		h.channels.delete(name)
	}
}

// publish delivers msg, an encoded array, to the channel's subscribers, and
// returns how many there are. hold learns of what the mailboxes grow by, after
// each, so that the bound on them is kept however many there are.
func (h *hub) publish(name, msg []byte, limit int, hold func(int64)) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	ch := h.channels.m[string(name)]
	if ch == nil {
		return 0
	}
	for s := range ch.m {
		hold(s.post(msg, limit))
	}
	return ch.len()
}

func (h *hub) count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.channels.len()
}

func (s *subscriber) has(name string) bool {
	_, ok := s.channels.m[name]
	return ok
}

// post appends msg to the mail, and returns what the mailbox has grown by.
func (s *subscriber) post(msg []byte, limit int) (grown int64) {
	s.mu.Lock()
	first := len(s.mail) == 0
	if s.over || len(s.mail)+len(msg) > limit {
		first = !s.over
		s.over = true
	} else {
		before := cap(s.mail)
		start := len(s.mail)
		if s.mail = append(s.mail, msg...); s.push {
			s.mail[start] = '>'
		}
		grown = int64(cap(s.mail) - before)
	}
	s.mu.Unlock()
	if first {
		s.waker.WakeByRef()
	}
	return grown
}

// take appends the mail to out if there is room for it, and reports whether any
// was lost, and what the mailbox has shrunk by.
func (s *subscriber) take(out []byte, room bool) (_ []byte, over bool, shrunk int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if room {
		out = append(out, s.mail...)
		if s.mail = s.mail[:0]; cap(s.mail) > keptMail {
			shrunk, s.mail = int64(cap(s.mail)), nil
		}
	}
	return out, s.over, shrunk
}

// close empties the mailbox for good, and returns what it held.
func (s *subscriber) close() (held int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	held, s.mail, s.over = int64(cap(s.mail)), nil, true
	return held
}

func (s *subscriber) held() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return int64(cap(s.mail))
}

// speak has messages written as pushes of RESP3, or not.
func (s *subscriber) speak(resp3 bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.push = resp3
}
