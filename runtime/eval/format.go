package eval

import (
	"math"
	"strconv"
	"strings"

	"moec.dev/moec/runtime/core"
)

// Precisions of %f and %e.
const (
	usualPrecision = 6
	maxPrecision   = 100
)

// Format is a.format(args): %s, %d, %f, %e, %b, %o, %x and %X, with a precision
// for %f and %e, and %% for a percent sign. More arguments than a asks for are
// not looked at.
func Format(s *core.Scratch, a string, args []Value) (string, Err) {
	percent := strings.IndexByte(a, '%')
	if percent < 0 {
		return a, None
	}
	b := s.Build()
	for percent >= 0 {
		b.String(a[:percent])
		a = a[percent+1:]
		if strings.HasPrefix(a, "%") {
			b.Byte('%')
			a = a[1:]
		} else {
			n, err := formatClause(&b, a, args)
			if err != None {
				b.Drop()
				return "", err
			}
			a, args = a[n:], args[1:]
		}
		percent = strings.IndexByte(a, '%')
	}
	b.String(a)
	return b.Text(), None
}

// formatClause writes the first argument as the clause that a begins with says,
// and returns the clause's length.
func formatClause(b *core.Builder, a string, args []Value) (int, Err) {
	precision, n := usualPrecision, 0
	if strings.HasPrefix(a, ".") {
		precision = 0
		for n = 1; n < len(a) && digit(a[n]); n++ {
			if precision = precision*10 + int(a[n]-'0'); precision > maxPrecision {
				return 0, BadFormat
			}
		}
		if n == 1 {
			return 0, BadFormat
		}
	}
	if n >= len(a) || len(args) == 0 {
		return 0, BadFormat
	}
	v, ok := args[0], false
	switch a[n] {
	case 's':
		ok = formatValue(b, v)
	case 'd':
		ok = formatNumber(b, v, 10)
	case 'f', 'e':
		ok = formatDouble(b, v, a[n], precision)
	case 'b':
		if ok = v.kind == BoolKind; ok {
			v = IntValue(int64(v.high))
		}
		ok = v.kind != DoubleKind && formatNumber(b, v, 2)
	case 'o':
		ok = v.kind != DoubleKind && formatNumber(b, v, 8)
	case 'x', 'X':
		ok = formatHex(b, v, a[n] == 'X')
	}
	if !ok {
		return 0, BadFormat
	}
	return n + 1, None
}

// longDouble is room for any double without an exponent, of any precision.
const longDouble = 1100

// formatNumber writes an int or uint to a base, or a double in decimal.
func formatNumber(b *core.Builder, v Value, base int) bool {
	var room [72]byte
	switch v.kind {
	case IntKind:
		b.Bytes(strconv.AppendInt(room[:0], v.int(), base))
	case UintKind:
		b.Bytes(strconv.AppendUint(room[:0], v.high, base))
	case DoubleKind:
		return formatDouble(b, v, 'f', -1)
	default:
		return false
	}
	return true
}

// formatDouble writes any number as a double.
func formatDouble(b *core.Builder, v Value, verb byte, precision int) bool {
	var d float64
	switch v.kind {
	case IntKind:
		d = float64(v.int())
	case UintKind:
		d = float64(v.high)
	case DoubleKind:
		d = v.double()
	default:
		return false
	}
	switch {
	case d != d:
		b.String("NaN")
	case math.IsInf(d, 1):
		b.String("Infinity")
	case math.IsInf(d, -1):
		b.String("-Infinity")
	default:
		var room [longDouble]byte
		b.Bytes(strconv.AppendFloat(room[:0], d, verb, precision, 64))
	}
	return true
}

// formatHex writes an int, a uint, or the bytes of a text.
func formatHex(b *core.Builder, v Value, upper bool) bool {
	const lowerDigits, upperDigits = "0123456789abcdef", "0123456789ABCDEF"
	digits := lowerDigits
	if upper {
		digits = upperDigits
	}
	switch v.kind {
	case IntKind, UintKind:
		var room [24]byte
		number := strconv.AppendUint(room[:0], v.high, 16)
		if v.kind == IntKind {
			number = strconv.AppendInt(room[:0], v.int(), 16)
		}
		for i, c := range number {
			if upper && c >= 'a' {
				number[i] = c - ('a' - 'A')
			}
		}
		b.Bytes(number)
	case StringKind, BytesKind:
		out := b.Room(2 * len(v.text))
		if out == nil {
			break
		}
		for i := 0; i < len(v.text); i++ {
			out[2*i], out[2*i+1] = digits[v.text[i]>>4], digits[v.text[i]&15]
		}
	default:
		return false
	}
	return true
}
