package resolve

import (
	"fmt"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// maxName bounds the names of bundles and declarations: they become names of
// files.
const maxName = 100

// Resolve builds the bundle that the trees describe. Problems go to diags; the
// result is always usable for finding more of them.
func Resolve(tree *ast.Bundle, diags *diag.List) *Bundle {
	r := &resolver{
		Bundle:   &Bundle{Name: tree.Name, Source: tree, Unmatched: 404, Replies: map[int]Body{}},
		diags:    diags,
		names:    map[string]source.Span{},
		auths:    map[string]*Auth{},
		asKind:   map[string]string{},
		public:   map[*source.File]*source.File{},
		policies: map[string]*Policy{},
		named:    map[string]*Limit{},
		told:     map[[2]*LimitRule]bool{},
	}
	if len(tree.Name) > maxName && len(tree.Files) > 0 {
		diags.Add(diag.BadName, source.Span{File: tree.Files[0].Source}, "the name of a bundle has at most %d characters; %.20s... has %d", maxName, tree.Name, len(tree.Name)).
			Helpf("bundle my_bundle { }")
	}
	r.limits(tree)
	// Names first: a route may use an auth that a later file declares.
	for _, f := range tree.Files {
		for _, d := range f.Decls {
			r.declare(d)
		}
	}
	r.imports(tree)
	r.nestedUses()
	for _, f := range tree.Files {
		for _, d := range f.Decls {
			if route, ok := d.(*ast.Route); ok {
				r.route(route)
			}
		}
	}
	r.scopes(tree)
	r.allLimits()
	r.unusedPolicies()
	if len(r.Routes) == 0 && !diags.HasErrors() {
		var at source.Span
		if len(tree.Files) > 0 {
			at = source.Span{File: tree.Files[0].Source}
		}
		diags.Add(diag.EmptyBundle, at, "bundle %s has no routes: it would refuse every request", tree.Name).
			Helpf("route health { match GET \"/healthz\"; public; respond 200 \"ok\" }")
	}
	return r.Bundle
}

type resolver struct {
	*Bundle
	diags    *diag.List
	names    map[string]source.Span
	asKind   map[string]string
	auths    map[string]*Auth
	public   map[*source.File]*source.File // key files as messages may show them
	policies map[string]*Policy
	named    map[string]*Limit      // those that the bundle names
	told     map[[2]*LimitRule]bool // that meet, and are one limit
}

// declare enters one declaration's name and resolves what needs no other.
func (r *resolver) declare(d ast.Decl) {
	switch d := d.(type) {
	case *ast.Settings:
		r.settings(d)
	case *ast.Let:
		if r.name(d.Name, "let") {
			r.Lets = append(r.Lets, &Let{Name: d.Name.Text, Decl: d, Call: d.Call, Params: d.Params})
			r.letParams(d)
		}
	case *ast.Auth:
		if r.name(d.Name, "auth") {
			r.auth(d)
		}
	case *ast.Route:
		r.name(d.Name, "route")
	case *ast.Test:
		r.Tests = append(r.Tests, d)
	case *ast.Import:
		// resolved when every name of the bundle is known
	case *ast.Table:
		if r.name(d.Name, "table") {
			r.table(d)
		}
	case *ast.Secret:
		r.name(d.Name, "secret")
		r.notYet(d.Name.Span(), "secret")
	case *ast.LimitDecl:
		if r.name(d.Name, "limit") {
			r.limitDecl(d)
		}
	case *ast.Policy:
		if r.name(d.Name, "policy") {
			r.policy(d, "", "")
		}
	case *ast.Scope:
		r.name(d.Name, "scope")
	}
}

// name enters a name into the bundle's one namespace.
func (r *resolver) name(n ast.Name, kind string) bool {
	if n.Text == "" {
		return false // the parser has said so
	}
	if len(n.Text) > maxName {
		r.diags.Add(diag.BadName, n.Span(), "a name has at most %d characters; this one has %d", maxName, len(n.Text))
		return false
	}
	if first, ok := r.names[n.Text]; ok {
		r.diags.Add(diag.DuplicateName, n.Span(), "%s is declared twice: all names of a bundle share one namespace", n.Text).
			Note(first, "first declared here, as %s", r.asKind[n.Text])
		return false
	}
	r.names[n.Text], r.asKind[n.Text] = n.Span(), kind
	return true
}

// notYet refuses what the language has and the compiler does not build yet.
func (r *resolver) notYet(at source.Span, what string) {
	r.diags.Add(diag.NotYet, at, "%s is not supported yet", what).
		Helpf("this version of moec cannot enforce it, so it does not accept it; remove it or wait for a version that can")
}

func (r *resolver) settings(d *ast.Settings) {
	seen := map[string]source.Span{}
	for _, m := range d.Members {
		key := m.Name.Text
		if key == "reply" && len(m.Args) > 0 && m.Args[0].Int != nil {
			key = fmt.Sprintf("reply %d", m.Args[0].Int.Value)
		}
		if first, ok := seen[key]; ok {
			r.diags.Add(diag.DuplicateSetting, m.Span(), "%s is said twice", key).Note(first, "first here")
			continue
		}
		seen[key] = m.Span()
		switch m.Name.Text {
		case "unmatched":
			switch {
			case len(m.Args) == 1 && m.Args[0].Int != nil:
				if s := int(m.Args[0].Int.Value); s >= 400 && s <= 599 {
					r.Unmatched = s
				} else {
					r.diags.Add(diag.BadStatus, m.Args[0].Span(), "unmatched requests are answered with a status from 400 to 599, not %d", s)
				}
			case len(m.Args) == 1 && m.Args[0].Word == "forward":
				r.Unmatched = 0
			default:
				r.form(m, "unmatched 404")
			}
		case "paths":
			switch {
			case len(m.Args) == 1 && m.Args[0].Word == "refuse":
			case len(m.Args) == 1 && m.Args[0].Word == "normalize":
				r.Normalize = true
			default:
				r.form(m, "paths normalize")
			}
		case "reply":
			r.reply(m)
		case "decisions":
			r.decisions(m)
		case "max_body":
			r.maxBodySetting(m)
		case "trusted_hops":
			r.notYet(m.Span(), m.Name.Text)
		default:
			r.diags.Add(diag.UnknownMember, m.Name.Span(), "a bundle has no setting %s", m.Name.Text).
				Helpf("the settings are unmatched, paths, trusted_hops, decisions, max_body and reply")
		}
	}
}

// decisions is decisions log none|denied|all.
func (r *resolver) decisions(m *ast.Member) {
	if len(m.Args) == 2 && m.Args[0].Word == "log" {
		switch which := m.Args[1].Word; which {
		case "none":
			return
		case "denied", "all":
			r.Decisions = which
			return
		}
	}
	r.form(m, "decisions log denied")
}

// reply is reply STATUS [json] "body".
func (r *resolver) reply(m *ast.Member) {
	a := m.Args
	isJSON := len(a) == 3 && a[1].Word == "json"
	if isJSON {
		a = []ast.Arg{a[0], a[2]}
	}
	if len(a) != 2 || a[0].Int == nil || a[1].Text == nil {
		r.form(m, `reply 403 json "{\"error\":\"forbidden\"}"`)
		return
	}
	s := int(a[0].Int.Value)
	if s < 400 || s > 599 {
		r.diags.Add(diag.BadStatus, a[0].Span(), "reply gives the body of refusals: a status from 400 to 599, not %d", s)
		return
	}
	r.Replies[s] = r.body(isJSON, a[1].Text)
}

// form complains about a member that is not of its one form.
func (r *resolver) form(m *ast.Member, example string) {
	r.diags.Add(diag.BadLiteral, m.Span(), "%s is not written like this", m.Name.Text).Helpf("%s", example)
}

func (r *resolver) letParams(d *ast.Let) {
	seen := map[string]source.Span{}
	for _, p := range d.Params {
		if first, ok := seen[p.Name.Text]; ok {
			r.diags.Add(diag.DuplicateName, p.Name.Span(), "parameter %s is declared twice", p.Name.Text).Note(first, "first here")
		}
		seen[p.Name.Text] = p.Name.Span()
		r.writtenType(p.Type)
	}
}

// writtenType refuses the types that have no values yet.
func (r *resolver) writtenType(t *ast.Type) {
	for ; t != nil; t = t.Elem {
		if t.Kind == "record" {
			r.notYet(t.Span(), "a record type here")
			return
		}
	}
}

// fullName joins a bundle's, a block's and a rule's name.
func (r *resolver) fullName(parts ...string) string {
	return r.Name + "." + strings.Join(parts, ".")
}
