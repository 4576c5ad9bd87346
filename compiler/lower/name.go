package lower

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
)

// name lowers a variable.
func (x *expression) name(e *celfront.Expr) *ir.Expr {
	out := &ir.Expr{Type: e.Type, Span: e.Span}
	bound := x.bound
	if e.Root {
		bound = x.params
	}
	if b, ok := bound[e.Name]; ok {
		return variable(b, e.Span)
	}
	if e.Type.Kind == types.TypeOf {
		out.Op, out.Value = "const", e.Name
		return out
	}
	if claim, ok := strings.CutPrefix(e.Name, "identity.claims."); ok {
		out.Op, out.Name = "claim", claim
		return out
	}
	if field, ok := strings.CutPrefix(e.Name, "identity."); ok {
		out.Op, out.Name = "identity", field
		return out
	}
	if strings.HasPrefix(e.Name, "path.") || strings.HasPrefix(e.Name, "hostname.") {
		of := x.route
		if x.scope != nil {
			of = x.scope
		}
		out.Op, out.Index, out.Name = "capture", slot(&of.Captures, e.Name), e.Name
		return out
	}
	switch e.Name {
	case "request.path":
		out.Op = "path"
	case "request.raw_path":
		if out.Op = "path"; x.Normalize {
			out.Op = "raw-path"
		}
	case "request.url_path":
		out.Op = "url-path"
	case "request.query":
		out.Op = "query-string"
	case "request.host":
		out.Op = "host"
	case "request.scheme":
		out.Op = "scheme"
	case "request.method":
		out.Op = "method"
	case "request.referer":
		return x.header(out, "referer")
	case "request.useragent":
		return x.header(out, "user-agent")
	case "request.id":
		return x.header(out, "x-request-id")
	case "request.time", "now":
		out.Op = "now"
		x.NeedsNow = true
	case "response.code":
		out.Op = "response-code"
	case "route.name":
		if x.route != nil {
			out.Op, out.Value = "const", x.route.Name
		} else {
			out.Op = "route-name"
		}
	case "request.headers":
		out.Op = "headers-all"
	case "response.headers":
		out.Op = "response-all"
	default:
		if a := types.Find(e.Name); a != nil && a.Host != 0 {
			return x.attribute(out, a)
		}
		if i := x.tableNumber(e.Name); i >= 0 {
			out.Op, out.Name, out.Index = "table", e.Name, i
			return out
		}
		out.Op, out.Name = "let", e.Name
	}
	return out
}

func (x *expression) header(out *ir.Expr, name string) *ir.Expr {
	out.Op, out.Index = "header", slot(&x.Headers, name)
	return out
}

// attribute reads one of the host's.
func (x *expression) attribute(out *ir.Expr, a *types.Attribute) *ir.Expr {
	i := -1
	for k, b := range x.Attributes {
		if b.Host == a.Host {
			i = k
		}
	}
	if i < 0 {
		i = len(x.Attributes)
		host := strings.TrimSuffix(strings.TrimSuffix(a.Name, ".ip"), ".net")
		if host == "source" {
			host = "source.address"
		}
		x.Attributes = append(x.Attributes, ir.Attribute{Name: host, Host: a.Host})
	}
	if a.Since > x.MinEnvoy {
		x.MinEnvoy = a.Since
	}
	out.Index = i
	switch {
	case a.Name == "source.ip":
		out.Op = "attribute-ip"
	case a.Name == "source.net":
		out.Op = "attribute-net"
	case a.Type.Kind == types.Int:
		out.Op = "attribute-int"
	case a.Type.Kind == types.Bool:
		out.Op = "attribute-bool"
	default:
		out.Op = "attribute"
	}
	return out
}
