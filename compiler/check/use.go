package check

import (
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// in checks a rule where it belongs: in the block itself, or for the rule of a
// policy with the names of the policy. What is wrong there is said at the use.
func (s *scope) in(u *resolve.Use, check func(*scope)) {
	if u == nil {
		check(s)
		return
	}
	s.in(u.Outer, func(s *scope) { s.within(u, check) })
}

// within checks a rule with the names of its own policy; s is where that policy
// is used.
func (s *scope) within(u *resolve.Use, check func(*scope)) {
	args := s.arguments(u)
	if args == nil {
		return
	}
	var found diag.List
	c := *s.checker
	c.diags, c.module, c.inline = &found, u.Policy.Module, args
	inner := *s
	inner.checker = &c
	vars := append([]celfront.Variable{}, s.vars...)
	for _, f := range u.Policy.Decl.Params {
		vars = append(vars, celfront.Variable{Name: f.Name.Text, Type: Written(f.Type)})
	}
	inner.env = c.env(vars)
	check(&inner)
	s.diags.Append(atUse(u, found.Sorted())...)
}

// arguments checks the arguments of a use, once; nil if one is wrong.
func (s *scope) arguments(u *resolve.Use) map[string]*celfront.Checked {
	if args, done := s.args[u]; done {
		return args
	}
	args := map[string]*celfront.Checked{}
	s.args[u] = nil
	for _, f := range u.Policy.Decl.Params {
		x := u.Args[f.Name.Text]
		if x == nil {
			return nil // said already
		}
		c := *s.checker
		var found diag.List
		env := s.env
		written := encloses(u.Span, x.Span())
		if !written { // a default is the policy's
			c.module, c.inline = u.Policy.Module, nil
			env = c.env(s.vars)
		}
		c.diags = &found
		inner := *s
		inner.checker, inner.env = &c, env
		k := inner.argument(x, Written(f.Type), u, f.Name.Text, f.Name.Span())
		if written {
			s.diags.Append(found.Sorted()...)
		} else {
			s.diags.Append(atUse(u, found.Sorted())...)
		}
		if k == nil {
			return nil
		}
		args[f.Name.Text] = k
	}
	s.args[u] = args
	return args
}

// argument checks one argument against the type of its parameter.
func (s *scope) argument(x *ast.Expr, want *types.Type, u *resolve.Use, name string, at source.Span) *celfront.Checked {
	k := s.expr(s.env, x, nil, "")
	if k == nil {
		return nil
	}
	if !k.Fits(want) {
		s.diags.Add(diag.BadArgument, x.Span(), "the argument is of type %s; %s of policy %s is %s", k.Type, name, u.Policy.Name, want).
			Note(at, "the parameter")
		return nil
	}
	s.names(k)
	k = k.As(want)
	s.Exprs[x] = k
	return k
}

// qualified is the full name of what a text calls name.
func (c *checker) qualified(name string) string {
	if c.module != "" {
		if full := c.module + "." + name; c.isLet(full) {
			return full
		}
	}
	return name
}

func (c *checker) isLet(name string) bool {
	for _, l := range c.Bundle.Bundle.Lets {
		if l.Name == name {
			return true
		}
	}
	return false
}

// chosen reports whether the value of a header rule can depend on what the
// client sent, through the arguments of its use too.
func (c *checker) chosen(h *resolve.HeaderRule) bool {
	return c.chosenIn(h.Use, h.Value.Text)
}

// chosenIn is chosen for a text in the rules of a use, or of no use.
func (c *checker) chosenIn(u *resolve.Use, text string) bool {
	if u == nil {
		return c.clientChosen(text)
	}
	for _, n := range celfront.References(text) {
		if arg := u.Args[n]; arg != nil && c.chosenIn(u.Outer, arg.Text) {
			return true
		}
	}
	inner := *c
	inner.module = u.Policy.Module
	return inner.clientChosen(text)
}

func encloses(outer, inner source.Span) bool {
	return outer.File == inner.File && outer.Start <= inner.Start && inner.End <= outer.End
}

// atUse tells of mistakes in a policy's rules at the use: there they can be
// mended, and the same rules may be right elsewhere.
func atUse(u *resolve.Use, found []*diag.Diagnostic) []*diag.Diagnostic {
	var out []*diag.Diagnostic
	for _, d := range found {
		message := d.Message
		if !strings.HasPrefix(message, "in "+u.Name+".") { // of a use within
			message = "in " + u.Name + ": " + message
		}
		e := &diag.Diagnostic{Code: d.Code, Span: u.Span, Message: message, Help: d.Help}
		e.Note(d.Span, "the rule of policy %s", u.Policy.Name)
		e.Related = append(e.Related, d.Related...)
		out = append(out, e)
	}
	return out
}
