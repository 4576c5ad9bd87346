package wire

import (
	"fmt"
	"strconv"
	"time"

	"moec.dev/moec/runtime/core"
	"moec.dev/moec/runtime/eval"
)

// Box makes the runtime's value of one that was written down.
func Box(v Value) (eval.Value, error) {
	var out eval.Value
	var err error
	switch v.Kind {
	case Null:
	case Bool:
		var b bool
		b, err = strconv.ParseBool(v.Text)
		out = eval.BoolValue(b)
	case Int, Duration:
		var n int64
		n, err = strconv.ParseInt(v.Text, 10, 64)
		if out = eval.IntValue(n); v.Kind == Duration {
			out = eval.DurationValue(time.Duration(n))
		}
	case Uint:
		var n uint64
		n, err = strconv.ParseUint(v.Text, 10, 64)
		out = eval.UintValue(n)
	case Double:
		var n float64
		n, err = strconv.ParseFloat(v.Text, 64)
		out = eval.DoubleValue(n)
	case String, Bytes:
		var s string
		s, err = strconv.Unquote(v.Text)
		if out = eval.StringValue(s); v.Kind == Bytes {
			out = eval.BytesValue(eval.Bytes(s))
		}
	case Timestamp:
		var seconds, nanos int64
		_, err = fmt.Sscanf(v.Text, "%d %d", &seconds, &nanos)
		out = eval.TimestampValue(time.Unix(seconds, nanos).UTC())
	case Type:
		out = eval.TypeValue(eval.Type(v.Text))
	case IP:
		ip, fail := eval.StringToIP(v.Text)
		out, err = eval.IPValue(ip), failure(v, fail)
	case CIDR:
		block, fail := eval.StringToCIDR(v.Text)
		out, err = eval.CIDRValue(block), failure(v, fail)
	case List, Map, Optional:
		return composite(v)
	default:
		err = fmt.Errorf("%s is no value", v)
	}
	return out, err
}

func failure(v Value, fail eval.Err) error {
	if fail != eval.None {
		return fmt.Errorf("%s: %s", v, fail)
	}
	return nil
}

func composite(v Value) (eval.Value, error) {
	items := make([]eval.Value, 0, len(v.Items))
	for _, i := range v.Items {
		b, err := Box(i)
		if err != nil {
			return b, err
		}
		items = append(items, b)
	}
	switch {
	case v.Kind == List:
		return eval.ListValue(items), nil
	case v.Kind == Optional && len(items) > 0:
		return eval.OptionalValue(eval.Some(items[0])), nil
	case v.Kind == Optional:
		return eval.OptionalValue(eval.Optional[eval.Value]{}), nil
	}
	var keys, values []eval.Value
	for i := 0; i+1 < len(items); i += 2 {
		keys, values = append(keys, items[i]), append(values, items[i+1])
	}
	return eval.MapValue(eval.MakeMap(keys, values)), nil
}

// Unbox writes a value of the runtime's down. Nothing of it is shared.
func Unbox(v eval.Value) Value {
	switch v.Kind() {
	case eval.NullKind:
		return Value{Kind: Null}
	case eval.BoolKind:
		b, _ := eval.AsBool(v)
		return OfBool(b)
	case eval.IntKind:
		n, _ := eval.AsInt(v)
		return OfInt(n)
	case eval.UintKind:
		n, _ := eval.AsUint(v)
		return OfUint(n)
	case eval.DoubleKind:
		n, _ := eval.AsDouble(v)
		return OfDouble(n)
	case eval.StringKind:
		s, _ := eval.AsString(v)
		return OfString(s)
	case eval.BytesKind:
		s, _ := eval.AsBytes(v)
		return OfBytes(string(s))
	case eval.DurationKind:
		d, _ := eval.AsDuration(v)
		return OfDuration(int64(d))
	case eval.TimestampKind:
		t, _ := eval.AsTimestamp(v)
		return OfTimestamp(t.Unix(), t.Nanosecond())
	case eval.TypeKind:
		t, _ := eval.AsType(v)
		return Of(Type, string(t))
	case eval.IPKind:
		ip, _ := eval.AsIP(v)
		return Of(IP, named(func(s *core.Scratch) string { return eval.IPToString(s, ip) }))
	case eval.CIDRKind:
		block, _ := eval.AsCIDR(v)
		return Of(CIDR, named(func(s *core.Scratch) string { return eval.CIDRToString(s, block) }))
	case eval.OptionalKind:
		o, _ := eval.AsOptional(v)
		out := Value{Kind: Optional}
		if o.OK {
			out.Items = []Value{Unbox(o.Value)}
		}
		return out
	case eval.ListKind:
		list, _ := eval.AsList(v)
		out := Value{Kind: List}
		for _, e := range list {
			out.Items = append(out.Items, Unbox(e))
		}
		return out
	}
	m, _ := eval.AsMap(v)
	out := Value{Kind: Map}
	for i := range m.Keys {
		out.Items = append(out.Items, Unbox(m.Keys[i]), Unbox(m.Values[i]))
	}
	return out
}

// named copies a text that a function of the runtime writes into a frame of
// its own.
func named(text func(s *core.Scratch) string) string {
	arena := make([]byte, core.ArenaSize)
	s := core.NewScratch(&core.Frame{Arena: &arena[0]})
	return string([]byte(text(&s)))
}
