package celfront

import (
	"fmt"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"

	"moec.dev/moec/dsl/diag"
)

// written is a node with everything below it in one line: what it is, its type,
// and the overload of a call.
func written(e *Expr) string {
	var args []string
	for _, a := range e.Args {
		args = append(args, written(a))
	}
	head := e.Name
	switch e.Op {
	case Const:
		head = fmt.Sprintf("%#v", e.Value)
	case List:
		head = "list"
	case Map:
		head = "map"
	case Has:
		head = "has " + e.Name
	case Select:
		head = "." + e.Name
	case Macro:
		head = strings.Join(append([]string{"macro", e.Name}, e.Vars...), " ")
	}
	if e.Overload != "" {
		head += "/" + strings.ReplaceAll(e.Overload, " ", "|")
	}
	if len(args) > 0 {
		head += "(" + strings.Join(args, ", ") + ")"
	}
	return head + ":" + e.Type.String()
}

func TestTranslate(t *testing.T) {
	e := names(t)
	for _, c := range []struct{ text, want string }{
		// Functions that the parser takes for macros.
		{`math.greatest(1, n, 3)`, `math.greatest/math_@max_list_int(list(1:int, n:int, 3:int):list(int)):int`},
		{`math.least([n])`, `math.least/math_@min_list_int(list(n:int):list(int)):int`},
		{`math.least(dyn(1), 2u)`, `math.least/math_@min_uint_uint|math_@min_int_uint|math_@min_double_uint(dyn/to_dyn(1:int):dyn, 0x2:uint):dyn`},
		{`header("x") + cookie("y")`, `_+_/add_string(header/header("x":string):string, cookie/cookie("y":string):string):string`},
		{`twice(n)`, `twice/let_twice(n:int):int`},
		// Loops.
		{`[n].all(x, x > 1)`, `macro all x(list(n:int):list(int), _>_/greater_int64(x:int, 1:int):bool):bool`},
		{`{1: "a"}.exists(k, k > 1)`, `macro exists k(map(1:int, "a":string):map(int, string), _>_/greater_int64(k:int, 1:int):bool):bool`},
		{`{1: "a"}.all(k, v, v == "")`, `macro all k v(map(1:int, "a":string):map(int, string), _==_/equals(v:string, "":string):bool):bool`},
		{`["a"].existsOne(i, v, i == 0)`, `macro existsOne i v(list("a":string):list(string), _==_/equals(i:int, 0:int):bool):bool`},
		{`["a"].exists_one(v, true)`, `macro exists_one v(list("a":string):list(string), true:bool):bool`},
		{`[1].map(x, x > 1, string(x))`, `macro map x(list(1:int):list(int), _>_/greater_int64(x:int, 1:int):bool, string/int64_to_string(x:int):string):list(string)`},
		{`[1].filter(x, true)`, `macro filter x(list(1:int):list(int), true:bool):list(int)`},
		{`[1].map(int, int)`, `macro map int(list(1:int):list(int), int:int):list(int)`},
		{`[3].sortBy(x, -x)`, `macro sortBy x/list_int_sortByAssociatedKeys(list(3:int):list(int), -_/negate_int64(x:int):int):list(int)`},
		{`[3].transformList(i, v, i)`, `macro transformList i v(list(3:int):list(int), i:int):list(int)`},
		{`["a"].transformMap(i, v, v != "", i)`, `macro transformMap i v(list("a":string):list(string), _!=_/not_equals(v:string, "":string):bool, i:int):map(int, int)`},
		{`["a"].transformMapEntry(i, v, {v: i})`, `macro transformMapEntry i v(list("a":string):list(string), map(v:string, i:int):map(string, int)):map(string, int)`},
		// Names that are bound.
		{`cel.bind(x, optional.none(), x.orValue(1))`, `macro cel.bind x(optional.none/optional_none:int?, orValue/optional_orValue_value(x:int?, 1:int):int):int`},
		{`identity.claims.plan.optMap(p, p.size())`, `macro optMap p(identity.claims.plan:string?, size/string_size(p:string):int):int?`},
		{`identity.claims.plan.optFlatMap(p, optional.of(p))`, `macro optFlatMap p(identity.claims.plan:string?, optional.of/optional_of(p:string):string?):string?`},
		{`optional.of(1).optMap(p, p).optMap(q, q)`, `macro optMap q(macro optMap p(optional.of/optional_of(1:int):int?, p:int):int?, q:int):int?`},
		// What stands in macros is resolved like all else.
		{`[n].exists(x, optional.of(x).hasValue())`, `macro exists x(list(n:int):list(int), hasValue/optional_hasValue(optional.of/optional_of(x:int):int?):bool):bool`},
		{`[n].exists(x, cel.bind(y, math.greatest(x, twice(x)), y > 0 && has(request.headers.a)))`,
			`macro exists x(list(n:int):list(int), macro cel.bind y(math.greatest/math_@max_int_int(x:int, twice/let_twice(x:int):int):int, ` +
				`_&&_/logical_and(_>_/greater_int64(y:int, 0:int):bool, has a(request.headers:map(string, string)):bool):bool):bool):bool`},
		// Types as values, and the types of extensions.
		{`type(n) == int`, `_==_/equals(type/type(n:int):type, int:type):bool`},
		{`google.protobuf.Timestamp != type(now)`, `_!=_/not_equals(google.protobuf.Timestamp:type, type/type(now:timestamp):type):bool`},
		{`[int, null_type, net.IP, optional_type, google.protobuf.Duration]`, `list(int:type, null_type:type, net.IP:type, optional_type:type, google.protobuf.Duration:type):list(type)`},
		{`cidr("10.0.0.0/8").containsIP(ip("::1"))`, `containsIP/cidr_contains_ip_ip(cidr/string_to_cidr("10.0.0.0/8":string):net.CIDR, ip/string_to_ip("::1":string):net.IP):bool`},
		// Fields.
		{`dyn(n).a.?b.c`, `.c(_?._/select_optional_field(.a(dyn/to_dyn(n:int):dyn):dyn, "b":string):dyn?):dyn?`},
		{`null == dyn(b"x")`, `_==_/equals(<nil>:null, dyn/to_dyn([]byte{0x78}:bytes):dyn):bool`},
		{`[null, dyn(now)]`, `list(<nil>:null, dyn/to_dyn(now:timestamp):dyn):list(dyn)`},
	} {
		if got := written(checked(t, e, c.text).Root); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// What the language does not have gets its own reason, also where cel-go
// accepts it.
func TestRefused(t *testing.T) {
	e := names(t)
	for text, want := range map[string]string{
		`google.protobuf.NullValue.NULL_VALUE == 0`: "M0402 [google.protobuf.NullValue.NULL_VALUE] enums of protocol buffers are not part of the language | write the number",
		`type(n) == google.protobuf.Int64Value`:     "M0402 [google.protobuf.Int64Value] types of protocol buffers are not part of the language",
		`[1].map(x, google.protobuf.Empty{})`:       "M0402 [{] message literals are not part of the language | use a map or a list",
		`n == 1 ? null : now`:                       "M0301 [now] null and a timestamp have no type in common here | dyn(now)",
		`[[null], [now]]`:                           "M0301 [[null]] null and a timestamp have no type in common here | dyn([null])",
		`{"a": null, "b": duration("1s")}`:          "M0301 [null] null and a duration have no type in common here | dyn(null)",
		`optional.of(now).orValue(null)`:            `M0301 [null] null and a timestamp have no type in common here | dyn(null)`,
	} {
		var diags diag.List
		if e.Check(expression(text), &diags) != nil {
			t.Errorf("%s is accepted", text)
		}
		if got := shown(diags.Sorted()); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// Macros of other packages are translated from what they became.
func TestMacrosOfOthers(t *testing.T) {
	plain := cel.Macros(
		cel.GlobalMacro("both", 2, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			return eh.NewCall("_&&_", args...), nil
		}),
		cel.GlobalMacro("element", 1, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			return eh.NewIdent("@it"), nil
		}),
		cel.GlobalMacro("count", 1, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
			return eh.NewComprehension(args[0], "x", "@sum", eh.NewList(), eh.NewLiteral(celtypes.True), eh.NewIdent("@sum"), eh.NewIdent("@sum")), nil
		}))
	e, err := names(t).With(plain)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`both(n == 1, has(request.headers.a))`:                `_&&_/logical_and(_==_/equals(n:int, 1:int):bool, has a(request.headers:map(string, string)):bool):bool`,
		`[1].exists(element(0), both(element(0) == 1, true))`: `macro exists @it(list(1:int):list(int), _&&_/logical_and(_==_/equals(@it:int, 1:int):bool, true:bool):bool):bool`,
	} {
		if got := written(checked(t, e, text).Root); got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
	var diags diag.List
	if e.Check(expression(`count([1])`), &diags) != nil || diags.Len() == 0 || diags.Sorted()[0].Code.ID != "M0402" {
		t.Errorf("a loop that no macro of the language writes: %v", diags.Sorted())
	}
}

func TestSignature(t *testing.T) {
	for overload, want := range map[string]string{
		"equals":                               "[A A] bool",
		"in_list":                              "[A list(A)] bool",
		"index_map":                            "[map(A, B) A] B",
		"header":                               "[string] string",
		"cidr_contains_ip_string":              "[net.CIDR string] bool",
		"optional_map_optindex_optional_value": "[map(K, V)? K] V?",
		"string_format":                        "[string list(dyn)] string",
		"json_parse_string_type":               "[string type] T?",
	} {
		params, result, ok := Signature(overload)
		if got := fmt.Sprint(params, " ", result); !ok || got != want {
			t.Errorf("%s: %s %v, want %s", overload, got, ok, want)
		}
	}
	if _, _, ok := Signature("no_such"); ok {
		t.Error("an overload that does not exist has a signature")
	}
}
