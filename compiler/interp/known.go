package interp

import (
	"strings"

	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/ast"
)

// known reports whether a request got far enough for a rule on its answer to
// know what it reads: a request that was refused for how it is written says
// nothing, and nobody is known before authentication.
func (d *decision) known(rule *resolve.HeaderRule) bool {
	if d.unread && d.bundle.eitherReads(rule, isRequest) {
		return false
	}
	return d.identity != nil || !d.bundle.eitherReads(rule, isIdentity)
}

// isRequest reports whether a name is of what a request says or of where it
// comes from.
func isRequest(name string) bool {
	for _, root := range []string{"request.", "source.", "destination.", "connection.", "xds.", "path.", "hostname."} {
		if strings.HasPrefix(name, root) {
			return true
		}
	}
	return false
}

func (b *bundle) eitherReads(rule *resolve.HeaderRule, what func(string) bool) bool {
	return b.mentions(rule.When, what) || b.mentions(rule.Value, what)
}

// mentions reports whether an expression reads a name that is meant, itself or
// through lets and the arguments of a policy.
func (b *bundle) mentions(e *ast.Expr, what func(string) bool) bool {
	if e == nil {
		return false
	}
	x := b.exprs[e]
	if x.asks && what("request.") {
		return true
	}
	for name := range x.vars {
		if what(name) {
			return true
		}
		if l := b.lets[name]; l != nil && !l.Call && b.mentions(l.Decl.Value, what) {
			return true
		}
	}
	for _, arg := range x.params {
		if b.mentions(arg, what) {
			return true
		}
	}
	for name := range x.calls {
		if b.mentions(b.lets[name].Decl.Value, what) {
			return true
		}
	}
	return false
}
