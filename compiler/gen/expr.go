package gen

import (
	"fmt"
	"time"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// goType is the Go type in which values of a type are computed.
func goType(t *types.Type) *Statement {
	switch t.Kind {
	case types.Bool:
		return Bool()
	case types.Int:
		return Int64()
	case types.Uint:
		return Uint64()
	case types.Double:
		return Float64()
	case types.String:
		return String()
	case types.Duration:
		return Qual("time", "Duration")
	case types.Timestamp:
		return Qual("time", "Time")
	case types.List:
		return Index().Add(goType(t.Elem))
	case types.Optional:
		return Qual(evalPkg, "Optional").Types(goType(t.Elem))
	case types.Map:
		return Qual(evalPkg, "Map").Types(goType(t.Key), goType(t.Elem))
	case types.Record:
		return recordType(t)
	}
	if name, ok := ownTypes[t.Kind]; ok {
		return Qual(evalPkg, name)
	}
	panic("gen: no Go type for " + t.String())
}

// ownTypes are the types of runtime/eval.
var ownTypes = map[types.Kind]string{types.Bytes: "Bytes", types.Null: "Null", types.Dyn: "Value", types.TypeOf: "Type",
	types.IP: "IP", types.CIDR: "CIDR"}

// literal writes a constant of a type.
func literal(v any, t *types.Type) *Statement {
	switch t.Kind {
	case types.Bytes, types.TypeOf:
		return goType(t).Call(Lit(v))
	case types.Null:
		return Parens(goType(t).Values())
	}
	switch v := v.(type) {
	case []string:
		return Index().String().ValuesFunc(func(g *Group) {
			for _, s := range v {
				g.Lit(s)
			}
		})
	case time.Duration:
		return Qual("time", "Duration").Call(Lit(int(v)))
	case time.Time:
		return Qual("time", "Unix").Call(Lit(int(v.Unix())), Lit(v.Nanosecond())).Dot("UTC").Call()
	case float64:
		return double(v)
	default:
		return Lit(v)
	}
}

// double writes a number, also those that Go has no literal for.
func double(v float64) *Statement {
	switch s := fmt.Sprintf("%#v", v); s {
	case "+Inf":
		return Qual("math", "Inf").Call(Lit(1))
	case "-Inf":
		return Qual("math", "Inf").Call(Lit(-1))
	case "NaN":
		return Qual("math", "NaN").Call()
	case "-0":
		return Qual("math", "Copysign").Call(Lit(0), Lit(-1))
	default:
		return Float64().Call(Op(s))
	}
}

// value writes an expression that cannot fail.
func (w *writer) value(e *ir.Expr) *Statement {
	if w.needsStatements(e) {
		return Func().Params().Add(goType(e.Type)).Block(w.body(e)...).Call()
	}
	var args []*Statement
	for i, a := range e.Args {
		if w.skips(e, i) {
			args = append(args, Null())
			continue
		}
		args = append(args, w.value(a))
	}
	return w.apply(e, args)
}

// needsStatements reports whether an expression has no form as a Go expression.
func (w *writer) needsStatements(e *ir.Expr) bool {
	switch e.Op {
	case "if", "bind", "bind-lazy", "all", "exists", "exists-one", "filter", "map", "transform-map", "transform-entry":
		return true
	}
	if e.Optional != nil {
		return true
	}
	for _, a := range e.Args {
		if w.needsStatements(a) {
			return true
		}
	}
	return false
}

// computed keeps a double from being one of Go's constants, whose arithmetic is
// exact, has no infinity and no negative zero.
func computed(e *ir.Expr, x *Statement) *Statement {
	if constantInGo(e) {
		return Qual(evalPkg, "Double").Call(x)
	}
	return x
}

// constantInGo reports whether what is written for a number is one of Go's
// constants.
func constantInGo(e *ir.Expr) bool {
	switch e.Op {
	case "const", "to-double":
		return true
	case "bind", "bind-lazy", "cast":
		return constantInGo(e.Args[len(e.Args)-1])
	}
	return false
}

// apply writes an operation over arguments that are written already. It does
// not serve operations that can fail; see fallible.
func (w *writer) apply(e *ir.Expr, a []*Statement) *Statement {
	s := w.self()
	switch e.Op {
	case "const":
		if e.Type.Kind == types.Timestamp {
			return w.static("at", "time "+e.String(), literal(e.Value, e.Type))
		}
		return literal(e.Value, e.Type)
	case "var":
		return Id(variable(e.Name))
	case "let":
		return s.Dot(letFunc(e.Name)).Call(codes(a)...)
	case "call":
		if made := w.madeAtLoad(e, a); made != nil {
			return made
		}
		if counts(e) {
			return w.within(e.Type, w.functionCall(e, a))
		}
		return w.functionCall(e, a)
	case "cast":
		if from := e.Args[0].Type; (from.Kind == types.List || from.Kind == types.Map) && !constant(e.Args[0]) {
			return w.cast(from, e.Type, w.within(from, a[0])) // it is copied, also where it is put under dyn
		}
		return w.cast(e.Args[0].Type, e.Type, a[0])
	case "is":
		return Parens(a[0].Dot("Kind").Call().Op("==").Qual(evalPkg, kindName(e.Of)))

	case "and":
		return Parens(a[0].Op("&&").Add(a[1]))
	case "or":
		return Parens(a[0].Op("||").Add(a[1]))
	case "not":
		return Op("!").Add(a[0])
	case "==", "!=", "<", "<=", ">", ">=":
		return w.compare(e, a)
	case "+", "-", "*", "/":
		return Parens(computed(e.Args[0], a[0]).Op(string(e.Op)).Add(a[1]))
	case "negate":
		return Op("-").Parens(computed(e.Args[0], a[0]))
	case "concat":
		return w.concat(a)
	case "size":
		if sp := w.splitOf(e.Args[0]); sp != nil {
			return Qual(evalPkg, "SplitSize").Call(w.value(sp.Args[0]), w.value(sp.Args[1]))
		}
		return size(e.Args[0].Type, a[0])
	case "contains":
		if part, ok := e.Args[1].Value.(string); ok && e.Args[1].Op == "const" && len(part) == 1 {
			return Parens(Qual("strings", "IndexByte").Call(a[0], LitByte(part[0])).Op(">=").Lit(0))
		}
		return Qual("strings", "Contains").Call(a[0], a[1])
	case "starts-with":
		return Qual("strings", "HasPrefix").Call(a[0], a[1])
	case "ends-with":
		return Qual("strings", "HasSuffix").Call(a[0], a[1])
	case "matches":
		return w.regex(e.Value.(string)).Dot("MatchString").Call(a[0])
	case "match-sequence":
		return w.sequence(e.Value.(ir.Sequence)).Dot("Match").Call(a[0])
	case "to-int", "to-uint", "to-double", "to-bool", "to-duration", "to-timestamp":
		return w.convert(e, a[0])
	case "to-string":
		return s.Dot(map[types.Kind]string{types.Int: "FormatInt", types.Uint: "FormatUint", types.Double: "FormatDouble", types.Bool: "FormatBool"}[e.Args[0].Type.Kind]).Call(a[0])

	case "list":
		return w.listLiteral(e, a)
	case "map-literal":
		return w.mapLiteral(e, a)
	case "in":
		return w.in(e, a)
	case "lookup-has", "lookup-optional":
		return Qual(evalPkg, lookup(e)).Call(a[0], a[1])
	case "index-optional":
		if sp := w.splitOf(e.Args[0]); sp != nil {
			return Qual(evalPkg, "SplitOptionalIndex").Call(w.value(sp.Args[0]), w.value(sp.Args[1]), a[1])
		}
		return Qual(evalPkg, "OptionalIndex").Call(a[0], a[1])
	case "or-value":
		return a[0].Dot("OrValue").Call(a[1])
	case "has-value":
		return a[0].Dot("OK")
	case "unwrap":
		return a[0].Dot("Value")
	case "or-optional":
		return a[0].Dot("Or").Call(a[1])
	case "some":
		return Qual(evalPkg, "Some").Call(a[0])
	case "none": // in parentheses, for it may stand before a block
		return Parens(goType(e.Type).Values())
	case "get":
		return w.getter(e, a[0])
	case "int-or":
		return Qual(evalPkg, "IntOr").Call(a[0], a[1])
	}
	return w.read(e, a)
}

func codes(a []*Statement) []Code {
	var out []Code
	for _, x := range a {
		out = append(out, x)
	}
	return out
}

// functionCall calls a function of runtime/eval.
func (w *writer) functionCall(e *ir.Expr, a []*Statement) *Statement {
	f := ir.Functions[e.Name]
	if e.Name == "list_distinct" {
		switch e.Type.Elem.Kind {
		case types.String, types.Int, types.Uint, types.Bytes:
			return Qual(evalPkg, "DistinctScalars").Call(a[0])
		}
	}
	var args []Code
	if f.Arena {
		args = append(args, Op("&").Add(w.self()).Dot("Scratch"))
	}
	args = append(args, codes(a)...)
	if f.Equal || f.Order {
		args = append(args, w.comparer(e, f))
	}
	return Qual(evalPkg, f.Go).Call(args...)
}

// comparer is the function that a list function compares elements with: those
// of its first list, or the keys' where there are some.
func (w *writer) comparer(e *ir.Expr, f ir.Function) Code {
	var elem *types.Type
	for _, a := range e.Args {
		if (a.Type.Kind == types.List || a.Type.Kind == types.Optional) && (elem == nil || f.Order) {
			elem = a.Type.Elem
		}
	}
	if f.Equal {
		return w.equal(elem)
	}
	return order(elem)
}

func (w *writer) concat(a []*Statement) *Statement {
	switch len(a) {
	case 2:
		return w.self().Dot("Concat2").Call(codes(a)...)
	case 3:
		return w.self().Dot("Concat3").Call(codes(a)...)
	}
	return w.self().Dot("Concat").Call(codes(a)...)
}

func size(t *types.Type, x *Statement) *Statement {
	switch t.Kind {
	case types.String:
		return Qual(evalPkg, "Size").Call(x)
	case types.Map:
		return x.Dot("Len").Call()
	}
	return Int64().Call(Len(x))
}

// regex is a pattern compiled when the library is loaded.
func (w *writer) regex(pattern string) *Statement {
	return w.static("pattern", "regexp "+pattern, Qual("regexp", "MustCompile").Call(Lit(pattern)))
}

// static is a package variable that is made when the library is loaded; one of
// the same kind and content is used again.
func (w *writer) static(prefix, content string, value Code) *Statement {
	return w.staticFunc(prefix, content, func(id string) Code { return Var().Id(id).Op("=").Add(value) })
}

// staticFunc is a function of the package; one of the same content is used
// again.
func (w *writer) staticFunc(prefix, content string, write func(id string) Code) *Statement {
	if w.statics == nil {
		w.statics = map[string]string{}
	}
	id, ok := w.statics[content]
	if !ok {
		id = fmt.Sprintf("%s%d", prefix, len(w.statics))
		w.statics[content] = id
		w.pending = append(w.pending, write(id))
	}
	return Id(id)
}

// getter reads a part of a time, in UTC or in a zone that is known when the
// library is loaded.
func (w *writer) getter(e *ir.Expr, t *Statement) *Statement {
	if zone, ok := e.Value.(string); ok {
		w.zones = true
		t = t.Dot("In").Call(w.static("zone", "zone "+zone, Qual(evalPkg, "Zone").Call(Lit(zone))))
	} else {
		if name, ok := arithmeticGetters[e.Name]; ok {
			return Qual(evalPkg, name).Call(t)
		}
		t = t.Dot("UTC").Call() // text may have brought an offset along
	}
	part := map[string]string{"getFullYear": "Year", "getMonth": "Month", "getDate": "Day", "getDayOfMonth": "Day", "getDayOfWeek": "Weekday",
		"getDayOfYear": "YearDay", "getHours": "Hour", "getMinutes": "Minute", "getSeconds": "Second", "getMilliseconds": "Nanosecond"}[e.Name]
	v := Int64().Call(t.Dot(part).Call())
	switch e.Name {
	case "getMonth", "getDayOfMonth", "getDayOfYear": // CEL counts these from 0
		return Parens(v.Op("-").Lit(1))
	case "getMilliseconds":
		return Parens(v.Op("/").Lit(1_000_000))
	}
	return v
}

// arithmeticGetters need no calendar in UTC.
var arithmeticGetters = map[string]string{"getDayOfWeek": "WeekdayUTC", "getHours": "HourUTC", "getMinutes": "MinuteUTC",
	"getSeconds": "SecondUTC", "getMilliseconds": "MillisecondUTC"}
