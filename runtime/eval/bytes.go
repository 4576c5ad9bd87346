package eval

import (
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// Bytes is CEL's bytes. It is a string to Go, because it never changes: two
// are compared, and one becomes a string, without a copy.
type Bytes string

// BytesToString is string(bytes).
func BytesToString(b Bytes) (string, Err) {
	if !utf8.ValidString(string(b)) {
		return "", BadConversion
	}
	return string(b), None
}

// StringToBytes is bytes(string).
func StringToBytes(s string) Bytes { return Bytes(s) }

// AddBytes is bytes + bytes.
func AddBytes(s *core.Scratch, a, b Bytes) Bytes {
	return Bytes(s.Concat2(string(a), string(b)))
}

// SizeBytes is the number of bytes.
func SizeBytes(b Bytes) int64 { return int64(len(b)) }

// keep copies what was written elsewhere into the frame's memory.
func keep(s *core.Scratch, b []byte) string {
	room := s.Room(len(b))
	if room == nil {
		return ""
	}
	copy(room, b)
	return s.Text(room)
}
