package interp

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
)

// eval evaluates an expression; args are the arguments of the let that it is
// the value of, by parameter.
func (d *decision) eval(e *ast.Expr, args map[string]ref.Val) (ref.Val, error) {
	x := d.bundle.exprs[e]
	if x == nil {
		return nil, fmt.Errorf("%s: expression was not prepared", e.Span())
	}
	vars := &activation{d, x, args}
	if d.log != nil {
		return d.log.eval(d, e, vars)
	}
	v, _, err := x.program.Eval(vars)
	return v, err
}

// text evaluates an expression whose value is a string.
func (d *decision) text(e *ast.Expr) (string, error) {
	v, err := d.eval(e, nil)
	if err != nil {
		return "", err
	}
	s, ok := v.(celtypes.String)
	if !ok {
		return "", fmt.Errorf("%s is not a string", v.Type().TypeName())
	}
	return string(s), nil
}

func boolean(v ref.Val) (bool, error) {
	b, ok := v.(celtypes.Bool)
	if !ok {
		return false, fmt.Errorf("%s is not a bool", v.Type().TypeName())
	}
	return bool(b), nil
}

// activation gives cel-go the names that one expression reads.
type activation struct {
	*decision
	x    *expression
	args map[string]ref.Val
}

var _ interpreter.Activation = (*activation)(nil)

func (a *activation) Parent() interpreter.Activation { return nil }

// ResolveName returns the value of a name. A name whose value cannot be had is
// an error value: it fails whatever reads it.
func (a *activation) ResolveName(name string) (any, bool) {
	if name == celfront.RequestVar {
		return celfront.WrapRequest(a), true
	}
	if v, ok := a.args[name]; ok {
		return v, true
	}
	if arg, ok := a.x.params[name]; ok {
		v, err := a.eval(arg, nil)
		if err != nil {
			return celtypes.WrapErr(err), true
		}
		return v, true
	}
	want, declared := a.x.vars[name]
	if !declared {
		return nil, false
	}
	if l := a.bundle.lets[name]; l != nil && !l.Call {
		return a.let(name), true
	}
	if t := a.bundle.table(name); t != nil {
		return a.tableValue(t), true
	}
	v, err := a.attribute(name, want)
	if err != nil {
		return celtypes.WrapErr(err), true
	}
	return v, true
}

// let evaluates a let once while the facts stay as they are.
func (d *decision) let(name string) ref.Val {
	if v, ok := d.lets[name]; ok {
		return v
	}
	v, err := d.eval(d.bundle.lets[name].Decl.Value, nil)
	if err != nil {
		v = celtypes.WrapErr(err)
	}
	if d.lets == nil {
		d.lets = map[string]ref.Val{}
	}
	d.lets[name] = v
	return v
}

// CallLet evaluates a let with parameters.
func (a *activation) CallLet(name string, args []ref.Val) ref.Val {
	l := a.bundle.lets[name]
	if l == nil || len(l.Params) != len(args) {
		return celtypes.NewErr("no let %s with %d parameters", name, len(args))
	}
	bound := map[string]ref.Val{}
	for i, p := range l.Params {
		bound[p.Name] = args[i]
	}
	v, err := a.eval(l.Decl.Value, bound)
	if err != nil {
		return celtypes.WrapErr(err)
	}
	return v
}

// Header returns the values of a request header joined with commas.
func (d *decision) Header(name string) (string, error) {
	return strings.Join(d.HeaderValues(name), ","), nil
}

// HeaderValues returns the values of a request header.
func (d *decision) HeaderValues(name string) []string { return valuesOf(d.headers, name) }

// Query returns the value of a query parameter. Two values were refused before.
func (d *decision) Query(name string) (string, error) {
	return only(d.QueryValues(name))
}

// QueryValues returns the decoded values of a query parameter. Values that
// cannot be read are left out.
func (d *decision) QueryValues(name string) []string {
	values := []string{}
	for _, raw := range rawQueryValues(queryOf(d.sent.Path), name) {
		if v, ok := queryValue(raw); ok {
			values = append(values, v)
		}
	}
	return values
}

// Cookie returns the value of a cookie. Two values were refused before.
func (d *decision) Cookie(name string) (string, error) {
	return only(cookieValues(d.headers, name))
}

func only(values []string) (string, error) {
	switch len(values) {
	case 0:
		return "", nil
	case 1:
		return values[0], nil
	}
	return "", errors.New("more than one value")
}

// attribute returns the value of a variable that is not a let. Its type is
// needed for claims, which may be optional where they are read and required
// where they are declared.
func (d *decision) attribute(name string, want *types.Type) (ref.Val, error) {
	if v, ok := d.captures[name]; ok {
		return celtypes.String(v), nil
	}
	if isIdentity(name) {
		return d.identityValue(name, want)
	}
	text := func(s string) (ref.Val, error) { return celtypes.String(s), nil }
	joined := func(h []scenario.Header) (ref.Val, error) {
		m, names := joinedHeaders(h)
		return inOrder(celtypes.NewStringStringMap(celtypes.DefaultTypeAdapter, m), names), nil
	}
	switch name {
	case "request.path":
		return text(d.sent.Path)
	case "request.raw_path":
		return text(d.raw)
	case "request.url_path":
		return text(pathOf(d.sent.Path))
	case "request.query":
		return text(queryOf(d.sent.Path))
	case "request.host":
		return text(d.host)
	case "request.scheme":
		return text(d.sent.Scheme)
	case "request.method":
		return text(d.sent.Method)
	case "request.headers":
		return joined(without(d.headers, d.credential))
	case "request.referer":
		return text(strings.Join(d.HeaderValues("referer"), ","))
	case "request.useragent":
		return text(strings.Join(d.HeaderValues("user-agent"), ","))
	case "request.id":
		return text(strings.Join(d.HeaderValues("x-request-id"), ","))
	case "request.protocol":
		return text("HTTP/1.1")
	case "request.time", "now":
		return celtypes.Timestamp{Time: d.sent.Now.UTC()}, nil
	case "source.address":
		return text(d.sent.Source)
	case "source.ip", "source.port", "source.net":
		return d.source(name)
	case "destination.address", "xds.route_name", "connection.requested_server_name", "connection.tls_version":
		// A scenario is a plain connection, and says nothing of these.
		return text("")
	case "destination.port":
		return celtypes.IntZero, nil
	case "route.name":
		if d.tried == nil {
			return text("")
		}
		return text(d.tried.Name)
	case "response.code", "response.headers":
		if d.response == nil {
			return nil, errors.New("there is no response yet")
		}
		if name == "response.code" {
			return celtypes.Int(d.response.Status), nil
		}
		return joined(d.response.Headers)
	}
	return nil, fmt.Errorf("%s is not known to the interpreter", name)
}

// credential reports whether a header carries what some auth of the bundle
// verifies. The map of all headers has none of those.
func (d *decision) credential(name string) bool {
	for _, a := range d.bundle.Auths {
		switch a.Place {
		case resolve.InHeader:
			if lower(name) == lower(a.Field) {
				return true
			}
		case resolve.InCookie:
			if lower(name) == "cookie" {
				return true
			}
		}
	}
	return false
}

func (d *decision) source(name string) (ref.Val, error) {
	at, err := netip.ParseAddrPort(d.sent.Source)
	if err != nil {
		return nil, err
	}
	ip := at.Addr().Unmap().WithZone("")
	switch name {
	case "source.port":
		return celtypes.Int(at.Port()), nil
	case "source.net":
		if ip.Is6() {
			return celtypes.String(netip.PrefixFrom(ip, 64).Masked().String()), nil
		}
	}
	return celtypes.String(ip.String()), nil
}

func (d *decision) identityValue(name string, want *types.Type) (ref.Val, error) {
	i := d.identity
	if i == nil {
		return nil, errors.New("identity is not known here")
	}
	switch name {
	case "identity.anonymous":
		return celtypes.Bool(i.auth == nil), nil
	case "identity.id":
		return celtypes.String(i.id()), nil
	case "identity.issuer":
		return celtypes.String(""), nil
	case "identity.method", "identity.subject", "identity.groups":
		if i.auth == nil {
			return zero(want)
		}
	}
	switch name {
	case "identity.method":
		return celtypes.String(i.auth.Name), nil
	case "identity.subject":
		return celtypes.String(i.key.Subject), nil
	case "identity.groups":
		return celtypes.NewStringList(celtypes.DefaultTypeAdapter, i.key.Groups), nil
	}
	if claim, ok := strings.CutPrefix(name, "identity.claims."); ok {
		return claimValue(i.claim(claim), want)
	}
	return nil, fmt.Errorf("%s is not known to the interpreter", name)
}
