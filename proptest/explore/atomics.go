package explore

import (
	"strconv"
	"unsafe"
)

// The other atomics of sync/atomic, as far as schedulers use them, on top of the word.

// Int64 is an atomic int64.
type Int64 struct{ w Uint64 }

func (i *Int64) Load() int64           { return int64(i.w.as(formatInt).Load()) }
func (i *Int64) Store(v int64)         { i.w.as(formatInt).Store(uint64(v)) }
func (i *Int64) Add(delta int64) int64 { return int64(i.w.as(formatInt).Add(uint64(delta))) }
func (i *Int64) Swap(v int64) int64    { return int64(i.w.as(formatInt).Swap(uint64(v))) }
func (i *Int64) CompareAndSwap(old, v int64) bool {
	return i.w.as(formatInt).CompareAndSwap(uint64(old), uint64(v))
}

// Int32 is an atomic int32.
type Int32 struct{ w Uint64 }

func (i *Int32) Load() int32        { return int32(i.w.as(formatInt).Load()) }
func (i *Int32) Store(v int32)      { i.w.as(formatInt).Store(uint64(v)) }
func (i *Int32) Swap(v int32) int32 { return int32(i.w.as(formatInt).Swap(uint64(v))) }
func (i *Int32) CompareAndSwap(old, v int32) bool {
	return i.w.as(formatInt).CompareAndSwap(uint64(old), uint64(v))
}

// Add adds delta and returns the new value.
func (i *Int32) Add(delta int32) int32 {
	return int32(i.w.as(formatInt).modify(opAdd, uint64(delta), func(v uint64) uint64 { return uint64(int32(v) + delta) }))
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

func (b *Bool) Load() bool       { return b.w.as(formatBool).Load() != 0 }
func (b *Bool) Store(v bool)     { b.w.as(formatBool).Store(bit(v)) }
func (b *Bool) Swap(v bool) bool { return b.w.as(formatBool).Swap(bit(v)) != 0 }
func (b *Bool) CompareAndSwap(old, v bool) bool {
	return b.w.as(formatBool).CompareAndSwap(bit(old), bit(v))
}

// as says how the word is printed, if this is the execution that is.
func (u *Uint64) as(format func(uint64) string) *Uint64 {
	if e := active.Load(); e != nil && e.trace != nil && e.mode == exploring {
		e.touch(e.cur, unsafe.Pointer(u), kindWord).format = format
	}
	return u
}

func formatInt(v uint64) string  { return strconv.FormatInt(int64(v), 10) }
func formatBool(v uint64) string { return strconv.FormatBool(v != 0) }

func bit(v bool) uint64 {
	if v {
		return 1
	}
	return 0
}
