package files

import (
	"encoding/base64"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"moec.dev/moec/runtime/eval"
)

// Bool reads true or false.
func (d *Decoder) Bool() bool {
	if d.cells {
		switch s := d.quoted(); s {
		case "true":
			return true
		case "false":
		default:
			d.fail(strconv.Quote(s) + " is no bool")
		}
		return false
	}
	if d.word("true") {
		return true
	}
	if !d.word("false") {
		d.unlike("a bool")
	}
	return false
}

// digits reads a number's text.
func (d *Decoder) digits(what string) string {
	if d.cells {
		return d.quoted()
	}
	if c := d.next(); c != '-' && (c < '0' || c > '9') {
		d.unlike(what)
		return ""
	}
	start := d.pos
	for d.pos < len(d.text) && strings.IndexByte("0123456789+-.eE", d.text[d.pos]) >= 0 {
		d.pos++
	}
	return d.text[start:d.pos]
}

// whole reports whether a text is a whole number without leading zeros.
func whole(s string) bool {
	s = strings.TrimPrefix(s, "-")
	if s == "" || len(s) > 1 && s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Int reads a whole number.
func (d *Decoder) Int() int64 {
	s := d.digits("a whole number")
	if d.err != nil {
		return 0
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil || !whole(s) {
		d.fail(strconv.Quote(s) + " is no int")
	}
	return v
}

// Uint reads a whole number that is not negative.
func (d *Decoder) Uint() uint64 {
	s := d.digits("a whole number")
	if d.err != nil {
		return 0
	}
	v, err := strconv.ParseUint(s, 10, 64)
	if err != nil || !whole(s) {
		d.fail(strconv.Quote(s) + " is no uint")
	}
	return v
}

// decimal reports whether a number is written as in JSON: no zeros before it,
// and digits on both sides of a point.
func decimal(s string) bool {
	mantissa := s
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa = s[:i]
	}
	before, after, point := strings.Cut(mantissa, ".")
	return whole(before) && (!point || after != "")
}

// Double reads a number.
func (d *Decoder) Double() float64 {
	s := d.digits("a number")
	if d.err != nil {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) || strings.ContainsAny(s, "xX_") || !d.cells && !decimal(s) {
		d.fail(strconv.Quote(s) + " is no double")
	}
	return v
}

// Text reads a text.
func (d *Decoder) Text() string {
	if d.next() != '"' {
		d.unlike("a text")
		return ""
	}
	return d.quoted()
}

// Bytes reads base64.
func (d *Decoder) Bytes() eval.Bytes {
	v, err := base64.StdEncoding.DecodeString(d.Text())
	if err != nil && d.err == nil {
		d.fail("bytes are written in base64, and this is not")
	}
	return eval.Bytes(v)
}

// Duration reads a text like 1h30m.
func (d *Decoder) Duration() time.Duration {
	s := d.Text()
	if d.err != nil {
		return 0
	}
	v, err := time.ParseDuration(s)
	if err != nil {
		d.fail(strconv.Quote(s) + " is no duration")
	}
	return v
}

// Time reads a text like 2026-01-01T00:00:00Z.
func (d *Decoder) Time() time.Time {
	s := d.Text()
	if d.err != nil {
		return time.Time{}
	}
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		d.fail(strconv.Quote(s) + " is no timestamp")
	}
	return v.UTC()
}

// quoted reads a JSON string that begins here.
func (d *Decoder) quoted() string {
	if d.next() != '"' {
		d.unlike("a text")
		return ""
	}
	end, plain := d.pos+1, true
	for end < len(d.text) && d.text[end] != '"' {
		if d.text[end] == '\\' {
			plain = false
			end++
		} else if d.text[end] < ' ' {
			d.pos = end
			d.fail("a control character stands in a text")
			return ""
		}
		end++
	}
	if end >= len(d.text) {
		d.fail("a text does not end")
		return ""
	}
	raw := d.text[d.pos : end+1]
	d.pos = end + 1
	if plain && utf8.ValidString(raw) {
		return raw[1 : len(raw)-1]
	}
	return d.unescape(raw[1 : len(raw)-1])
}

var escapes = map[byte]string{'"': `"`, '\\': `\`, '/': "/", 'b': "\b", 'f': "\f", 'n': "\n", 'r': "\r", 't': "\t"}

func (d *Decoder) unescape(raw string) string {
	if !utf8.ValidString(raw) {
		d.fail("a text is not UTF-8")
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			continue
		}
		i++ // a text never ends in the midst of an escape
		if e, ok := escapes[raw[i]]; ok {
			b.WriteString(e)
			continue
		}
		r, ok := hex4(raw[i:])
		i += 4
		if high := r; ok && r >= 0xd800 && r < 0xe000 { // of a pair
			low, lowOK := rune(0), false
			if strings.HasPrefix(raw[min(i+1, len(raw)):], `\`) {
				low, lowOK = hex4(raw[i+2:])
			}
			if ok = lowOK && high < 0xdc00 && low >= 0xdc00 && low < 0xe000; ok {
				r = (high-0xd800)<<10 + (low - 0xdc00) + 0x10000
				i += 6
			}
		}
		if !ok {
			d.fail("an escape in a text is malformed")
			return ""
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hex4 reads uXXXX.
func hex4(s string) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(s[1:5], 16, 16)
	return rune(v), err == nil
}
