package contest

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/ext"
	"cel.dev/cel-go/parser"
)

// attributes are the variables that do not belong to a row.
var attributes = map[string]*cel.Type{
	"request.path":                   cel.StringType,
	"request.url_path":               cel.StringType,
	"request.host":                   cel.StringType,
	"request.scheme":                 cel.StringType,
	"request.method":                 cel.StringType,
	"request.headers":                cel.MapType(cel.StringType, cel.StringType),
	"request.time":                   cel.TimestampType,
	"now":                            cel.TimestampType,
	"source.ip":                      cel.StringType,
	"source.port":                    cel.IntType,
	"destination.port":               cel.IntType,
	"identity.subject":               cel.StringType,
	"identity.groups":                cel.ListType(cel.StringType),
	"identity.claims.issuer":         cel.StringType,
	"identity.claims.plan":           cel.OptionalType(cel.StringType),
	"identity.claims.group":          cel.OptionalType(cel.StringType),
	"identity.claims.roles":          cel.ListType(cel.StringType),
	"identity.claims.email_verified": cel.OptionalType(cel.BoolType),
	"identity.claims.exp":            cel.IntType,
	"identity.claims.nbf":            cel.IntType,
}

// The kinds of variables that reads of a request become, before their name.
const (
	headerVariable = "@header "
	queryVariable  = "@query "
	cookieVariable = "@cookie "
)

// Expression is a row's text as cel-go has understood it.
type Expression struct {
	env *cel.Env
	ast *cel.Ast
	// Variables are the names that the expression reads, in some fixed order.
	Variables []string
}

// Check reads a row for cel-go, with the options that moe's semantics are those
// of, and with every advantage that a program around cel-go could give it: what
// header, query and cookie read is a variable, found before, and constant
// address blocks are parsed once.
func Check(text string, params []Param) (*Expression, error) {
	reads := map[string]bool{}
	var blocks []netip.Prefix
	var opts []cel.EnvOption
	for name, t := range attributes {
		opts = append(opts, cel.Variable(name, t))
	}
	for _, p := range params {
		opts = append(opts, cel.Variable(p.Name, p.Type))
	}
	opts = append(opts, cel.StdLib(), cel.OptionalTypes(),
		ext.Strings(), ext.Math(), ext.Sets(), ext.Lists(), ext.Encoders(), ext.Bindings(), ext.Network(), ext.TwoVarComprehensions(),
		cel.CrossTypeNumericComparisons(true), cel.DefaultUTCTimeZone(true),
		reading("header", headerVariable, reads), reading("query", queryVariable, reads), reading("cookie", cookieVariable, reads),
		inBlocks(&blocks),
		cel.Function("int_or", cel.Overload("int_or", []*cel.Type{cel.StringType, cel.IntType}, cel.IntType, cel.BinaryBinding(intOr))))
	env, err := cel.NewCustomEnv(opts...)
	if err != nil {
		return nil, err
	}
	parsed, iss := env.Parse(text)
	if iss.Err() != nil {
		return nil, iss.Err()
	}
	opts = []cel.EnvOption{cel.Function("@in_blocks", cel.Overload("in_blocks", []*cel.Type{cel.StringType}, cel.BoolType,
		cel.UnaryBinding(func(v ref.Val) ref.Val { return contains(blocks, v) })))}
	for name := range reads {
		opts = append(opts, cel.Variable(name, cel.StringType))
	}
	if env, err = env.Extend(opts...); err != nil {
		return nil, err
	}
	checked, iss := env.Check(parsed)
	if iss.Err() != nil {
		return nil, iss.Err()
	}
	x := &Expression{env: env, ast: checked}
	known := map[string]bool{}
	for name := range attributes {
		known[name] = true
	}
	for name := range reads {
		known[name] = true
	}
	for _, p := range params {
		known[p.Name] = true
	}
	for _, r := range checked.NativeRep().ReferenceMap() {
		if known[r.Name] {
			known[r.Name] = false
			x.Variables = append(x.Variables, r.Name)
		}
	}
	return x, nil
}

// program plans the expression.
func (x *Expression) program() (cel.Program, error) {
	return x.env.Program(x.ast, cel.EvalOptions(cel.OptOptimize))
}

// reading makes name("x") the variable "@name x".
func reading(name, variable string, reads map[string]bool) cel.EnvOption {
	return cel.Macros(cel.GlobalMacro(name, 1, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		s, ok := args[0].AsLiteral().(types.String)
		if !ok {
			return nil, eh.NewError(args[0].ID(), "not a constant")
		}
		reads[variable+string(s)] = true
		return eh.NewIdent(variable + string(s)), nil
	}))
}

// inBlocks makes in_cidr(x, ["..."]) a function of x. A row has one list.
func inBlocks(blocks *[]netip.Prefix) cel.EnvOption {
	return cel.Macros(cel.GlobalMacro("in_cidr", 2, func(eh parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if args[1].Kind() != ast.ListKind || len(*blocks) > 0 {
			return nil, eh.NewError(args[1].ID(), "not the only constant list of blocks")
		}
		for _, e := range args[1].AsList().Elements() {
			s, _ := e.AsLiteral().(types.String)
			p, err := netip.ParsePrefix(string(s))
			if err != nil {
				return nil, eh.NewError(e.ID(), err.Error())
			}
			*blocks = append(*blocks, p)
		}
		return eh.NewCall("@in_blocks", args[0]), nil
	}))
}

func contains(blocks []netip.Prefix, v ref.Val) ref.Val {
	a, err := netip.ParseAddr(string(v.(types.String)))
	if err != nil {
		return types.NewErr("in_cidr: %v", err)
	}
	a = a.Unmap().WithZone("")
	for _, p := range blocks {
		if p.Contains(a) {
			return types.True
		}
	}
	return types.False
}

func intOr(s, otherwise ref.Val) ref.Val {
	t := string(s.(types.String))
	n, err := strconv.ParseInt(t, 10, 64)
	if err != nil || strings.HasPrefix(t, "+") {
		return otherwise
	}
	return types.Int(n)
}

// evaluator is cel-go's side of a row.
type evaluator struct {
	program     cel.Program
	activations []any
}

// Run implements Side.
func (e *evaluator) Run(n int) (sum uint64) {
	for i := range n {
		v, _, err := e.program.Eval(e.activations[i&(Inputs-1)])
		if err != nil {
			sum += Failed
			continue
		}
		switch v := v.(type) {
		case types.Bool:
			sum += FoldBool(bool(v))
		case types.String:
			sum += FoldString(string(v))
		case types.Int:
			sum += FoldInt(int64(v))
		}
	}
	return sum
}

// Value implements Side.
func (e *evaluator) Value(i int) (any, error) {
	v, _, err := e.program.Eval(e.activations[i])
	if err != nil {
		return nil, err
	}
	switch v.(type) {
	case types.Bool, types.String, types.Int:
		return v.Value(), nil
	}
	return nil, fmt.Errorf("a result of type %s is not compared here", v.Type().TypeName())
}
