package eval

import (
	"encoding/base64"

	"moec.dev/moec/runtime/core"
)

// Base64Encode is base64.encode(bytes), with padding.
func Base64Encode(s *core.Scratch, b Bytes) string { return encode64(s, base64.StdEncoding, b) }

// Base64EncodeURL is base64.encodeUrl(bytes), with padding.
func Base64EncodeURL(s *core.Scratch, b Bytes) string { return encode64(s, base64.URLEncoding, b) }

// Base64Decode is base64.decode(string), with or without padding.
func Base64Decode(s *core.Scratch, a string) (Bytes, Err) {
	return decode64(s, base64.StdEncoding, base64.RawStdEncoding, a)
}

// Base64DecodeURL is base64.decodeUrl(string), with or without padding.
func Base64DecodeURL(s *core.Scratch, a string) (Bytes, Err) {
	return decode64(s, base64.URLEncoding, base64.RawURLEncoding, a)
}

func encode64(s *core.Scratch, e *base64.Encoding, b Bytes) string {
	out := s.Room(e.EncodedLen(len(b)))
	if out == nil {
		return ""
	}
	// Three bytes are four letters: a piece a time, so that no copy of b is made.
	var piece [48]byte
	for at := 0; len(b) > 0; at += 64 {
		n := copy(piece[:], b)
		e.Encode(out[at:], piece[:n])
		b = b[n:]
	}
	return s.Text(out)
}

func decode64(s *core.Scratch, padded, raw *base64.Encoding, a string) (Bytes, Err) {
	text := s.Build()
	in := text.Room(len(a))
	if in == nil {
		return "", None
	}
	copy(in, a)
	// Decoding in place: what is written never overtakes what is read.
	n, err := padded.Decode(in, in)
	if err != nil {
		copy(in, a)
		n, err = raw.Decode(in, in)
	}
	if err != nil {
		text.Drop()
		return "", BadConversion
	}
	return Bytes(s.Text(in[:n])), None
}
