package lower

import (
	"slices"

	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/resolve"
)

// sharing lowers the cors.allow that requests of a route may meet; nil stands
// for requests that no route takes.
func (l *lowerer) sharing(r *resolve.Route) []ir.Sharing {
	var out []ir.Sharing
	for _, block := range l.check.Sharing(r) {
		s := ir.Sharing{CORS: l.cors(block.CORS), Scope: -1}
		for k, i := range l.over {
			if &k.Route == block && k.Template {
				s.Scope = i
			}
		}
		out = append(out, s)
	}
	return out
}

// cors is the index of what a cors.allow says.
func (l *lowerer) cors(rule *resolve.CORS) int {
	c := l.check.CORS[rule]
	for i, o := range l.Bundle.CORS {
		if o.Block == c.Block {
			return i
		}
	}
	for _, name := range []string{"origin", "access-control-request-method", "access-control-request-headers"} {
		slot(&l.Headers, name)
	}
	but := func(list []string) (names []string, any bool) {
		for _, n := range list {
			if n == "*" {
				any = true
			} else {
				names = append(names, n)
			}
		}
		return names, any
	}
	o := &ir.CORS{Block: c.Block, Credentials: c.Credentials, Expose: slices.Clone(c.Expose), MaxAge: int(c.MaxAge.Seconds())}
	o.Origins, o.AnyOrigin = but(c.Origins)
	o.Methods, o.AnyMethod = but(c.Methods)
	o.Headers, o.AnyHeader = but(c.Headers)
	l.Bundle.CORS = append(l.Bundle.CORS, o)
	return len(l.Bundle.CORS) - 1
}
