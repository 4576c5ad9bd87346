package check

import (
	"regexp"
	"slices"
	"sort"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

// Check types every expression of a bundle. Problems go to diags; with errors
// there the result must not be lowered.
func Check(b *resolve.Bundle, diags *diag.List) *Bundle {
	c := &checker{
		Bundle: &Bundle{
			Bundle:     b,
			Exprs:      map[*ast.Expr]*celfront.Checked{},
			Assertions: map[*ast.Expr]*celfront.Checked{},

			clientFalse: map[*ast.Expr]bool{},
		},
		diags:   diags,
		lets:    map[string]*Let{},
		reads:   map[string]*Reads{},
		used:    map[string]bool{},
		failing: map[string]bool{},
		broken:  map[string]bool{},

		callCounts: map[string]int{},
		loopDepths: map[string]int{},
		args:       map[*resolve.Use]map[string]*celfront.Checked{},
		told:       map[toldAt]bool{},
	}
	c.checkTables()
	c.checkLets()
	c.owned()
	for _, l := range c.Lets {
		c.ownedReads(c.Exprs[l.Decl.Value].Root)
	}
	for _, r := range b.Routes {
		c.route(r)
	}
	for _, s := range b.Scopes {
		c.scopeRules(s)
	}
	c.assertions()
	c.unused()
	c.unusedTables()
	return c.Bundle
}

type checker struct {
	*Bundle
	diags *diag.List
	lets  map[string]*Let
	reads map[string]*Reads // what each let reads, lets seen through
	used  map[string]bool
	// failing are the lets that may fail, broken those that do not check.
	failing, broken map[string]bool
	// callCounts and loopDepths are what has been found out of lets with
	// parameters.
	callCounts, loopDepths map[string]int
	// module is the one whose names are meant, "" for the bundle's; inline are
	// the arguments of the use whose rules are checked.
	module string
	inline map[string]*celfront.Checked
	args   map[*resolve.Use]map[string]*celfront.Checked
	told   map[toldAt]bool
}

// attributes returns the variables that do not depend on the bundle. Those
// that cannot be read yet are among them, so that using one gets its reason.
func attributes() []celfront.Variable {
	var vars []celfront.Variable
	for _, a := range types.Attributes {
		vars = append(vars, celfront.Variable{Name: a.Name, Type: a.Type})
	}
	for _, a := range types.IdentityFields {
		vars = append(vars, celfront.Variable{Name: a.Name, Type: a.Type})
	}
	return vars
}

// ClaimTypes returns the type of every claim field of some auths, as their
// callers see it: a field that some lack is optional. A field with two types is
// in clash instead.
func ClaimTypes(auths []*resolve.Auth) (fields map[string]*types.Type, clash map[string][2]*ast.Field) {
	fields, clash = map[string]*types.Type{}, map[string][2]*ast.Field{}
	first := map[string]*ast.Field{}
	count := map[string]int{}
	for _, a := range auths {
		for _, f := range a.Claims {
			t := ClaimType(f)
			count[f.Name.Text]++
			old, seen := fields[f.Name.Text]
			switch {
			case !seen:
				fields[f.Name.Text], first[f.Name.Text] = t, f
			case old.Equal(t):
			case bare(old).Equal(bare(t)):
				fields[f.Name.Text] = types.OptionalOf(bare(t))
			default:
				clash[f.Name.Text] = [2]*ast.Field{first[f.Name.Text], f}
			}
		}
	}
	for name, t := range fields {
		if count[name] < len(auths) && t.Kind != types.Optional {
			fields[name] = types.OptionalOf(t)
		}
	}
	for name := range clash {
		delete(fields, name)
	}
	return fields, clash
}

func bare(t *types.Type) *types.Type {
	if t.Kind == types.Optional {
		return t.Elem
	}
	return t
}

func claimVariables(fields map[string]*types.Type) []celfront.Variable {
	var vars []celfront.Variable
	for _, name := range sortedKeys(fields) {
		vars = append(vars, celfront.Variable{Name: "identity.claims." + name, Type: fields[name]})
	}
	return vars
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// env builds an environment; failing to is a mistake of this package.
func (c *checker) env(vars []celfront.Variable) *celfront.Env {
	hidden := map[string]bool{} // lets of the module, by parameters
	for _, v := range vars {
		hidden[c.module+"."+v.Name] = true
	}
	vars = append(attributes(), vars...)
	for _, t := range c.Tables {
		if c.module == "" { // a module reads its own names
			vars = append(vars, celfront.Variable{Name: t.Name, Type: t.Type})
		}
	}
	var funcs []celfront.Function
	for _, l := range c.Lets {
		if c.module != "" && hidden[l.Name] || !c.sees(l.Module) {
			continue
		}
		if l.Call {
			f := celfront.Function{Name: l.Name, Result: l.Type}
			for _, p := range l.Params {
				f.Params = append(f.Params, p.Type)
			}
			funcs = append(funcs, f)
		} else {
			vars = append(vars, celfront.Variable{Name: l.Name, Type: l.Type})
		}
	}
	e, err := celfront.NewEnv(vars, funcs)
	if err != nil {
		panic("check: environment: " + err.Error())
	}
	if c.module != "" {
		if e, err = e.In(c.module); err != nil {
			panic("check: environment: " + err.Error())
		}
	}
	return e
}

// sees reports whether the lets of a module have names where an expression
// stands: in the module itself, and in the one that imports it.
func (c *checker) sees(module string) bool {
	return module == c.module || module[:max(strings.LastIndexByte(module, '.'), 0)] == c.module
}

// expr checks one expression against the type that its place wants (nil: any).
func (c *checker) expr(e *celfront.Env, x *ast.Expr, want *types.Type, place string) *celfront.Checked {
	if x == nil {
		return nil
	}
	if c.readsBroken(x) {
		c.mentions(x)
		return nil
	}
	k := e.Check(x, c.diags)
	if k == nil {
		c.mentions(x)
		return nil
	}
	k = k.With(c.inline)
	if want != nil && !k.Type.Equal(want) {
		d := c.diags.Add(diag.WrongType, x.Span(), "%s is of type %s; %s needs %s", "the expression", k.Type, place, want)
		switch {
		case want.Kind == types.String && (k.Type.Kind == types.Int || k.Type.Kind == types.Uint || k.Type.Kind == types.Double || k.Type.Kind == types.Bool):
			d.Help = "string(" + x.Text + ")"
		case k.Type.Kind == types.Optional && k.Type.Elem.Equal(want):
			d.Help = x.Text + ".orValue(" + empty(want) + ")"
		case want.Kind == types.Bool && k.Type.Kind == types.String:
			d.Help = x.Text + ` != ""`
		}
		c.mentions(x)
		return nil
	}
	c.constants(k.Root)
	c.loops(k.Root)
	c.regexes(k.Root)
	c.zones(k.Root)
	c.Exprs[x] = k
	return k
}

// readsBroken reports whether an expression reads a let that is wrong itself:
// what would be said about it follows from that.
func (c *checker) readsBroken(x *ast.Expr) bool {
	if len(c.broken) == 0 {
		return false
	}
	return slices.ContainsFunc(celfront.References(x.Text), func(name string) bool { return c.broken[c.qualified(name)] })
}

var anyWord = regexp.MustCompile(`[A-Za-z_]\w*`)

// mentions counts every word of an expression as read: what a wrong one would
// have read, is not known.
func (c *checker) mentions(x *ast.Expr) {
	for _, w := range anyWord.FindAllString(x.Text, -1) {
		c.used[w] = true
	}
}

// unused warns about names that nothing reads.
func (c *checker) unused() {
	for _, l := range c.Bundle.Lets {
		if !c.used[l.Name] && l.Module == "" {
			c.diags.Add(diag.UnusedName, l.Decl.Name.Span(), "let %s is never read", l.Name).Helpf("remove it")
		}
	}
	authUsed := map[string]bool{}
	for _, r := range c.Routes {
		for _, a := range r.Auths {
			authUsed[a.Name] = true
		}
	}
	for _, a := range c.Auths {
		if !authUsed[a.Name] {
			c.diags.Add(diag.UnusedName, a.Decl.Name.Span(), "no route uses auth %s", a.Name).Helpf("remove it, or let a route say auth %s", a.Name)
		}
	}
}
