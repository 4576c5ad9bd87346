package check

import (
	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// checkLets checks the lets, each after those that it reads.
func (c *checker) checkLets() {
	byName := map[string]*resolve.Let{}
	for _, l := range c.Bundle.Bundle.Lets {
		byName[l.Name] = l
	}
	fields, _ := ClaimTypes(c.Auths)
	claims := claimVariables(fields)
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	var visit func(l *resolve.Let, path []*resolve.Let)
	visit = func(l *resolve.Let, path []*resolve.Let) {
		c.module = l.Module
		state[l.Name] = open
		params := map[string]bool{}
		for _, p := range l.Params {
			params[p.Name.Text] = true
		}
		for _, name := range celfront.References(l.Decl.Value.Text) {
			other, ok := byName[c.qualified(name)]
			if !ok || params[name] {
				continue
			}
			switch state[other.Name] {
			case unseen:
				visit(other, append(path, l))
				c.module = l.Module
			case open:
				d := c.diags.Add(diag.LetCycle, l.Decl.Name.Span(), "let %s depends on itself", l.Name)
				for _, p := range append(path, l) {
					if p != l || len(path) == 0 {
						d.Note(p.Decl.Value.Span(), "through %s", p.Name)
					}
				}
				state[l.Name] = done
				c.broken[l.Name] = true
				return
			}
		}
		state[l.Name] = done
		c.let(l, claims)
	}
	for _, l := range c.Bundle.Bundle.Lets {
		if state[l.Name] == unseen {
			visit(l, nil)
		}
	}
	c.module = ""
}

func (c *checker) let(l *resolve.Let, claims []celfront.Variable) {
	k := &Let{Let: l}
	vars := append([]celfront.Variable{}, claims...)
	for _, p := range l.Params {
		v := celfront.Variable{Name: p.Name.Text, Type: Written(p.Type)}
		k.Params = append(k.Params, v)
		vars = append(vars, v)
	}
	x := c.expr(c.env(vars), l.Decl.Value, nil, "")
	if x == nil {
		c.broken[l.Name] = true
		return
	}
	k.Type = x.Type
	c.lets[l.Name] = k
	c.Lets = append(c.Lets, k)
	c.reads[l.Name] = c.read(x.Root)
	c.later(x.Root)
	if x.Type.Kind == types.Bool {
		c.anchors(x.Root)
		c.warnings(x.Root)
	}
	c.failing[l.Name] = len(c.mayFails(x)) > 0
	if rd := c.reads[l.Name]; len(rd.Response) > 0 {
		c.diags.Add(diag.WrongPhase, rd.Response[0], "a let is evaluated with the request; the response is not known then").
			Helpf("write it into the response rule itself")
	}
}
