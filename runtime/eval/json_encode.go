package eval

import (
	"encoding/base64"
	"math"
	"strconv"
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// EncodeJSON is json.encode(v), built in the frame's memory. It does as cel-go
// does, whose text is not JSON in all cases: a short string is quoted as Go
// quotes it, so that control characters beyond ASCII's first 32 and bytes that
// are no UTF-8 come out with Go's escapes. Ints and uints that a double cannot
// hold exactly become strings, bytes become base64. Entries keep their order.
//
// NaN, infinities, types, addresses and an optional without a value fail.
func EncodeJSON(s *core.Scratch, v Value) (string, Err) {
	e := encoder{Builder: s.Build()}
	if err := e.value(v); err != None {
		e.Drop()
		return "", err
	}
	return e.Text(), None
}

type encoder struct {
	core.Builder
	// strict is how an optional's value is encoded: by protobuf's rules, where
	// text must be UTF-8 and keys must be strings.
	strict bool
}

func (e *encoder) value(v Value) Err {
	switch v.kind {
	case ListKind:
		return e.list(v.composite.list)
	case MapKind:
		return e.entries(v.composite.entries)
	case StringKind:
		if e.strict {
			return e.strictText(v.text)
		}
		e.text(v.text)
		return None
	case OptionalKind:
		if len(v.composite.list) == 0 {
			return NoValue
		}
		outer := e.strict
		e.strict = true
		err := e.value(v.composite.list[0])
		e.strict = outer
		return err
	case BytesKind:
		e.base64(v.text)
		return None
	}
	return e.scalar(v, `"`)
}

// scalar writes numbers, times and names; quote is put around those that are
// not written bare.
func (e *encoder) scalar(v Value, quote string) Err {
	var b [48]byte
	const safe = 1<<53 - 1 // the greatest integer that JSON's readers agree on
	text, quoted := b[:0], false
	switch v.kind {
	case NullKind:
		text = append(text, "null"...)
	case BoolKind:
		text = strconv.AppendBool(text, v.bool())
	case IntKind:
		text, quoted = strconv.AppendInt(text, v.int(), 10), v.int() > safe || v.int() < -safe
	case UintKind:
		text, quoted = strconv.AppendUint(text, v.high, 10), v.high > safe
	case DoubleKind:
		if d := v.double(); math.IsNaN(d) || math.IsInf(d, 0) {
			return BadConversion
		}
		text = appendDouble(text, v.double())
	case DurationKind:
		d, _ := AsDuration(v)
		text, quoted = append(strconv.AppendFloat(text, d.Seconds(), 'f', -1, 64), 's'), true
	case TimestampKind:
		text, quoted = v.time().AppendFormat(text, "2006-01-02T15:04:05.999999999Z07:00"), true
	default:
		return NoOverload
	}
	if quoted {
		e.String(quote)
	}
	e.Bytes(text)
	if quoted {
		e.String(quote)
	}
	return None
}

// appendDouble writes a number as JavaScript does.
func appendDouble(b []byte, d float64) []byte {
	format := byte('f')
	if abs := math.Abs(d); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, d, format, -1, 64)
	// e-09 is written e-9.
	if n := len(b); format == 'e' && n >= 4 && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

func (e *encoder) list(l []Value) Err {
	e.Byte('[')
	for i := range l {
		if i > 0 {
			e.Byte(',')
		}
		if err := e.value(l[i]); err != None {
			return err
		}
	}
	e.Byte(']')
	return None
}

func (e *encoder) entries(m *Map[Value, Value]) Err {
	e.Byte('{')
	for i := range m.Keys {
		if i > 0 {
			e.Byte(',')
		}
		if err := e.key(m.Keys[i]); err != None {
			return err
		}
		e.Byte(':')
		if err := e.value(m.Values[i]); err != None {
			return err
		}
	}
	e.Byte('}')
	return None
}

// key writes a name. A key that is no string becomes its own JSON, as text.
func (e *encoder) key(k Value) Err {
	switch {
	case e.strict && k.kind != StringKind:
		return NoOverload
	case e.strict:
		return e.strictText(k.text)
	case k.kind == StringKind:
		e.escaped(k.text)
		return None
	}
	e.Byte('"')
	err := e.scalar(k, `\"`)
	e.Byte('"')
	return err
}

func (e *encoder) text(s string) {
	if len(s) < 128 && plain(s) {
		// A byte becomes at most four characters: \xff.
		var b [4*128 + 2]byte
		e.Bytes(strconv.AppendQuote(b[:0], s))
		return
	}
	e.escaped(s)
}

// plain is whether a string has none of the characters for which cel-go leaves
// its fast path.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}

// escaped writes text that is safe within HTML and JavaScript too; what is no
// UTF-8 becomes U+FFFD.
func (e *encoder) escaped(s string) {
	e.Byte('"')
	done := 0
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		bad := r == utf8.RuneError && n == 1
		if bad || r < ' ' || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029' {
			e.String(s[done:i])
			e.escape(r)
			done = i + n
		}
		i += n
	}
	e.String(s[done:])
	e.Byte('"')
}

// strictText writes text with the escapes that JSON demands and no others.
func (e *encoder) strictText(s string) Err {
	if !utf8.ValidString(s) {
		return BadConversion
	}
	e.Byte('"')
	done := 0
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' {
			e.String(s[done:i])
			e.escape(rune(c))
			done = i + 1
		}
	}
	e.String(s[done:])
	e.Byte('"')
	return None
}

func (e *encoder) escape(r rune) {
	e.Byte('\\')
	switch r {
	case '"', '\\':
		e.Byte(byte(r))
	case '\b':
		e.Byte('b')
	case '\f':
		e.Byte('f')
	case '\n':
		e.Byte('n')
	case '\r':
		e.Byte('r')
	case '\t':
		e.Byte('t')
	default:
		const digits = "0123456789abcdef"
		e.Byte('u')
		for shift := 12; shift >= 0; shift -= 4 {
			e.Byte(digits[r>>shift&15])
		}
	}
}

func (e *encoder) base64(s string) {
	e.Byte('"')
	// In pieces whose length is a multiple of three, so that only the last one
	// is padded.
	var in [48]byte
	var out [64]byte
	for len(s) > 0 {
		n := copy(in[:], s)
		s = s[n:]
		base64.StdEncoding.Encode(out[:], in[:n])
		e.Bytes(out[:base64.StdEncoding.EncodedLen(n)])
	}
	e.Byte('"')
}
