package differential

import (
	"fmt"
	"slices"
	"strings"
)

// place is what an expression may read where it stands.
type place struct {
	*policy
	identity, request, response bool
	// guarded: the identity may be nobody's here.
	guarded bool
	// safe: nothing may fail here.
	safe     bool
	auths    []auth
	captures []string
	vars     []variable
	bound    int
}

type variable struct{ name, kind string }

// with returns a changed copy.
func (c *place) with(change func(*place)) *place {
	d := *c
	d.vars = slices.Clone(c.vars)
	change(&d)
	return &d
}

var scalars = []string{"bool", "int", "uint", "double", "string", "duration", "timestamp"}

func (p *policy) someType() string {
	return pick(p.Rand, "bool", "bool", "int", "uint", "double", "string", "string", "duration", "timestamp", "list(string)", "list(int)", "optional(string)", "optional(int)", "bytes", "dyn", texts)
}

// expr writes an expression of a type, at most depth operators deep.
func (c *place) expr(kind string, depth int) string {
	var forms []func() string
	add := func(weight int, f func() string) {
		for range weight {
			forms = append(forms, f)
		}
	}
	sub := func(kind string) string { return c.expr(kind, depth-1) }
	for _, v := range c.vars {
		if v.kind == kind {
			add(3, func() string { return v.name })
		}
	}
	c.letForms(kind, add, sub, depth)
	elem, isList := strings.CutPrefix(kind, "list(")
	elem = strings.TrimSuffix(elem, ")")
	of, isOptional := strings.CutPrefix(kind, "optional(")
	of = strings.TrimSuffix(of, ")")
	switch {
	case isList:
		c.listForms(elem, depth, add, sub)
	case isOptional:
		c.optionalForms(of, depth, add, sub)
	case kind == "bytes", kind == "dyn", kind == texts:
		c.containers(kind, depth, add, sub)
	default:
		c.leaves(kind, add)
		if depth > 0 {
			c.operators(kind, add, sub)
		}
	}
	if depth > 0 {
		c.extensions(kind, depth, add, sub)
		c.tableForms(kind, add, sub)
		add(1, func() string { return fmt.Sprintf("(%s ? %s : %s)", sub("bool"), sub(kind), sub(kind)) })
	}
	return forms[c.IntN(len(forms))]()
}

// letForms reads a let of the type.
func (c *place) letForms(kind string, add func(int, func() string), sub func(string) string, depth int) {
	for _, l := range c.lets {
		if l.result != kind || l.identity && !c.identity || l.request && !c.request || l.fails && c.safe {
			continue
		}
		if len(l.params) > 0 && depth == 0 {
			continue
		}
		add(2, func() string {
			if len(l.params) == 0 {
				return l.name
			}
			var args []string
			for _, t := range l.params {
				args = append(args, sub(t))
			}
			return l.name + "(" + strings.Join(args, ", ") + ")"
		})
	}
}

func (c *place) listForms(elem string, depth int, add func(int, func() string), sub func(string) string) {
	add(2, func() string {
		items := make([]string, 1+c.IntN(3))
		for i := range items {
			items[i] = c.expr(elem, min(depth-1, 1))
		}
		return "[" + strings.Join(items, ", ") + "]"
	})
	if elem == "string" {
		if c.request {
			add(1, func() string { return fmt.Sprintf("header_values(%q)", pick(c.Rand, readable...)) })
			add(1, func() string { return fmt.Sprintf("query_values(%q)", pick(c.Rand, "q", "m")) })
		}
		if c.identity {
			add(1, func() string { return "identity.groups" })
		}
	}
	c.claimForms("list("+elem+")", add)
	if depth > 0 {
		add(1, func() string { return c.macro(sub("list("+elem+")"), "filter", elem, "bool", depth) })
		add(1, func() string {
			from := pick(c.Rand, "string", "int")
			return c.macro(sub("list("+from+")"), "map", from, elem, depth)
		})
	}
}

// macro writes LIST.name(v, BODY).
func (c *place) macro(list, name, elem, result string, depth int) string {
	inner := c.with(func(d *place) {
		d.bound++
		d.vars = append(d.vars, variable{fmt.Sprintf("v%d", d.bound), elem})
	})
	return fmt.Sprintf("%s.%s(v%d, %s)", list, name, inner.bound, inner.expr(result, min(depth-1, 2)))
}

func (c *place) optionalForms(of string, depth int, add func(int, func() string), sub func(string) string) {
	add(1, func() string { return "optional.of(" + c.expr(of, min(depth-1, 1)) + ")" })
	if of == "string" {
		if c.request {
			add(2, func() string { return fmt.Sprintf("request.headers[?%q]", pick(c.Rand, readable...)) })
		}
		if c.response {
			add(2, func() string { return fmt.Sprintf("response.headers[?%q]", pick(c.Rand, "u1", "u2", "none")) })
		}
	}
	c.claimForms("optional("+of+")", add)
	if depth > 0 {
		add(1, func() string { return sub("list("+of+")") + "[?" + sub("int") + "]" })
		add(1, func() string { return sub("optional("+of+")") + ".or(" + sub("optional("+of+")") + ")" })
	}
}

// claimForms reads claims that the auths of the place give in this type.
func (c *place) claimForms(kind string, add func(int, func() string)) {
	if !c.identity {
		return
	}
	for _, n := range claimNames {
		declared, optional := 0, false
		for _, a := range c.auths {
			if t, ok := a.claims[n]; ok {
				declared++
				optional = optional || strings.HasSuffix(t, "?")
			}
		}
		t := claimTypes[n]
		if optional || declared < len(c.auths) {
			t = "optional(" + t + ")"
		}
		if declared > 0 && t == kind {
			add(2, func() string { return "identity.claims." + n })
		}
	}
}
