package evaluation

import (
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/ext"

	"moec.dev/moec/tests/evaluation/wire"
)

// FromCEL writes down a value of cel-go's. It fails for what has no place in
// moe: messages, unknowns, errors.
func FromCEL(v ref.Val) (wire.Value, error) {
	switch v := v.(type) {
	case celtypes.Null:
		return wire.Value{Kind: wire.Null}, nil
	case celtypes.Bool:
		return wire.OfBool(bool(v)), nil
	case celtypes.Int:
		return wire.OfInt(int64(v)), nil
	case celtypes.Uint:
		return wire.OfUint(uint64(v)), nil
	case celtypes.Double:
		return wire.OfDouble(float64(v)), nil
	case celtypes.String:
		return wire.OfString(string(v)), nil
	case celtypes.Bytes:
		return wire.OfBytes(string(v)), nil
	case celtypes.Duration:
		return wire.OfDuration(int64(v.Duration)), nil
	case celtypes.Timestamp:
		return wire.OfTimestamp(v.Unix(), v.Nanosecond()), nil
	case *celtypes.Type:
		return wire.Of(wire.Type, v.TypeName()), nil
	case ext.IP:
		return wire.Of(wire.IP, v.Addr.String()), nil
	case ext.CIDR:
		return wire.Of(wire.CIDR, v.Prefix.String()), nil
	case *celtypes.Optional:
		out := wire.Value{Kind: wire.Optional}
		if !v.HasValue() {
			return out, nil
		}
		item, err := FromCEL(v.GetValue())
		out.Items = []wire.Value{item}
		return out, err
	case traits.Lister:
		return collection(wire.List, v, func(e ref.Val) ([]wire.Value, error) {
			item, err := FromCEL(e)
			return []wire.Value{item}, err
		})
	case traits.Mapper:
		return collection(wire.Map, v, func(k ref.Val) ([]wire.Value, error) {
			key, err := FromCEL(k)
			if err != nil {
				return nil, err
			}
			value, err := FromCEL(v.Get(k))
			return []wire.Value{key, value}, err
		})
	}
	return wire.Value{}, fmt.Errorf("a value of %T cannot be written down", v)
}

func collection(k wire.Kind, v traits.Iterable, items func(ref.Val) ([]wire.Value, error)) (wire.Value, error) {
	out := wire.Value{Kind: k}
	for it := v.Iterator(); it.HasNext() == celtypes.True; {
		more, err := items(it.Next())
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, more...)
	}
	return out, nil
}

// ToCEL is the value of cel-go's that was written down.
func ToCEL(v wire.Value) (ref.Val, error) {
	switch v.Kind {
	case wire.Null:
		return celtypes.NullValue, nil
	case wire.Bool:
		b, err := strconv.ParseBool(v.Text)
		return celtypes.Bool(b), err
	case wire.Int:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return celtypes.Int(n), err
	case wire.Uint:
		n, err := strconv.ParseUint(v.Text, 10, 64)
		return celtypes.Uint(n), err
	case wire.Double:
		n, err := strconv.ParseFloat(v.Text, 64)
		if math.IsInf(n, 0) {
			err = nil
		}
		return celtypes.Double(n), err
	case wire.String:
		s, err := strconv.Unquote(v.Text)
		return celtypes.String(s), err
	case wire.Bytes:
		s, err := strconv.Unquote(v.Text)
		return celtypes.Bytes(s), err
	case wire.Duration:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return celtypes.Duration{Duration: time.Duration(n)}, err
	case wire.Timestamp:
		var seconds, nanos int64
		_, err := fmt.Sscanf(v.Text, "%d %d", &seconds, &nanos)
		return celtypes.Timestamp{Time: time.Unix(seconds, nanos).UTC()}, err
	case wire.Type:
		if t := typeNamed(v.Text); t != nil {
			return t, nil
		}
	case wire.IP:
		a, err := netip.ParseAddr(v.Text)
		return ext.IP{Addr: a}, err
	case wire.CIDR:
		p, err := netip.ParsePrefix(v.Text)
		return ext.CIDR{Prefix: p}, err
	case wire.Optional:
		if len(v.Items) == 0 {
			return celtypes.OptionalNone, nil
		}
		item, err := ToCEL(v.Items[0])
		return celtypes.OptionalOf(item), err
	case wire.List, wire.Map:
		return container(v)
	}
	return nil, fmt.Errorf("%s is no value", v)
}

func container(v wire.Value) (ref.Val, error) {
	var items []ref.Val
	for _, i := range v.Items {
		item, err := ToCEL(i)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if v.Kind == wire.List {
		return celtypes.NewRefValList(celtypes.DefaultTypeAdapter, items), nil
	}
	m := map[ref.Val]ref.Val{}
	for i := 0; i+1 < len(items); i += 2 {
		m[items[i]] = items[i+1]
	}
	return celtypes.NewRefValMap(celtypes.DefaultTypeAdapter, m), nil
}

// typeNamed is the type that CEL calls by a name.
func typeNamed(name string) *celtypes.Type {
	for _, t := range []*celtypes.Type{celtypes.BoolType, celtypes.IntType, celtypes.UintType, celtypes.DoubleType, celtypes.StringType,
		celtypes.BytesType, celtypes.DurationType, celtypes.TimestampType, celtypes.NullType, celtypes.ListType, celtypes.MapType,
		celtypes.TypeType, ext.IPType, ext.CIDRType} {
		if t.TypeName() == name {
			return t
		}
	}
	if strings.HasPrefix(name, "optional_type") {
		return celtypes.OptionalType
	}
	return nil
}
