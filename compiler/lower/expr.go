package lower

import (
	"net/netip"
	"strings"
	"time"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// lower turns one node of the typed tree into IR.
func (x *expression) lower(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: e.Type, Span: e.Span}
	switch e.Op {
	case celfront.Const:
		if why := unsupported(e.Type); why != "" {
			return x.notYet(e, why)
		}
		out.Op, out.Value = "const", e.Value
		return out
	case celfront.Var:
		if isHeaders(e) == "" {
			if why := unsupported(e.Type); why != "" {
				return x.notYet(e, why)
			}
		}
		return x.name(e)
	case celfront.Select, celfront.Has:
		if side := isHeaders(e.Args[0]); side != "" {
			how := "at"
			if e.Op == celfront.Has {
				how = "has"
			}
			return x.headerAccess(e, side, how, &celfront.Expr{Op: celfront.Const, Type: types.StringType, Value: e.Name, Span: e.Span})
		}
		return x.notYet(e, "selecting a field of a "+e.Args[0].Type.String())
	case celfront.List:
		return x.list(e)
	case celfront.Map:
		return x.notYet(e, "a map literal")
	case celfront.Macro:
		return x.macro(e)
	}
	return x.call(e)
}

// isHeaders says whether a node is all the headers of the request or response.
func isHeaders(e *celfront.Expr) string {
	if e.Op == celfront.Var && (e.Name == "request.headers" || e.Name == "response.headers") {
		return strings.TrimSuffix(e.Name, ".headers")
	}
	return ""
}

// unsupported says why values of a type have no Go form yet, or "".
func unsupported(t *types.Type) string {
	switch t.Kind {
	case types.Bool, types.Int, types.Uint, types.Double, types.String, types.Duration, types.Timestamp:
		return ""
	case types.List, types.Optional:
		return unsupported(t.Elem)
	case types.Dyn:
		return "a value whose type is known only at run time"
	}
	return "a value of type " + t.String()
}

// headerAccess is headers[k], k in headers, headers[?k] in either direction.
func (x *expression) headerAccess(e *celfront.Expr, side, how string, key *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: e.Type, Span: e.Span}
	name, isConst := key.Value.(string)
	if side == "request" && key.Op == celfront.Const && isConst && name == strings.ToLower(name) && !strings.HasPrefix(name, ":") {
		out.Op, out.Index = ir.Op("header-"+how), slot(&x.Headers, name)
		return out
	}
	prefix := "headers-"
	if side == "response" {
		prefix = "response-"
	}
	out.Op, out.Args = ir.Op(prefix+how), []*ir.Expr{x.lower(key)}
	return out
}

func (x *expression) list(e *celfront.Expr) *ir.Expr {
	if why := unsupported(e.Type); why != "" {
		return x.notYet(e, why)
	}
	out := &ir.Expr{Op: "list", Type: e.Type, Span: e.Span}
	for i, a := range e.Args {
		if e.Optional[i] {
			return x.notYet(a, "an optional element of a list")
		}
		out.Args = append(out.Args, x.lower(a))
	}
	return out
}

// macro lowers all, exists, exists_one, filter and map over lists.
func (x *expression) macro(e *celfront.Expr) *ir.Expr {
	ops := map[string]ir.Op{"all": "all", "exists": "exists", "exists_one": "exists-one", "existsOne": "exists-one", "filter": "filter", "map": "map"}
	op, ok := ops[e.Name]
	if !ok || len(e.Vars) != 1 || len(e.Args) != 2 {
		return x.notYet(e, "the macro "+e.Name+" in this form")
	}
	if isHeaders(e.Args[0]) != "" || e.Args[0].Type.Kind != types.List {
		return x.notYet(e.Args[0], "a loop over a "+e.Args[0].Type.String())
	}
	if why := unsupported(e.Type); why != "" {
		return x.notYet(e, why)
	}
	out := &ir.Expr{Op: op, Type: e.Type, Span: e.Span, Name: e.Vars[0]}
	out.Args = append(out.Args, x.lower(e.Args[0]))
	before := x.bound
	x.bound = map[string]bool{e.Vars[0]: true}
	for n := range before {
		x.bound[n] = true
	}
	out.Args = append(out.Args, x.lower(e.Args[1]))
	x.bound = before
	return out
}

// stringFunctions are calls that map one to one.
var directCalls = map[string]ir.Op{
	"contains": "contains", "startsWith": "starts-with", "endsWith": "ends-with",
	"_==_": "==", "_!=_": "!=", "_<_": "<", "_<=_": "<=", "_>_": ">", "_>=_": ">=",
	"_-_": "-", "_*_": "*", "_/_": "/", "_%_": "%", "-_": "negate",
	"_&&_": "and", "_||_": "or", "!_": "not", "_?_:_": "if",
	"int": "to-int", "uint": "to-uint", "double": "to-double", "bool": "to-bool", "string": "to-string",
	"orValue": "or-value", "hasValue": "has-value", "value": "value", "or": "or-optional",
	"optional.of": "some", "optional.none": "none", "int_or": "int-or",
}

// getters of a timestamp, in UTC.
var getters = map[string]bool{"getFullYear": true, "getMonth": true, "getDate": true, "getDayOfMonth": true,
	"getDayOfWeek": true, "getDayOfYear": true, "getHours": true, "getMinutes": true, "getSeconds": true, "getMilliseconds": true}

func (x *expression) call(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: e.Type, Span: e.Span}
	if strings.HasPrefix(e.Overload, "let_") {
		out.Op, out.Name = "let", e.Name
		for _, a := range e.Args {
			out.Args = append(out.Args, x.lower(a))
		}
		return out
	}
	switch e.Overload {
	case "header":
		return x.header(out, strings.ToLower(e.Args[0].Value.(string)))
	case "header_values":
		out.Op, out.Index = "header-values", slot(&x.Headers, strings.ToLower(e.Args[0].Value.(string)))
		return out
	case "query":
		out.Op, out.Index = "query", slot(&x.Queries, e.Args[0].Value.(string))
		return out
	case "query_values":
		out.Op, out.Name = "query-values", e.Args[0].Value.(string)
		out.Index = slot(&x.Lists, out.Name)
		return out
	case "cookie":
		out.Op, out.Index = "cookie", slot(&x.Cookies, e.Args[0].Value.(string))
		return out
	case "in_cidr_string", "in_cidr_list":
		return x.inCIDR(e, out)
	}
	if why := unsupported(e.Type); why != "" {
		return x.notYet(e, why)
	}
	switch e.Name {
	case "@in":
		if side := isHeaders(e.Args[1]); side != "" {
			return x.headerAccess(e, side, "has", e.Args[0])
		}
		if e.Args[1].Type.Kind != types.List || !e.Args[0].Type.Equal(e.Args[1].Type.Elem) {
			return x.notYet(e, "`in` for a "+e.Args[1].Type.String())
		}
		out.Op = "in"
	case "_[_]", "_[?_]", "_?._":
		how := map[string]string{"_[_]": "at", "_[?_]": "optional", "_?._": "optional"}[e.Name]
		if side := isHeaders(e.Args[0]); side != "" {
			return x.headerAccess(e, side, how, e.Args[1])
		}
		if e.Args[0].Type.Kind != types.List || e.Args[1].Type.Kind != types.Int {
			return x.notYet(e, "indexing a "+e.Args[0].Type.String()+" by "+e.Args[1].Type.String())
		}
		out.Op = map[string]ir.Op{"at": "index", "optional": "index-optional"}[how]
	case "_+_":
		switch e.Type.Kind {
		case types.String:
			return x.concat(e, out)
		case types.List:
			return x.notYet(e, "joining lists")
		}
		out.Op = "+"
	case "size":
		if isHeaders(e.Args[0]) != "" || e.Args[0].Type.Kind != types.String && e.Args[0].Type.Kind != types.List {
			return x.notYet(e, "size of a "+e.Args[0].Type.String())
		}
		out.Op = "size"
	case "matches":
		out.Op, out.Value = "matches", e.Args[1].Value
		out.Args = []*ir.Expr{x.lower(e.Args[0])}
		return out
	case "duration", "timestamp":
		return x.timeConversion(e, out)
	default:
		if getters[e.Name] {
			if len(e.Args) != 1 {
				return x.notYet(e, e.Name+" with a time zone")
			}
			if e.Args[0].Type.Kind != types.Timestamp {
				return x.notYet(e, e.Name+" of a duration")
			}
			out.Op, out.Name = "get", e.Name
			break
		}
		op, ok := directCalls[e.Name]
		if !ok {
			return x.notYet(e, "the function "+e.Name)
		}
		out.Op = op
	}
	for _, a := range e.Args {
		if isHeaders(a) != "" {
			return x.notYet(a, "using all headers as one value")
		}
		if why := unsupported(a.Type); why != "" {
			return x.notYet(a, why)
		}
		out.Args = append(out.Args, x.lower(a))
	}
	return x.comparable(e, out)
}

// comparable refuses comparisons that have no Go form yet, and timestamps to
// text, whose spelling is cel-go's own.
func (x *expression) comparable(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	switch out.Op {
	case "==", "!=", "in":
		t := out.Args[0].Type
		if t.Kind == types.Optional || t.Kind == types.List && (t.Elem.Kind == types.List || t.Elem.Kind == types.Optional || t.Elem.Kind == types.Timestamp) ||
			out.Op == "in" && (t.Kind == types.List || t.Kind == types.Timestamp) {
			return x.notYet(e, "comparing values of type "+t.String())
		}
		if out.Op != "in" && !t.Equal(out.Args[1].Type) {
			return x.notYet(e, "comparing "+t.String()+" with "+out.Args[1].Type.String())
		}
	case "to-string":
		switch out.Args[0].Type.Kind {
		case types.String:
			return out.Args[0]
		case types.Int, types.Uint, types.Double, types.Bool:
		default:
			return x.notYet(e, "string( ) of a "+out.Args[0].Type.String())
		}
	case "to-int", "to-uint", "to-double", "to-bool":
		if out.Args[0].Type.Equal(out.Type) {
			return out.Args[0]
		}
	}
	return out
}

// concat flattens a + b + c, so that one string is built instead of two.
func (x *expression) concat(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	out.Op = "concat"
	var flatten func(e *celfront.Expr)
	flatten = func(e *celfront.Expr) {
		if e.Op == celfront.Call && e.Name == "_+_" && e.Type.Kind == types.String {
			flatten(e.Args[0])
			flatten(e.Args[1])
			return
		}
		out.Args = append(out.Args, x.lower(e))
	}
	flatten(e)
	return out
}

// inCIDR takes constant blocks, so that they are parsed with the policy.
func (x *expression) inCIDR(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	blocks := []*celfront.Expr{e.Args[1]}
	if e.Args[1].Op == celfront.List {
		blocks = e.Args[1].Args
	}
	var texts []string
	for _, b := range blocks {
		s, ok := b.Value.(string)
		if !ok || b.Op != celfront.Const {
			return x.notYet(b, "in_cidr with blocks that are not constants")
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			x.diags.Add(diag.BadExpression, b.Span, "%q is not a CIDR block", s).Helpf(`"10.0.0.0/8"`)
			continue
		}
		if p.Addr().Is4In6() {
			d := x.diags.Add(diag.BadExpression, b.Span, "addresses are compared as IPv4 where they are IPv4: this block never matches")
			if p.Bits() >= 96 {
				d.Helpf("%q", netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96).Masked().String())
			}
			continue
		}
		if p != p.Masked() {
			x.diags.Add(diag.BadExpression, b.Span, "%s has bits beyond its prefix", s).Helpf("%q", p.Masked().String())
			continue
		}
		texts = append(texts, s)
	}
	out.Op, out.Value = "in-cidr", texts
	out.Args = []*ir.Expr{x.lower(e.Args[0])}
	return out
}

// timeConversion folds duration("5s") and timestamp("...").
func (x *expression) timeConversion(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	a := e.Args[0]
	if a.Type.Equal(e.Type) {
		return x.lower(a)
	}
	if a.Type.Kind != types.String {
		return x.notYet(e, e.Name+"( ) of a "+a.Type.String())
	}
	if s, ok := a.Value.(string); ok && a.Op == celfront.Const {
		out.Op = "const"
		if e.Name == "duration" {
			d, err := time.ParseDuration(s)
			if err != nil {
				x.diags.Add(diag.BadExpression, a.Span, "%q is not a duration", s).Helpf(`"1h30m"`)
			}
			out.Value = d
			return out
		}
		t, err := time.Parse(time.RFC3339, s)
		if t = t.UTC(); err != nil {
			x.diags.Add(diag.BadExpression, a.Span, "%q is not a time of RFC 3339", s).Helpf(`"2026-01-01T00:00:00Z"`)
		} else if t.Year() < 1 || t.Year() > 9999 {
			x.diags.Add(diag.BadExpression, a.Span, "%q lies outside the years 1 to 9999", s)
		}
		out.Value = t
		return out
	}
	out.Op = ir.Op("to-" + e.Name)
	out.Args = []*ir.Expr{x.lower(a)}
	return out
}
