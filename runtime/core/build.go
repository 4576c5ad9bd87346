package core

import "unsafe"

// Builder writes one string into the arena whose length is not known before.
// It starts with Scratch.Build and ends with Text.
//
// INVARIANT: between the two nothing else takes memory from the arena.
type Builder struct {
	f     *Frame
	start uint32
}

// Build starts a string.
func (s *Scratch) Build() Builder { return Builder{s.f, s.f.ArenaLen} }

// Room takes the next n bytes of the string; nil when the arena is full.
func (b *Builder) Room(n int) []byte {
	s := Scratch{f: b.f}
	return s.Room(n)
}

// String adds a string.
func (b *Builder) String(a string) {
	if a != "" {
		copy(b.Room(len(a)), a)
	}
}

// Byte adds a byte.
func (b *Builder) Byte(c byte) {
	if room := b.Room(1); room != nil {
		room[0] = c
	}
}

// Bytes adds bytes.
func (b *Builder) Bytes(a []byte) {
	if len(a) != 0 {
		copy(b.Room(len(a)), a)
	}
}

// Len is the length of the string so far; 0 when the arena is full.
func (b *Builder) Len() int {
	if b.f.ArenaLen > ArenaSize {
		return 0
	}
	return int(b.f.ArenaLen - b.start)
}

// Text is the string, which is "" when the arena was full.
func (b *Builder) Text() string {
	n := b.Len()
	if n == 0 {
		return ""
	}
	return unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(b.f.Arena), b.start)), n)
}

// Tail is what the string has from a place on: a view, gone with the next Cut.
func (b *Builder) Tail(from int) string {
	if t := b.Text(); from < len(t) {
		return t[from:]
	}
	return ""
}

// Cut takes the bytes between two places out of the string.
func (b *Builder) Cut(from, to int) {
	n := b.Len()
	if from >= to || to > n {
		return
	}
	all := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(b.f.Arena), b.start)), n)
	copy(all[from:], all[to:])
	b.f.ArenaLen -= uint32(to - from)
}

// Drop gives the string's memory back. No string that Text has returned may be
// used after it. A full arena stays full.
func (b *Builder) Drop() {
	if b.f.ArenaLen <= ArenaSize {
		b.f.ArenaLen = b.start
	}
}
