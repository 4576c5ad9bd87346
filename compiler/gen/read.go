package gen

import (
	"strings"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// read writes a read of the request or the response.
func (w *writer) read(e *ir.Expr, a []*Statement) *Statement {
	s := w.self()
	switch e.Op {
	case "path":
		return s.Dot("Path").Call()
	case "raw-path":
		return s.Dot("RawPath").Call()
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
		if w.b.Stray != nil {
			return s.Dot("routeName").Call()
		}
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
	case "headers-all", "response-all":
		return Qual(evalPkg, "MakeMap").Call(s.Dot("AllHeaders").Call())
	case "capture":
		if strings.HasPrefix(e.Name, "hostname.") {
			return s.Dot(w.matched()).Dot("Host")
		}
		return s.Dot(w.matched()).Dot("Captures").Index(Lit(e.Index))
	case "identity":
		return s.Dot("identity").Dot(map[string]string{"method": "Method", "subject": "Subject", "id": "ID", "issuer": "Issuer", "groups": "Groups", "anonymous": "Anonymous"}[e.Name])
	case "table":
		return s.Dot("data").Dot(tableField(e.Name))
	case "field":
		return a[0].Dot(recordField(e.Name))
	case "field-set":
		if e.Args[0].Type.Field(e.Name).Kind != types.Optional { // its failure matters, and nothing else of it
			return Qual(evalPkg, "Is").Call(a[0])
		}
		return a[0].Dot(recordField(e.Name)).Dot("OK")
	case "claim":
		return w.claim(e)
	case "kept":
		return w.keptRead(e)
	case "inside":
		return s.Dot(insideField(w.b.Scopes[e.Index]))
	case "response-code":
		return s.Dot("Code").Call()
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
