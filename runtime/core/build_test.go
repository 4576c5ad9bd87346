package core

import (
	"strings"
	"testing"
)

func TestBuilder(t *testing.T) {
	arena := new([ArenaSize]byte)
	s := NewScratch(&Frame{Arena: &arena[0]})
	first := s.Copy("first")
	b := s.Build()
	if b.Text() != "" || b.Len() != 0 {
		t.Error("not empty")
	}
	b.String("a")
	b.String("")
	b.Byte('b')
	b.Bytes([]byte("cd"))
	copy(b.Room(2), "ef")
	if b.Text() != "abcdef" || b.Len() != 6 || s.Copy("x") != "x" || first != "first" {
		t.Errorf("%q of %d, after %q", b.Text(), b.Len(), first)
	}
	b = s.Build()
	b.String("abcdef")
	b.Cut(1, 3)
	b.Cut(3, 9)
	if b.Text() != "adef" || b.Tail(2) != "ef" || b.Tail(4) != "" || b.Tail(5) != "" {
		t.Errorf("%q ends with %q", b.Text(), b.Tail(2))
	}
	before := s.f.ArenaLen
	b = s.Build()
	b.String("gone")
	b.Drop()
	if s.f.ArenaLen != before {
		t.Error("dropped bytes are still taken")
	}
}

func TestBuilderOfAFullArena(t *testing.T) {
	arena := new([ArenaSize]byte)
	s := NewScratch(&Frame{Arena: &arena[0]})
	b := s.Build()
	b.String(strings.Repeat("a", ArenaSize))
	if b.Len() != ArenaSize || len(b.Text()) != ArenaSize {
		t.Error("the arena holds less than its size")
	}
	b.Byte('b')
	b.String("c")
	b.Bytes([]byte("d"))
	b.Drop()
	if b.Text() != "" || s.f.ArenaLen <= ArenaSize || s.Room(1) != nil {
		t.Errorf("%d bytes, %d taken", b.Len(), s.f.ArenaLen)
	}
}
