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
	over bool // messages were lost: the mailbox had reached its limit
}

// keptMail is how large an empty mailbox may stay.
const keptMail = 4 << 10

// subSize is what a subscription counts for: the name, and what stands for the
// entries in the subscriber's map and the hub's, and for the channel's own map.
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

func (s *subscriber) has(name string) bool {
	_, ok := s.channels.m[name]
	return ok
}

// publish delivers msg, an encoded push, to the channel's subscribers, and
// returns how many there are.
func (h *hub) publish(name, msg []byte, limit int) int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	ch := h.channels.m[string(name)]
	if ch == nil {
		return 0
	}
	for s := range ch.m {
		s.post(msg, limit)
	}
	return ch.len()
}

func (s *subscriber) post(msg []byte, limit int) {
	s.mu.Lock()
	first := len(s.mail) == 0
	if len(s.mail)+len(msg) > limit {
		s.over, first = true, true
	} else {
		s.mail = append(s.mail, msg...)
	}
	s.mu.Unlock()
	if first {
		s.waker.WakeByRef()
	}
}

// take appends the mail to out if there is room for it, and reports whether any
// was lost.
func (s *subscriber) take(out []byte, room bool) (_ []byte, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if room {
		out = append(out, s.mail...)
		if s.mail = s.mail[:0]; cap(s.mail) > keptMail {
			s.mail = nil
		}
	}
	return out, s.over
}

func (h *hub) count() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.channels.len()
}
