package celfront

import (
	"net/netip"
	"reflect"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/parser"

	"moec.dev/moec/compiler/types"
)

// RequestVar is the hidden variable through which the evaluator reaches the
// request: cel-go gives functions their arguments and nothing else, so a macro
// passes it along.
const RequestVar = "__request"

var requestType = cel.OpaqueType("moe.request")

// RequestView is what the reference evaluator's functions read.
type RequestView interface {
	Header(name string) (string, error)
	HeaderValues(name string) []string
	Query(name string) (string, error)
	QueryValues(name string) []string
	Cookie(name string) (string, error)
	CallLet(name string, args []ref.Val) ref.Val
}

type requestValue struct{ view RequestView }

// WrapRequest makes a view a value for RequestVar.
func WrapRequest(v RequestView) ref.Val { return requestValue{v} }

func (r requestValue) ConvertToNative(reflect.Type) (any, error) { return r.view, nil }
func (r requestValue) ConvertToType(ref.Type) ref.Val {
	return celtypes.NewErr("a request has no other type")
}
func (r requestValue) Equal(ref.Val) ref.Val { return celtypes.False }
func (r requestValue) Type() ref.Type        { return requestType }
func (r requestValue) Value() any            { return r.view }

// Builtins are the functions that moe adds to CEL and that read the request,
// with the type of their result. Each takes one string.
var requestFunctions = []struct {
	name   string
	result *types.Type
	call   func(v RequestView, name string) ref.Val
}{
	{"header", types.StringType, func(v RequestView, n string) ref.Val { return text(v.Header(n)) }},
	{"header_values", types.ListOf(types.StringType), func(v RequestView, n string) ref.Val {
		return celtypes.NewStringList(celtypes.DefaultTypeAdapter, v.HeaderValues(n))
	}},
	{"query", types.StringType, func(v RequestView, n string) ref.Val { return text(v.Query(n)) }},
	{"query_values", types.ListOf(types.StringType), func(v RequestView, n string) ref.Val {
		return celtypes.NewStringList(celtypes.DefaultTypeAdapter, v.QueryValues(n))
	}},
	{"cookie", types.StringType, func(v RequestView, n string) ref.Val { return text(v.Cookie(n)) }},
}

func text(s string, err error) ref.Val {
	if err != nil {
		return celtypes.WrapErr(err)
	}
	return celtypes.String(s)
}

// hidden is the name under which a function that takes the request is declared.
func hidden(name string) string { return "__" + name }

// passRequest makes name(args) mean __name(__request, args).
func passRequest(name string, count int) cel.EnvOption {
	return cel.Macros(cel.GlobalMacro(name, count, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		return eh.NewCall(hidden(name), append([]ast.Expr{eh.NewIdent(RequestVar)}, args...)...), nil
	}))
}

func builtins() []cel.EnvOption {
	var opts []cel.EnvOption
	for _, f := range requestFunctions {
		opts = append(opts, passRequest(f.name, 1), cel.Function(hidden(f.name),
			cel.Overload(f.name, []*cel.Type{requestType, cel.StringType}, toCEL(f.result),
				cel.BinaryBinding(func(r, n ref.Val) ref.Val {
					return f.call(r.Value().(RequestView), string(n.(celtypes.String)))
				}))))
	}
	opts = append(opts, cel.Function("in_cidr",
		cel.Overload("in_cidr_string", []*cel.Type{cel.StringType, cel.StringType}, cel.BoolType, cel.BinaryBinding(inCIDR)),
		cel.Overload("in_cidr_list", []*cel.Type{cel.StringType, cel.ListType(cel.StringType)}, cel.BoolType, cel.BinaryBinding(inCIDR)),
	), cel.Function("int_or",
		cel.Overload("int_or_string_int", []*cel.Type{cel.StringType, cel.IntType}, cel.IntType, cel.BinaryBinding(intOr)),
	))
	return append(opts, jsonParse())
}

// inCIDR is true if the address lies in one of the blocks. IPv4-mapped IPv6
// addresses count as IPv4. Text that is no address or no block is an error.
func inCIDR(ip, blocks ref.Val) ref.Val {
	addr, err := netip.ParseAddr(string(ip.(celtypes.String)))
	if err != nil {
		return celtypes.NewErr("in_cidr: %q is not an IP address", string(ip.(celtypes.String)))
	}
	var list []string
	if l, ok := blocks.(traits.Lister); ok {
		for i := celtypes.Int(0); i < l.Size().(celtypes.Int); i++ {
			list = append(list, string(l.Get(i).(celtypes.String)))
		}
	} else {
		list = []string{string(blocks.(celtypes.String))}
	}
	found := false
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return celtypes.NewErr("in_cidr: %q is not a CIDR block", s)
		}
		found = found || p.Contains(addr.Unmap().WithZone(""))
	}
	return celtypes.Bool(found)
}

// intOr converts decimal text, or returns the second argument.
func intOr(s, otherwise ref.Val) ref.Val {
	t := string(s.(celtypes.String))
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || strings.HasPrefix(t, "+") {
		return otherwise
	}
	return celtypes.Int(n)
}

// letFunction declares a let with parameters; the view evaluates it.
func letFunction(f Function) []cel.EnvOption {
	params := []*cel.Type{requestType}
	for _, p := range f.Params {
		params = append(params, toCEL(p))
	}
	var opts []cel.EnvOption
	if !strings.Contains(f.Name, ".") { // those of modules: see inline.go
		opts = append(opts, passRequest(f.Name, len(f.Params)))
	}
	return append(opts, cel.Function(hidden(f.Name),
		cel.Overload("let_"+f.Name, params, toCEL(f.Result), cel.FunctionBinding(func(args ...ref.Val) ref.Val {
			return args[0].Value().(RequestView).CallLet(f.Name, args[1:])
		}))))
}
