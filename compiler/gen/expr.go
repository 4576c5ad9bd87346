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
	}
	panic("gen: no Go type for " + t.String())
}

// literal writes a constant.
func literal(v any) *Statement {
	switch v := v.(type) {
	case time.Duration:
		return Qual("time", "Duration").Call(Lit(int(v)))
	case time.Time:
		return Qual("time", "Unix").Call(Lit(int(v.Unix())), Lit(v.Nanosecond())).Dot("UTC").Call()
	case []string:
		return Index().String().ValuesFunc(func(g *Group) {
			for _, s := range v {
				g.Lit(s)
			}
		})
	case float64:
		return Float64().Call(Op(fmt.Sprintf("%#v", v)))
	default:
		return Lit(v)
	}
}

// value writes an expression that cannot fail.
func (w *writer) value(e *ir.Expr) *Statement {
	switch e.Op {
	case "if":
		return Func().Params().Add(goType(e.Type)).Block(
			If(w.value(e.Args[0])).Block(Return(w.value(e.Args[1]))),
			Return(w.value(e.Args[2])),
		).Call()
	case "all", "exists", "exists-one", "filter", "map":
		return Func().Params().Add(goType(e.Type)).Block(w.loop(e)...).Call()
	}
	var args []*Statement
	for _, a := range e.Args {
		args = append(args, w.value(a))
	}
	return w.apply(e, args)
}

// reads reports whether an expression reads a variable.
func reads(e *ir.Expr, name string) bool {
	found := false
	e.Walk(func(n *ir.Expr) { found = found || n.Op == "var" && n.Name == name })
	return found
}

// loop is the body of a macro over a list whose body cannot fail.
func (w *writer) loop(e *ir.Expr) []Code {
	v := variable(e.Name)
	over := func(body ...Code) Code {
		if !reads(e.Args[1], e.Name) {
			body = append([]Code{Id("_").Op("=").Id(v)}, body...)
		}
		return For(List(Id("_"), Id(v)).Op(":=").Range().Add(w.value(e.Args[0]))).Block(body...)
	}
	cond := w.value(e.Args[1])
	switch e.Op {
	case "all":
		return []Code{over(If(Op("!").Parens(cond)).Block(Return(False()))), Return(True())}
	case "exists":
		return []Code{over(If(cond).Block(Return(True()))), Return(False())}
	case "exists-one":
		return []Code{Id("n").Op(":=").Lit(0), over(If(cond).Block(Id("n").Op("++"))), Return(Id("n").Op("==").Lit(1))}
	case "filter":
		return []Code{Var().Id("out").Add(goType(e.Type)),
			over(If(cond).Block(Id("out").Op("=").Append(Id("out"), Id(v)))), Return(Id("out"))}
	default:
		return []Code{Var().Id("out").Add(goType(e.Type)),
			over(Id("out").Op("=").Append(Id("out"), cond)), Return(Id("out"))}
	}
}

// computed keeps a double from being one of Go's constants, whose arithmetic is
// exact, has no infinity and no negative zero.
func computed(e *ir.Expr, x *Statement) *Statement {
	if e.Op == "const" || e.Op == "to-double" {
		return Qual(evalPkg, "Double").Call(x)
	}
	return x
}

// apply writes an operation over arguments that are written already. It does
// not serve operations that can fail; see fallible.
func (w *writer) apply(e *ir.Expr, a []*Statement) *Statement {
	s := w.self()
	switch e.Op {
	case "const":
		return literal(e.Value)
	case "var":
		return Id(variable(e.Name))
	case "let":
		var args []Code
		for _, x := range a {
			args = append(args, x)
		}
		return s.Dot(letFunc(e.Name)).Call(args...)

	case "path":
		return s.Dot("Path").Call()
	case "url-path":
		return s.Dot("URLPath").Call()
	case "query-string":
		return s.Dot("RawQuery").Call()
	case "host":
		return s.Dot("Host").Call()
	case "scheme":
		return s.Dot("Scheme").Call()
	case "method":
		return s.Dot("Method").Call()
	case "now":
		return s.Dot("Now").Call()
	case "route-name":
		return Id("routeNames").Index(s.Dot("match").Dot("Route"))
	case "attribute":
		return s.Dot("Attribute").Call(Lit(e.Index))
	case "attribute-ip":
		return Qual(corePkg, "AddressIP").Call(s.Dot("Attribute").Call(Lit(e.Index)))
	case "attribute-net":
		return s.Dot("SourceNet").Call(w.self().Dot("Attribute").Call(Lit(e.Index)))
	case "attribute-int":
		return s.Dot("AttributeInt").Call(Lit(e.Index))
	case "attribute-bool":
		return s.Dot("AttributeBool").Call(Lit(e.Index))
	case "header":
		return s.Dot("Header").Call(Lit(e.Index))
	case "header-has":
		return s.Dot("HasHeader").Call(Lit(e.Index))
	case "header-values":
		return s.Dot("HeaderValues").Call(Lit(e.Index), Nil())
	case "query-values":
		return s.Dot("list").Call(Lit(e.Index))
	case "query":
		return s.Dot("Query").Call(Lit(e.Index))
	case "cookie":
		return s.Dot("Cookie").Call(Lit(e.Index))
	case "header-optional":
		return Qual(evalPkg, "OptionalOf").Call(s.Dot("Header").Call(Lit(e.Index)), w.self().Dot("HasHeader").Call(Lit(e.Index)))
	case "headers-has", "response-has":
		return Qual(evalPkg, "OptionalOf").Call(s.Dot("HeaderNamed").Call(a[0])).Dot("OK")
	case "headers-optional", "response-optional":
		return Qual(evalPkg, "OptionalOf").Call(s.Dot("HeaderNamed").Call(a[0]))
	case "capture":
		if len(e.Name) > 9 && e.Name[:9] == "hostname." {
			return s.Dot("match").Dot("Host")
		}
		return s.Dot("match").Dot("Captures").Index(Lit(e.Index))
	case "identity":
		return s.Dot("identity").Dot(map[string]string{"method": "Method", "subject": "Subject", "id": "ID", "issuer": "Issuer", "groups": "Groups", "anonymous": "Anonymous"}[e.Name])
	case "claim":
		return w.claim(e)
	case "response-code":
		return s.Dot("Code").Call()

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
		if e.Args[0].Type.Kind == types.String {
			return Qual(evalPkg, "Size").Call(a[0])
		}
		return Int64().Call(Len(a[0]))
	case "contains":
		return Qual("strings", "Contains").Call(a[0], a[1])
	case "starts-with":
		return Qual("strings", "HasPrefix").Call(a[0], a[1])
	case "ends-with":
		return Qual("strings", "HasSuffix").Call(a[0], a[1])
	case "matches":
		return w.regex(e.Value.(string)).Dot("MatchString").Call(a[0])
	case "to-int", "to-uint", "to-double", "to-bool", "to-duration", "to-timestamp":
		return w.convert(e, a[0])
	case "to-string":
		return s.Dot(map[types.Kind]string{types.Int: "FormatInt", types.Uint: "FormatUint", types.Double: "FormatDouble", types.Bool: "FormatBool"}[e.Args[0].Type.Kind]).Call(a[0])

	case "list":
		return goType(e.Type).ValuesFunc(func(g *Group) {
			for _, x := range a {
				g.Add(x)
			}
		})
	case "in":
		return Qual("slices", "Contains").Call(a[1], a[0])
	case "index-optional":
		return Qual(evalPkg, "OptionalIndex").Call(a[0], a[1])
	case "or-value":
		return a[0].Dot("OrValue").Call(a[1])
	case "has-value":
		return a[0].Dot("OK")
	case "or-optional":
		return a[0].Dot("Or").Call(a[1])
	case "some":
		return Qual(evalPkg, "Some").Call(a[0])
	case "none":
		return goType(e.Type).Values()
	case "get":
		return getter(e.Name, a[0])
	case "int-or":
		return Qual(evalPkg, "IntOr").Call(a[0], a[1])
	}
	panic("gen: no Go for " + string(e.Op))
}

// claim reads a field of the identity, in the type that this reader sees.
func (w *writer) claim(e *ir.Expr) *Statement {
	field := w.self().Dot("identity").Dot(claimField(e.Name))
	for _, c := range w.b.Claims {
		if c.Name == e.Name && c.Type.Kind == types.Optional && e.Type.Kind != types.Optional {
			return field.Dot("Value") // every auth of this route declares it
		}
	}
	return field
}

func (w *writer) concat(a []*Statement) *Statement {
	var args []Code
	for _, x := range a {
		args = append(args, x)
	}
	switch len(a) {
	case 2:
		return w.self().Dot("Concat2").Call(args...)
	case 3:
		return w.self().Dot("Concat3").Call(args...)
	}
	return w.self().Dot("Concat").Call(args...)
}

// regex is a pattern compiled when the library is loaded.
func (w *writer) regex(pattern string) *Statement {
	id := fmt.Sprintf("pattern%d", w.regexes)
	w.regexes++
	w.pending = append(w.pending, Var().Id(id).Op("=").Qual("regexp", "MustCompile").Call(Lit(pattern)))
	return Id(id)
}

func getter(name string, t *Statement) *Statement {
	part := map[string]string{"getFullYear": "Year", "getMonth": "Month", "getDate": "Day", "getDayOfMonth": "Day", "getDayOfWeek": "Weekday",
		"getDayOfYear": "YearDay", "getHours": "Hour", "getMinutes": "Minute", "getSeconds": "Second", "getMilliseconds": "Nanosecond"}[name]
	v := Int64().Call(t.Dot(part).Call())
	switch name {
	case "getMonth", "getDayOfMonth", "getDayOfYear": // CEL counts these from 0
		return Parens(v.Op("-").Lit(1))
	case "getMilliseconds":
		return Parens(v.Op("/").Lit(1_000_000))
	}
	return v
}
