package resolve

import (
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// authKinds are the kinds of the language; only api_key is built yet.
var authKinds = map[string]bool{"jwt": true, "api_key": true, "basic": true, "signature": true, "hmac": true, "mtls": true}

func (r *resolver) auth(d *ast.Auth) {
	a := &Auth{Name: d.Name.Text, Decl: d}
	// Known even when it is wrong, so that its users are not blamed too.
	r.auths[a.Name] = a
	switch {
	case d.Kind.Text == "api_key":
	case authKinds[d.Kind.Text]:
		r.notYet(d.Kind.Span(), "auth of kind "+d.Kind.Text)
		return
	default:
		r.diags.Add(diag.UnknownName, d.Kind.Span(), "%s is not a kind of auth", d.Kind.Text).
			Helpf("the kinds are api_key, basic, hmac, jwt, mtls and signature")
		return
	}
	r.Auths = append(r.Auths, a)
	seen := map[string]*ast.Member{}
	for _, m := range d.Members {
		if first, ok := seen[m.Name.Text]; ok {
			r.diags.Add(diag.DuplicateSetting, m.Name.Span(), "%s is said twice", m.Name.Text).Note(first.Name.Span(), "first here")
			continue
		}
		seen[m.Name.Text] = m
		switch m.Name.Text {
		case "key":
			r.keyPlace(a, m)
		case "keys":
		case "claims":
			r.claims(a, m)
		default:
			r.diags.Add(diag.UnknownMember, m.Name.Span(), "api_key has no member %s", m.Name.Text).
				Helpf("its members are key, keys and claims")
		}
	}
	for _, need := range []struct{ name, example string }{
		{"key", `key  from header "x-api-key"`},
		{"keys", `keys from file "` + a.Name + `.keys"`},
	} {
		if seen[need.name] == nil {
			r.diags.Add(diag.MissingMember, d.Name.Span(), "auth %s does not say %s", a.Name, need.name).Helpf("%s", need.example)
		}
	}
	// Keys last: their claims are converted to the declared types.
	if m := seen["keys"]; m != nil {
		r.keys(a, m)
	}
}

// keyPlace is key from header|query|cookie "n".
func (r *resolver) keyPlace(a *Auth, m *ast.Member) {
	g := m.Args
	if len(g) != 3 || g[0].Word != "from" || g[2].Text == nil {
		r.form(m, `key from header "x-api-key"`)
		return
	}
	switch p := Place(g[1].Word); p {
	case InHeader:
		a.Place, a.Field = p, strings.ToLower(g[2].Text.Value)
		if why := BadHeaderName(a.Field); why != "" {
			r.diags.Add(diag.BadHeaderName, g[2].Span(), "%q is not a header name: %s", g[2].Text.Value, why)
		} else if why := forbiddenHeader(a.Field); why != "" {
			r.diags.Add(diag.ForbiddenHeader, g[2].Span(), "a key cannot be read from %s: %s", a.Field, why)
		}
	case InQuery, InCookie:
		a.Place, a.Field = p, g[2].Text.Value
		if a.Field == "" || strings.ContainsAny(a.Field, "=;, \t&#+%\"") || !printable(a.Field) {
			r.diags.Add(diag.BadLiteral, g[2].Span(), "%q is not a name of a %s", a.Field, p).
				Helpf("use letters, digits, - and _")
		}
	default:
		r.diags.Add(diag.BadLiteral, g[1].Span(), "a key is read from header, query or cookie, not from %s", g[1].Word).
			Helpf(`key from header "x-api-key"`)
	}
}

func (r *resolver) claims(a *Auth, m *ast.Member) {
	seen := map[string]bool{}
	for _, f := range m.Fields {
		if seen[f.Name.Text] {
			r.diags.Add(diag.DuplicateName, f.Name.Span(), "claim %s is declared twice", f.Name.Text)
			continue
		}
		seen[f.Name.Text] = true
		if f.From != nil {
			r.diags.Add(diag.UnknownMember, f.From.Span(), "claims of an api_key are the name=value pairs of the key's line: they cannot be read from another place").
				Helpf("remove from %q and write %s=... in the key file", f.From.Value, f.Name.Text)
		}
		switch t := f.Type; {
		case t == nil:
			continue
		case t.Kind == "bool", t.Kind == "int", t.Kind == "uint", t.Kind == "double", t.Kind == "string":
		case t.Kind == "list" && t.Elem != nil && t.Elem.Kind == "string" && !t.Elem.Optional:
		default:
			r.diags.Add(diag.NotYet, t.Span(), "a claim of an api_key is a bool, int, uint, double, string or list(string)").
				Helpf("%s: string", f.Name.Text)
			continue
		}
		a.Claims = append(a.Claims, f)
	}
}

// keys is keys from file "F".
func (r *resolver) keys(a *Auth, m *ast.Member) {
	g := m.Args
	if len(g) == 4 && g[3].Word == "reload" {
		a.Reload = true
		g = g[:3]
	}
	if len(g) != 3 || g[0].Word != "from" || g[1].Word != "file" || g[2].Text == nil {
		r.form(m, `keys from file "robots.keys"`)
		return
	}
	data, ok := r.Source.Data[dataPath(r.Source, a.Decl, g[2].Text.Value)]
	if !ok || data.Err != nil {
		return // dsl/load has said why
	}
	a.File = g[2].Text.Value
	a.Lines = data.Source
	a.Keys = r.keyFile(a, data.Source)
}
