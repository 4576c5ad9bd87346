package conformance

import (
	celpb "cel.dev/expr"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"moec.dev/moec/compiler/types"
	"moec.dev/moec/tests/evaluation/wire"
)

// value is a value as the suite writes it. ok is false for one that is a
// message or an enum.
func value(v *celpb.Value) (out wire.Value, ok bool) {
	switch v := v.GetKind().(type) {
	case *celpb.Value_NullValue:
		return wire.Value{Kind: wire.Null}, true
	case *celpb.Value_BoolValue:
		return wire.OfBool(v.BoolValue), true
	case *celpb.Value_Int64Value:
		return wire.OfInt(v.Int64Value), true
	case *celpb.Value_Uint64Value:
		return wire.OfUint(v.Uint64Value), true
	case *celpb.Value_DoubleValue:
		return wire.OfDouble(v.DoubleValue), true
	case *celpb.Value_StringValue:
		return wire.OfString(v.StringValue), true
	case *celpb.Value_BytesValue:
		return wire.OfBytes(string(v.BytesValue)), true
	case *celpb.Value_TypeValue:
		return wire.Of(wire.Type, v.TypeValue), true
	case *celpb.Value_ListValue:
		return items(wire.List, v.ListValue.Values)
	case *celpb.Value_MapValue:
		var all []*celpb.Value
		for _, e := range v.MapValue.Entries {
			all = append(all, e.Key, e.Value)
		}
		return items(wire.Map, all)
	case *celpb.Value_ObjectValue:
		return object(v.ObjectValue)
	}
	return wire.Value{}, false
}

func items(k wire.Kind, list []*celpb.Value) (wire.Value, bool) {
	out := wire.Value{Kind: k}
	for _, v := range list {
		item, ok := value(v)
		if !ok {
			return out, false
		}
		out.Items = append(out.Items, item)
	}
	return out, true
}

// object is a timestamp or a duration, which the suite writes as messages.
func object(a *anypb.Any) (wire.Value, bool) {
	m, err := a.UnmarshalNew()
	if err != nil {
		return wire.Value{}, false
	}
	switch m := m.(type) {
	case *durationpb.Duration:
		return wire.OfDuration(m.Seconds*1e9 + int64(m.Nanos)), true
	case *timestamppb.Timestamp:
		return wire.OfTimestamp(m.Seconds, int(m.Nanos)), true
	}
	return wire.Value{}, false
}

// typeOf is a declared type; ok is false for a message.
func typeOf(t *celpb.Type) (out *types.Type, ok bool) {
	switch k := t.GetTypeKind().(type) {
	case *celpb.Type_Dyn:
		return types.DynType, true
	case *celpb.Type_Null:
		return types.NullType, true
	case *celpb.Type_Primitive:
		out, ok = map[celpb.Type_PrimitiveType]*types.Type{
			celpb.Type_BOOL: types.BoolType, celpb.Type_INT64: types.IntType, celpb.Type_UINT64: types.UintType,
			celpb.Type_DOUBLE: types.DoubleType, celpb.Type_STRING: types.StringType, celpb.Type_BYTES: types.BytesType,
		}[k.Primitive]
		return out, ok
	case *celpb.Type_WellKnown:
		out, ok = map[celpb.Type_WellKnownType]*types.Type{
			celpb.Type_DURATION: types.DurationType, celpb.Type_TIMESTAMP: types.TimestampType,
		}[k.WellKnown]
		return out, ok
	case *celpb.Type_MessageType:
		out, ok = map[string]*types.Type{
			"google.protobuf.Duration": types.DurationType, "google.protobuf.Timestamp": types.TimestampType,
		}[k.MessageType]
		return out, ok
	case *celpb.Type_ListType_:
		elem, ok := typeOf(k.ListType.ElemType)
		return types.ListOf(elem), ok
	case *celpb.Type_MapType_:
		key, ok := typeOf(k.MapType.KeyType)
		elem, also := typeOf(k.MapType.ValueType)
		return types.MapOf(key, elem), ok && also
	case *celpb.Type_AbstractType_:
		if k.AbstractType.Name == "optional_type" && len(k.AbstractType.ParameterTypes) == 1 {
			elem, ok := typeOf(k.AbstractType.ParameterTypes[0])
			return types.OptionalOf(elem), ok
		}
	}
	return nil, false
}

// binding is what the suite binds a variable to.
func binding(v *celpb.ExprValue) (wire.Value, bool) { return value(v.GetValue()) }

// expected is what the suite wants to come out. ok is false where it wants a
// message.
func (e *entry) expected() (want wire.Answer, ok bool) {
	given := func(v *celpb.Value) (wire.Answer, bool) {
		out, ok := value(v)
		return wire.Answer{Value: &out}, ok
	}
	if e.GetEvalError() != nil || e.GetAnyEvalErrors() != nil {
		text := "an error"
		for _, s := range e.GetEvalError().GetErrors() {
			text = s.Message
		}
		return wire.Answer{Error: text}, true
	}
	switch {
	case e.GetTypedResult() != nil:
		return given(e.GetTypedResult().Result)
	case e.GetValue() != nil:
		return given(e.GetValue())
	case e.GetUnknown() != nil || e.GetAnyUnknowns() != nil:
		return wire.Answer{Unasked: "an unknown is expected"}, false
	}
	yes := wire.OfBool(true)
	return wire.Answer{Value: &yes}, true
}
