package explore

// The other atomics of sync/atomic, as far as schedulers use them, on top of the word.

// Int64 is an atomic int64.
type Int64 struct{ w Uint64 }

func (i *Int64) Load() int64           { return int64(i.w.Load()) }
func (i *Int64) Store(v int64)         { i.w.Store(uint64(v)) }
func (i *Int64) Add(delta int64) int64 { return int64(i.w.Add(uint64(delta))) }
func (i *Int64) Swap(v int64) int64    { return int64(i.w.Swap(uint64(v))) }
func (i *Int64) CompareAndSwap(old, v int64) bool {
	return i.w.CompareAndSwap(uint64(old), uint64(v))
}

// Int32 is an atomic int32.
type Int32 struct{ w Uint64 }

func (i *Int32) Load() int32        { return int32(i.w.Load()) }
func (i *Int32) Store(v int32)      { i.w.Store(uint64(v)) }
func (i *Int32) Swap(v int32) int32 { return int32(i.w.Swap(uint64(v))) }
func (i *Int32) CompareAndSwap(old, v int32) bool {
	return i.w.CompareAndSwap(uint64(old), uint64(v))
}

// Add adds delta and returns the new value.
func (i *Int32) Add(delta int32) int32 {
	return int32(i.w.modify(opAdd, uint64(delta), func(v uint64) uint64 { return uint64(int32(v) + delta) }))
}

// Uint32 is an atomic uint32.
type Uint32 struct{ w Uint64 }

func (u *Uint32) Load() uint32         { return uint32(u.w.Load()) }
func (u *Uint32) Store(v uint32)       { u.w.Store(uint64(v)) }
func (u *Uint32) Swap(v uint32) uint32 { return uint32(u.w.Swap(uint64(v))) }
func (u *Uint32) CompareAndSwap(old, v uint32) bool {
	return u.w.CompareAndSwap(uint64(old), uint64(v))
}

// Add adds delta and returns the new value.
func (u *Uint32) Add(delta uint32) uint32 {
	return uint32(u.w.modify(opAdd, uint64(delta), func(v uint64) uint64 { return uint64(uint32(v) + delta) }))
}

// Or sets the bits of mask and returns the old value.
func (u *Uint32) Or(mask uint32) uint32 { return uint32(u.w.Or(uint64(mask))) }

// And clears the bits outside mask and returns the old value.
func (u *Uint32) And(mask uint32) uint32 { return uint32(u.w.And(uint64(mask))) }

// Bool is an atomic bool.
type Bool struct{ w Uint64 }

func (b *Bool) Load() bool       { return b.w.Load() != 0 }
func (b *Bool) Store(v bool)     { b.w.Store(bit(v)) }
func (b *Bool) Swap(v bool) bool { return b.w.Swap(bit(v)) != 0 }
func (b *Bool) CompareAndSwap(old, v bool) bool {
	return b.w.CompareAndSwap(bit(old), bit(v))
}

func bit(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}
