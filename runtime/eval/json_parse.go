package eval

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"moec.dev/moec/runtime/core"
)

// Limits of ParseJSON: the text may come from anybody.
const (
	maxJSONBytes = 64 << 10
	maxJSONDepth = 32
)

// ParseJSON is json.parse(text). It takes what RFC 8259 calls JSON, in UTF-8,
// and nothing else has a value. (cel-go also takes some text that is none, such as
// "a","b" or 0x10.) Of two members of one name the last counts. A number
// without fraction and exponent is an int if it fits, any other a double.
//
// Text of more than 64 KiB, values nested deeper than 32 and numbers that no
// double holds have no value either, so that it never fails. Strings without
// escapes share text's memory, others are built in the frame's.
func ParseJSON(s *core.Scratch, text string) Optional[Value] {
	if len(text) > maxJSONBytes {
		return Optional[Value]{}
	}
	p := jsonParser{text: text, s: s}
	v, ok := p.value(0)
	p.space()
	return Optional[Value]{Value: v, OK: ok && p.at == len(text)}
}

type jsonParser struct {
	text string
	at   int
	s    *core.Scratch
}

func (p *jsonParser) space() {
	for p.at < len(p.text) {
		switch p.text[p.at] {
		case ' ', '\t', '\r', '\n':
			p.at++
		default:
			return
		}
	}
}

// next takes c, if it comes next after space.
func (p *jsonParser) next(c byte) bool {
	p.space()
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) value(depth int) (Value, bool) {
	p.space()
	if depth > maxJSONDepth || p.at == len(p.text) {
		return Value{}, false
	}
	switch p.text[p.at] {
	case '{':
		p.at++
		return p.object(depth)
	case '[':
		p.at++
		return p.array(depth)
	case '"':
		p.at++
		text, ok := p.str()
		return StringValue(text), ok
	case 't':
		return p.word("true", BoolValue(true))
	case 'f':
		return p.word("false", BoolValue(false))
	case 'n':
		return p.word("null", Value{})
	}
	return p.number()
}

func (p *jsonParser) word(word string, v Value) (Value, bool) {
	if !strings.HasPrefix(p.text[p.at:], word) {
		return Value{}, false
	}
	p.at += len(word)
	return v, true
}

func (p *jsonParser) array(depth int) (Value, bool) {
	var l []Value
	if p.next(']') {
		return ListValue(nil), true
	}
	for {
		v, ok := p.value(depth + 1)
		if !ok {
			return Value{}, false
		}
		if !p.s.Elements(1) {
			return Value{}, false
		}
		l = append(l, v)
		if p.next(']') {
			return ListValue(l), true
		}
		if !p.next(',') {
			return Value{}, false
		}
	}
}

func (p *jsonParser) object(depth int) (Value, bool) {
	var keys, values []Value
	if p.next('}') {
		return MapValue(Map[Value, Value]{}), true
	}
	for {
		if !p.next('"') {
			return Value{}, false
		}
		key, ok := p.str()
		if !ok || !p.next(':') {
			return Value{}, false
		}
		v, ok := p.value(depth + 1)
		if !ok {
			return Value{}, false
		}
		if !p.s.Elements(1) {
			return Value{}, false
		}
		keys, values = append(keys, StringValue(key)), append(values, v)
		if p.next('}') {
			return MapValue(MakeMap(keys, values)), true
		}
		if !p.next(',') {
			return Value{}, false
		}
	}
}

// number takes a number, and refuses what JSON does not spell so: 01, +1, .5.
func (p *jsonParser) number() (Value, bool) {
	start := p.at
	p.take('-')
	if !p.take('0') && !p.digits() {
		return Value{}, false
	}
	whole := true
	if p.take('.') {
		whole = false
		if !p.digits() {
			return Value{}, false
		}
	}
	if p.take('e') || p.take('E') {
		whole = false
		if !p.take('-') {
			p.take('+')
		}
		if !p.digits() {
			return Value{}, false
		}
	}
	text := p.text[start:p.at]
	if whole {
		if i, err := StringToInt(text); err == None {
			return IntValue(i), true
		}
	}
	d, err := StringToDouble(text)
	return DoubleValue(d), err == None
}

func (p *jsonParser) take(c byte) bool {
	if p.at < len(p.text) && p.text[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) digits() bool {
	start := p.at
	for p.at < len(p.text) && digit(p.text[p.at]) {
		p.at++
	}
	return p.at > start
}

// str takes the rest of a string, after its first quote.
func (p *jsonParser) str() (string, bool) {
	start := p.at
	escapes := false
	for p.at < len(p.text) {
		switch c := p.text[p.at]; {
		case c == '"':
			raw := p.text[start:p.at]
			p.at++
			if !utf8.ValidString(raw) {
				return "", false
			}
			if escapes {
				return p.unescape(raw)
			}
			return raw, true
		case c < ' ':
			return "", false
		case c == '\\':
			escapes = true
			p.at++ // whatever it is, it does not end the string
		}
		p.at++
	}
	p.at = len(p.text) // a backslash may have been the last
	return "", false
}

func (p *jsonParser) unescape(raw string) (string, bool) {
	b := p.s.Build()
	for {
		at := strings.IndexByte(raw, '\\')
		if at < 0 {
			b.String(raw)
			return b.Text(), true
		}
		b.String(raw[:at])
		c := raw[at+1]
		raw = raw[at+2:]
		switch c {
		case '"', '\\', '/':
			b.Byte(c)
		case 'b':
			b.Byte('\b')
		case 'f':
			b.Byte('\f')
		case 'n':
			b.Byte('\n')
		case 'r':
			b.Byte('\r')
		case 't':
			b.Byte('\t')
		case 'u':
			r, ok := hex4(raw)
			if !ok {
				return "", false
			}
			raw = raw[4:]
			if utf16.IsSurrogate(r) {
				// Half a pair alone is U+FFFD, as in cel-go.
				pair := rune(utf8.RuneError)
				if strings.HasPrefix(raw, `\u`) {
					if low, ok := hex4(raw[2:]); ok {
						pair = utf16.DecodeRune(r, low)
					}
				}
				if r = pair; r != utf8.RuneError {
					raw = raw[6:]
				}
			}
			var room [4]byte
			b.Bytes(room[:utf8.EncodeRune(room[:], r)])
		default:
			return "", false
		}
	}
}

// hex4 reads four hexadecimal digits.
func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	r := rune(0)
	for i := 0; i < 4; i++ {
		c := s[i]
		switch {
		case digit(c):
			c -= '0'
		case c >= 'a' && c <= 'f':
			c -= 'a' - 10
		case c >= 'A' && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
