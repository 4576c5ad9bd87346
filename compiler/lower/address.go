package lower

import (
	"net/netip"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// inCIDR takes constant blocks, so that they are parsed with the policy, and
// others as they come.
func (x *expression) inCIDR(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	blocks := []*celfront.Expr{e.Args[1]}
	if e.Args[1].Op == celfront.List {
		blocks = e.Args[1].Args
	}
	out.Args = []*ir.Expr{x.cast(x.lower(e.Args[0]), types.StringType)}
	var texts []string
	for _, b := range blocks {
		s, ok := b.Value.(string)
		if !ok || b.Op != celfront.Const {
			return x.inBlocks(e, out)
		}
		if x.takesBlock(b, s) {
			texts = append(texts, s)
		}
	}
	out.Op, out.Value = "in-cidr", texts
	return out
}

// takesBlock holds a constant block to what it seems to say.
func (x *expression) takesBlock(b *celfront.Expr, s string) bool {
	p, err := netip.ParsePrefix(s)
	switch {
	case err != nil:
		x.diags.Add(diag.BadExpression, b.Span, "%q is not a CIDR block", s).Helpf(`"10.0.0.0/8"`)
	case p.Addr().Is4In6():
		d := x.diags.Add(diag.BadExpression, b.Span, "addresses are compared as IPv4 where they are IPv4: this block never matches")
		if p.Bits() >= 96 {
			d.Helpf("%q", netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-96).Masked().String())
		}
	case p != p.Masked():
		x.diags.Add(diag.BadExpression, b.Span, "%s has bits beyond its prefix", s).Helpf("%q", p.Masked().String())
	default:
		return true
	}
	return false
}

// inBlocks compares with blocks that are known only with the request.
func (x *expression) inBlocks(e *celfront.Expr, out *ir.Expr) *ir.Expr {
	blocks := x.lower(e.Args[1])
	if blocks.Type.Kind == types.String {
		blocks = &ir.Expr{Op: "list", Type: types.ListOf(types.StringType), Args: []*ir.Expr{blocks}, Span: blocks.Span}
	}
	out.Op = "in-cidr-list"
	out.Args = append(out.Args, x.cast(blocks, types.ListOf(types.StringType)))
	return out
}
