package check

import (
	"math/big"
	"strconv"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

var textRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"charAt": flow.charAt, "substring": flow.substring, "indexOf": flow.search, "lastIndexOf": flow.search, "format": flow.format,
	"base64.decode": flow.decode, "base64.decodeUrl": flow.decode, "json.encode": flow.encode,
}

var zero = linear{map[string]term{}, new(big.Int)}

func (f flow) charAt(e *celfront.Expr) []failure {
	s, i := e.Args[0], e.Args[1]
	var guard phrase
	if !f.atMost(zero, 0, f.sum(i)) {
		guard = conjoin(guard, i, " >= 0")
	}
	if !f.atMost(f.sum(i), 0, f.sizeOf(s)) {
		guard = conjoin(guard, i, " <= size(", s, ")")
	}
	return outside(e, guard, "this fails when the place lies outside the text")
}

func outside(e *celfront.Expr, guard phrase, why string) []failure {
	if len(guard) == 0 {
		return nil
	}
	return []failure{{at: e, why: why, guard: guard, exact: true}}
}

func (f flow) substring(e *celfront.Expr) []failure {
	s, from := e.Args[0], e.Args[1]
	var guard phrase
	if !f.atMost(zero, 0, f.sum(from)) {
		guard = conjoin(guard, from, " >= 0")
	}
	to := from
	if len(e.Args) == 3 {
		to = e.Args[2]
		if !f.atMost(f.sum(from), 0, f.sum(to)) {
			guard = conjoin(guard, from, " <= ", to)
		}
	}
	if !f.atMost(f.sum(to), 0, f.sizeOf(s)) {
		guard = conjoin(guard, to, " <= size(", s, ")")
	}
	return outside(e, guard, "this fails when the text is too short")
}

// search fails when it is to begin before the text.
func (f flow) search(e *celfront.Expr) []failure {
	if len(e.Args) < 3 || f.atMost(zero, 0, f.sum(e.Args[2])) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the place to begin at is below 0", guard: phrase{e.Args[2], " >= 0"}, exact: true}}
}

// format fails when the text and the values do not fit together.
func (f flow) format(e *celfront.Expr) []failure {
	const why = "this fails when the values do not fit the format"
	layout, constant := f.text(e.Args[0])
	if !constant {
		return []failure{{at: e, why: "this fails when the format is malformed, or the values do not fit it; a constant format can be checked"}}
	}
	list, g := f.through(e.Args[1])
	if list.Op != celfront.List {
		if n := strings.Count(strings.ReplaceAll(layout, "%%", ""), "%"); n == 0 {
			return nil
		}
		return []failure{{at: e, why: why}}
	}
	for _, optional := range list.Optional {
		if optional {
			return []failure{{at: e, why: why}}
		}
	}
	values := list.Args
	for i := 0; i < len(layout); i++ {
		if layout[i] != '%' {
			continue
		}
		i++
		if i < len(layout) && layout[i] == '%' {
			continue
		}
		if i < len(layout) && layout[i] == '.' {
			j := i + 1
			for j < len(layout) && layout[j] >= '0' && layout[j] <= '9' {
				j++
			}
			if n, err := strconv.Atoi(layout[i+1 : j]); err != nil || n > 100 {
				return []failure{{at: e, why: why}}
			}
			i = j
		}
		if i >= len(layout) || len(values) == 0 {
			return []failure{{at: e, why: why}}
		}
		if t := g.typeOf(values[0]); !formats(layout[i], t) {
			out := failure{at: e, why: why}
			if t.Kind == types.Dyn && len(g.key(values[0])) > 0 && list == e.Args[1] {
				out = f.unlike(values[0], formatKinds[layout[i]]...)
				out.exact = false // lists and maps are formatted, too
			}
			return []failure{out}
		}
		values = values[1:]
	}
	return nil
}

// formatKinds are the types that a letter of a format takes.
var formatKinds = map[byte][]*types.Type{
	's': {types.StringType, types.BoolType, types.BytesType, types.IntType, types.UintType, types.DoubleType, types.DurationType, types.TimestampType, types.NullType, types.TypeType},
	'd': {types.IntType, types.UintType, types.DoubleType}, 'f': {types.DoubleType, types.IntType, types.UintType}, 'e': {types.DoubleType, types.IntType, types.UintType},
	'b': {types.IntType, types.UintType, types.BoolType}, 'o': {types.IntType, types.UintType},
	'x': {types.IntType, types.UintType, types.StringType, types.BytesType}, 'X': {types.IntType, types.UintType, types.StringType, types.BytesType},
}

func formats(letter byte, t *types.Type) bool {
	if letter == 's' && (t.Kind == types.List || t.Kind == types.Map) {
		return formats('s', t.Elem) && (t.Key == nil || formats('s', t.Key))
	}
	for _, k := range formatKinds[letter] {
		if k.Kind == t.Kind {
			return true
		}
	}
	return false
}

func (f flow) decode(e *celfront.Expr) []failure {
	return []failure{{at: e, why: "this fails when the text is not base64"}}
}

// encode fails for what has no JSON.
func (f flow) encode(e *celfront.Expr) []failure {
	v := e.Args[0]
	if f.typeOf(v).Kind == types.Double {
		if !f.reals(v).finite() {
			return []failure{{at: e, why: "this fails when the value is infinite, or not a number", guard: phrase{"math.isFinite(", v, ")"}, exact: true}}
		}
		return nil
	}
	if f.encodes(v) {
		return nil
	}
	return []failure{{at: e, why: "this fails for values that JSON does not have"}}
}

func (f flow) encodes(v *celfront.Expr) bool {
	t := f.typeOf(v)
	switch {
	case encodable(t):
		return true
	case t.Kind == types.Double:
		return f.reals(v).finite()
	case v.Op == celfront.List:
		for i, a := range v.Args {
			if len(v.Optional) > i && v.Optional[i] || !f.encodes(a) {
				return false
			}
		}
		return true
	case v.Op == celfront.Map:
		for i, a := range v.Args {
			if len(v.Optional) > i/2 && v.Optional[i/2] || !f.encodes(a) {
				return false
			}
		}
		return true
	}
	return false
}

func encodable(t *types.Type) bool {
	switch t.Kind {
	case types.Bool, types.Int, types.Uint, types.String, types.Bytes, types.Duration, types.Timestamp, types.Null:
		return true
	case types.List:
		return encodable(t.Elem)
	case types.Map:
		return keyed(t.Key.Kind) && encodable(t.Elem)
	}
	return false
}
