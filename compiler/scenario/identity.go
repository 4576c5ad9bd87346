package scenario

import (
	"regexp"
	"slices"
	"strings"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// identity is what one as statement says.
type identity struct {
	subject string
	groups  []string
	claims  []any // as in resolve.Key
}

// word finds what may be a bare key of the map in an as.
var word = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`)

// notNames are the words that CEL keeps for itself.
var notNames = map[string]bool{"as": true, "break": true, "const": true, "continue": true, "else": true,
	"false": true, "for": true, "function": true, "if": true, "import": true, "in": true, "let": true,
	"loop": true, "package": true, "namespace": true, "null": true, "return": true, "true": true,
	"var": true, "void": true, "while": true}

// readIdentity evaluates { subject: ..., groups: ..., claims: {...} } and holds
// it against what the auth declares; nil when something is wrong.
func readIdentity(auth *resolve.Auth, as *ast.As, diags *diag.List) *identity {
	if as.Value == nil {
		diags.Add(diag.BadTest, as.Span(), "as %s does not say who", auth.Name).
			Helpf(`as %s { subject: "alice" }`, auth.Name)
		return nil
	}
	root, value := constantMap(as.Value, diags)
	if root == nil {
		return nil
	}
	r := identityReader{auth: auth, whole: as.Value.Span(), diags: diags, who: &identity{claims: make([]any, len(auth.Claims))}}
	r.members(root, value)
	if r.failed {
		return nil
	}
	return r.who
}

// constantMap evaluates a map whose bare keys mean themselves.
func constantMap(e *ast.Expr, diags *diag.List) (*celfront.Expr, traits.Mapper) {
	var vars []celfront.Variable
	self := map[string]any{}
	for _, w := range word.FindAllString(e.Text, -1) {
		if _, seen := self[w]; !seen && !notNames[w] {
			self[w] = w
			vars = append(vars, celfront.Variable{Name: w, Type: types.StringType})
		}
	}
	env, err := celfront.NewEnv(vars, nil)
	if err != nil {
		diags.Add(diag.InternalError, e.Span(), "no environment for an identity: %v", err)
		return nil, nil
	}
	checked := env.Check(e, diags)
	if checked == nil {
		return nil, nil
	}
	if checked.Root.Op != celfront.Map {
		diags.Add(diag.BadTest, e.Span(), "an identity is a map").Helpf(`{ subject: "alice", groups: ["ops"] }`)
		return nil, nil
	}
	program, err := checked.Program()
	if err == nil {
		var v ref.Val
		if v, _, err = program.Eval(self); err == nil {
			return checked.Root, v.(traits.Mapper)
		}
	}
	diags.Add(diag.BadTest, e.Span(), "the identity cannot be evaluated: %v", err)
	return nil, nil
}

type identityReader struct {
	auth   *resolve.Auth
	whole  source.Span
	diags  *diag.List
	who    *identity
	failed bool
}

func (r *identityReader) bad(e *celfront.Expr, format string, args ...any) *diag.Diagnostic {
	return r.badAt(e.Span, format, args...)
}

func (r *identityReader) badAt(at source.Span, format string, args ...any) *diag.Diagnostic {
	r.failed = true
	return r.diags.Add(diag.BadTest, at, format, args...)
}

// entries calls f for each entry of a map literal whose key is a name that
// stands there once, and whose value is constant.
func (r *identityReader) entries(literal *celfront.Expr, m traits.Mapper, f func(name string, key, value *celfront.Expr, v ref.Val)) {
	seen := map[string]bool{}
	for i := 0; i+1 < len(literal.Args); i += 2 {
		key, value := literal.Args[i], literal.Args[i+1]
		name, ok := key.Value.(string)
		if key.Op == celfront.Var {
			name, ok = key.Name, true
		}
		switch {
		case !ok:
			r.bad(key, "a member is a name")
			continue
		case seen[name]:
			r.bad(key, "%s is said twice", name)
			continue
		}
		seen[name] = true
		v, found := m.Find(celtypes.String(name))
		if !found {
			r.bad(value, "the value is missing")
			continue
		}
		f(name, key, value, v)
	}
}

// constant refuses names in a value: a bare word there is a forgotten quote.
func (r *identityReader) constant(e *celfront.Expr, bound []string) {
	if e.Op == celfront.Var && !slices.Contains(bound, e.Name) {
		r.bad(e, "%s is not a value", e.Name).Helpf("%q", e.Name)
	}
	inner := append(slices.Clone(bound), e.Vars...)
	for _, a := range e.Args {
		r.constant(a, inner)
	}
}

func (r *identityReader) members(literal *celfront.Expr, m traits.Mapper) {
	r.entries(literal, m, func(name string, key, value *celfront.Expr, v ref.Val) {
		switch name {
		case "subject":
			r.constant(value, nil)
			s, ok := v.(celtypes.String)
			if !ok || s == "" {
				r.bad(value, "a subject is a string, and not empty")
			}
			r.who.subject = string(s)
		case "groups":
			r.constant(value, nil)
			groups, ok := stringList(v)
			if !ok {
				r.bad(value, "groups are a list of strings").Helpf(`groups: ["ops"]`)
			}
			r.who.groups = groups
		case "claims":
			claims, ok := v.(traits.Mapper)
			if !ok || value.Op != celfront.Map {
				r.bad(value, "claims are a map").Helpf(`claims: { plan: "gold" }`)
				return
			}
			r.claims(value, claims)
		default:
			r.bad(key, "an identity has no member %s", name).
				Helpf("its members are subject, groups and claims; a claim stands in claims: { %s: ... }", name)
		}
	})
	if r.who.subject == "" && !r.failed {
		r.badAt(r.whole, "the identity has no subject").Helpf(`{ subject: "alice" }`)
	}
	for i, f := range r.auth.Claims {
		if r.who.claims[i] == nil && !f.Type.Optional && !r.failed {
			r.badAt(r.whole, "claim %s is missing, which auth %s requires", f.Name.Text, r.auth.Name).
				Note(f.Span(), "declared here")
		}
	}
}

func (r *identityReader) claims(literal *celfront.Expr, m traits.Mapper) {
	r.entries(literal, m, func(name string, key, value *celfront.Expr, v ref.Val) {
		r.constant(value, nil)
		i := slices.IndexFunc(r.auth.Claims, func(f *ast.Field) bool { return f.Name.Text == name })
		if i < 0 {
			var declared []string
			for _, f := range r.auth.Claims {
				declared = append(declared, f.Name.Text)
			}
			d := r.bad(key, "auth %s declares no claim %s", r.auth.Name, name)
			if len(declared) > 0 {
				d.Helpf("it declares %s", strings.Join(declared, ", "))
			}
			return
		}
		field := r.auth.Claims[i]
		claim := nativeClaim(field.Type, v)
		if claim == nil {
			r.bad(value, "claim %s is of type %s, not %s", name, check.ClaimType(field), v.Type().TypeName()).
				Note(field.Span(), "declared here")
			return
		}
		r.who.claims[i] = claim
	})
}

// nativeClaim converts a value to the form of resolve.Key.Claims; nil when it
// is not of the declared type.
func nativeClaim(t *ast.Type, v ref.Val) any {
	switch v := v.(type) {
	case celtypes.Bool:
		return when(t.Kind == "bool", bool(v))
	case celtypes.Int:
		return when(t.Kind == "int", int64(v))
	case celtypes.Uint:
		return when(t.Kind == "uint", uint64(v))
	case celtypes.Double:
		return when(t.Kind == "double", float64(v))
	case celtypes.String:
		return when(t.Kind == "string", string(v))
	}
	if list, ok := stringList(v); ok && t.Kind == "list" && t.Elem.Kind == "string" {
		return list
	}
	return nil
}

func when(fits bool, v any) any {
	if fits {
		return v
	}
	return nil
}

func stringList(v ref.Val) ([]string, bool) {
	l, ok := v.(traits.Lister)
	if !ok {
		return nil, false
	}
	out := []string{}
	for i := celtypes.Int(0); i < l.Size().(celtypes.Int); i++ {
		s, ok := l.Get(i).(celtypes.String)
		if !ok {
			return nil, false
		}
		out = append(out, string(s))
	}
	return out, true
}
