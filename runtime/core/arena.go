package core

import (
	"strconv"
	"time"
	"unsafe"
)

// Scratch is the memory in which one hook builds its strings: the arena of one
// frame. What is built here lives as long as the hook's call and must not be
// kept beyond it. When the arena is full the string is "" and the frame is
// marked; Decide then denies the request, so that nothing is ever decided on
// text that was cut off.
type Scratch struct {
	f     *Frame
	built uint32 // elements of lists and maps so far
}

// NewScratch is the memory of a frame.
func NewScratch(f *Frame) Scratch { return Scratch{f: f} }

// INVARIANT: ArenaLen > ArenaSize means that the arena has overflowed.
const arenaOverflow = ArenaSize + 1

// room takes n bytes from the arena, or nil.
func (s *Scratch) Room(n int) []byte {
	f := s.f
	if f.ArenaLen > ArenaSize || n > int(ArenaSize-f.ArenaLen) {
		f.ArenaLen = arenaOverflow
		return nil
	}
	b := unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(f.Arena), f.ArenaLen)), n)
	f.ArenaLen += uint32(n)
	return b
}

// Text is the string of bytes that Room has given: no copy, so that they must
// not be written to any more.
func (s *Scratch) Text(b []byte) string { return text(b) }

// Elements counts elements of a list or a map that is about to be built, which
// lie on the Go heap. It returns false when a hook has built MaxElements: then
// nothing must be built, and the frame is marked as one whose arena is full.
func (s *Scratch) Elements(n int) bool {
	if n > MaxElements-int(s.built) {
		s.built = MaxElements
		s.f.ArenaLen = arenaOverflow
		return false
	}
	s.built += uint32(n)
	return true
}

func text(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// Copy returns s in the arena.
func (s *Scratch) Copy(a string) string {
	if a == "" {
		return ""
	}
	b := s.Room(len(a))
	copy(b, a)
	return text(b)
}

// Concat2 joins two strings. The result is one of them when the other is empty.
func (s *Scratch) Concat2(a, b string) string {
	if a == "" {
		return b
	}
	if b == "" {
		return a
	}
	out := s.Room(len(a) + len(b))
	if out == nil {
		return ""
	}
	copy(out[copy(out, a):], b)
	return text(out)
}

// Concat3 joins three strings.
func (s *Scratch) Concat3(a, b, c string) string {
	out := s.Room(len(a) + len(b) + len(c))
	if out == nil {
		return ""
	}
	n := copy(out, a)
	n += copy(out[n:], b)
	copy(out[n:], c)
	return text(out)
}

// Concat joins strings.
func (s *Scratch) Concat(parts ...string) string {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	out := s.Room(n)
	if out == nil {
		return ""
	}
	n = 0
	for _, p := range parts {
		n += copy(out[n:], p)
	}
	return text(out)
}

// FormatInt is CEL's string(int).
func (s *Scratch) FormatInt(v int64) string {
	var b [24]byte
	return s.Copy(text(strconv.AppendInt(b[:0], v, 10)))
}

// FormatUint is CEL's string(uint).
func (s *Scratch) FormatUint(v uint64) string {
	var b [24]byte
	return s.Copy(text(strconv.AppendUint(b[:0], v, 10)))
}

// FormatDouble is CEL's string(double).
func (s *Scratch) FormatDouble(v float64) string {
	var b [40]byte
	return s.Copy(text(strconv.AppendFloat(b[:0], v, 'g', -1, 64)))
}

// FormatBool is CEL's string(bool).
func (s *Scratch) FormatBool(v bool) string {
	if v {
		return "true"
	}
	return "false"
}

// FormatDuration is CEL's string(duration): seconds and an s.
func (s *Scratch) FormatDuration(v time.Duration) string {
	var b [48]byte
	return s.Copy(text(append(strconv.AppendFloat(b[:0], v.Seconds(), 'f', -1, 64), 's')))
}

// FormatTime is CEL's string(timestamp).
func (s *Scratch) FormatTime(v time.Time) string {
	var b [48]byte
	return s.Copy(text(v.AppendFormat(b[:0], time.RFC3339Nano)))
}

// ref makes a Ref of a string that lies in the arena or is a constant.
func ref(s string) Ref {
	if s == "" {
		return Ref{}
	}
	return Ref{P: uintptr(unsafe.Pointer(unsafe.StringData(s))), N: uintptr(len(s))}
}

// view is the string of a Ref that this package has made.
func (r Ref) view() string {
	if r.N == 0 {
		return ""
	}
	return Bytes{P: *(*unsafe.Pointer)(unsafe.Pointer(&r.P)), N: r.N}.String()
}

// kept returns s itself if it lies in the arena, and otherwise a copy there.
// Borrowed memory may be gone before an action that refers to it is carried out.
func (s *Scratch) kept(v string) string {
	if v == "" {
		return ""
	}
	at := uintptr(unsafe.Pointer(unsafe.StringData(v)))
	start := uintptr(unsafe.Pointer(s.f.Arena))
	if at >= start && at < start+ArenaSize {
		return v
	}
	return s.Copy(v)
}

// INVARIANT: NActions > MaxActions means that a decision had too many.
const actionOverflow = MaxActions + 1

// push adds an action; key and value are in the arena or constant.
func (s *Scratch) push(op Op, key, value string) {
	f := s.f
	if f.NActions >= MaxActions {
		f.NActions = actionOverflow
		return
	}
	// Field by field: a literal would be built on the stack first and copied.
	a := &f.Actions[f.NActions]
	a.Op = op
	a.Key.P, a.Key.N = uintptr(unsafe.Pointer(unsafe.StringData(key))), uintptr(len(key))
	a.Value.P, a.Value.N = uintptr(unsafe.Pointer(unsafe.StringData(value))), uintptr(len(value))
	if value == "" {
		a.Value.P = 0
	}
	f.NActions++
}

// trimmed takes the blanks off both ends of a value: RFC 9110 section 5.5 has
// them outside of it, and HTTP/2 peers refuse them.
func trimmed(value string) string {
	for len(value) > 0 && (value[0] == ' ' || value[0] == '\t') {
		value = value[1:]
	}
	for len(value) > 0 && (value[len(value)-1] == ' ' || value[len(value)-1] == '\t') {
		value = value[:len(value)-1]
	}
	return value
}

// writable reports whether a value can stand in a header.
func writable(value string) bool {
	for i := 0; i < len(value); i++ {
		if c := value[i]; c == '\r' || c == '\n' || c == 0 {
			return false
		}
	}
	return true
}
