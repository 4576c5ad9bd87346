package types

import "testing"

func TestEqualAndString(t *testing.T) {
	all := map[string]*Type{
		"bool": BoolType, "int": IntType, "uint": UintType, "double": DoubleType, "string": StringType, "bytes": BytesType, "duration": DurationType,
		"timestamp": TimestampType, "null": NullType, "dyn": DynType, "list(int)": ListOf(IntType), "list(string)": ListOf(StringType),
		"list(list(int))": ListOf(ListOf(IntType)), "map(string, int)": MapOf(StringType, IntType), "map(int, string)": MapOf(IntType, StringType),
		"int?": OptionalOf(IntType), "list(int)?": OptionalOf(ListOf(IntType)), "list(int?)": ListOf(OptionalOf(IntType)), "?": nil,
		"type": TypeType, "net.IP": IPType, "net.CIDR": CIDRType, "T": ParamOf("T"), "U": ParamOf("U"), "list(T)": ListOf(ParamOf("T")),
		"{ a: int }": RecordOf(Field{"a", IntType}), "{ a: int? }": RecordOf(Field{"a", OptionalOf(IntType)}), "{ a: int, b: string }": RecordOf(Field{"b", StringType}, Field{"a", IntType}),
		"list({ b: int })": ListOf(RecordOf(Field{"b", IntType})),
	}
	for name, a := range all {
		if a.String() != name {
			t.Errorf("%s is written %s", name, a)
		}
		for other, b := range all {
			if a.Equal(b) != (name == other) {
				t.Errorf("%s equals %s: %v", name, other, a.Equal(b))
			}
		}
	}
	if !ListOf(MapOf(StringType, OptionalOf(IntType))).Equal(ListOf(MapOf(StringType, OptionalOf(IntType)))) {
		t.Error("a type does not equal its copy")
	}
}

// The schema names everything once, and Find finds all of it.
func TestAttributes(t *testing.T) {
	for i := range Attributes {
		a := &Attributes[i]
		if Find(a.Name) != a {
			t.Errorf("%s is not found, or stands twice", a.Name)
		}
		if a.Type == nil {
			t.Errorf("%s has no type", a.Name)
		}
		if a.Since != "" && a.Since <= BaseEnvoy {
			t.Errorf("%s says since %s, which every Envoy is", a.Name, a.Since)
		}
	}
	for _, name := range []string{"", "request", "request.headers.x", "identity.id"} {
		if Find(name) != nil {
			t.Errorf("%q is found", name)
		}
	}
}
