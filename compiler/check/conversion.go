package check

import (
	"math"
	"math/big"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

var conversionRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"int": flow.conversion, "uint": flow.conversion, "double": flow.conversion, "bool": flow.conversion, "string": flow.conversion,
	"duration": flow.conversion, "timestamp": flow.conversion,
}

// conversion fails when the value has no like in the other type.
func (f flow) conversion(e *celfront.Expr) []failure {
	from := e.Args[0]
	t := f.typeOf(from)
	if t.Kind == types.Dyn {
		return []failure{inconvertible(e)}
	}
	if t.Kind == e.Type.Kind || f.converts(e, from, t.Kind) {
		return nil
	}
	if (e.Type.Kind == types.Duration || e.Type.Kind == types.Timestamp) && t.Kind == types.String && from.Op == celfront.Const {
		return nil // refused with the policy
	}
	out := inconvertible(e)
	switch e.Type.Kind {
	case types.Int:
		switch t.Kind {
		case types.String:
			out.instead = phrase{"int_or(", from, ", 0)"}
		case types.Uint:
			out.guard, out.exact = phrase{from, " < 9223372036854775808u"}, true
		case types.Double:
			out.guard = conjoin(phrase{from, " > -9e18"}, from, " < 9e18")
		}
	case types.Uint:
		switch t.Kind {
		case types.String:
			out.instead = phrase{"uint(math.greatest(int_or(", from, ", 0), 0))"}
		case types.Int:
			out.guard, out.exact = phrase{from, " >= 0"}, true
		case types.Double:
			out.guard = conjoin(phrase{from, " >= 0.0"}, from, " < 9e18")
		}
	case types.Bool:
		out.instead = phrase{from, ` == "true"`}
	case types.Timestamp:
		if t.Kind == types.Int {
			out.guard, out.exact = conjoin(phrase{from, " >= -62135596800"}, from, " <= 253402300799"), true
		}
	}
	return []failure{out}
}

func inconvertible(e *celfront.Expr) failure {
	return failure{at: e, why: "this fails when the value cannot be converted to " + e.Type.String()}
}

// strictTime is what CEL takes of the times that Go reads.
var strictTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// converts reports whether a conversion succeeds for certain.
func (f flow) converts(e, from *celfront.Expr, kind types.Kind) bool {
	s, constant := "", false
	if kind == types.String {
		s, constant = f.text(from)
	}
	var err error
	switch e.Type.Kind {
	case types.Int:
		switch kind {
		case types.Timestamp, types.Duration:
			return true
		case types.Uint:
			return f.bounds(from).within(allInts)
		case types.Double:
			r := f.reals(from)
			return !r.nan && r.lo > math.MinInt64 && r.hi < math.MaxInt64
		}
		_, err = strconv.ParseInt(s, 10, 64)
	case types.Uint:
		switch kind {
		case types.Int:
			return f.bounds(from).atLeast(0)
		case types.Double:
			r := f.reals(from)
			return !r.nan && r.lo >= 0 && r.hi < math.MaxUint64
		}
		_, err = strconv.ParseUint(s, 10, 64)
	case types.Double:
		if kind == types.Int || kind == types.Uint {
			return true
		}
		_, err = strconv.ParseFloat(s, 64)
	case types.Bool:
		_, err = strconv.ParseBool(s)
	case types.Duration:
		_, err = time.ParseDuration(s)
	case types.Timestamp:
		if kind == types.Int {
			return f.bounds(from).within(interval{big.NewInt(-62135596800), big.NewInt(253402300799)})
		}
		var t time.Time
		t, err = time.Parse(time.RFC3339, s)
		constant = constant && strictTime.MatchString(s) && t.UTC().Year() >= 1 && t.UTC().Year() <= 9999
	case types.String:
		if kind == types.Bytes {
			b, ok := from.Value.([]byte)
			return ok && utf8.Valid(b)
		}
		switch kind {
		case types.Bool, types.Int, types.Uint, types.Double, types.Duration, types.Timestamp, types.IP, types.CIDR:
			return true
		}
		return false
	case types.Bytes:
		return kind == types.String
	default:
		return false
	}
	return constant && err == nil
}
