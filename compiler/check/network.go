package check

import (
	"net/netip"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/types"
)

var networkRules = map[string]func(f flow, e *celfront.Expr) []failure{
	"ip": flow.address, "ip.isCanonical": flow.address, "cidr": flow.block, "containsIP": flow.containsIP, "containsCIDR": flow.containsCIDR,
	"in_cidr": flow.inCIDR,
}

// isAddress reports whether a text is an address for certain.
func (f flow) isAddress(e *celfront.Expr) bool {
	if f.known("isIP " + f.key(e)) {
		return true
	}
	x, g := f.through(e)
	if s, ok := g.text(x); ok {
		a, err := netip.ParseAddr(s)
		return err == nil && a.Zone() == "" && !a.Is4In6()
	}
	switch {
	case x.Op == celfront.Var:
		return x.Name == "source.ip" && g.named(x.Name) == nil || x != e && g.known("isIP "+g.key(x))
	case x.Op == celfront.Call && x.Name == "string" && len(x.Args) == 1:
		return g.typeOf(x.Args[0]).Kind == types.IP
	}
	return false
}

func (f flow) isBlock(e *celfront.Expr) bool {
	if f.known("isCIDR " + f.key(e)) {
		return true
	}
	x, g := f.through(e)
	if s, ok := g.text(x); ok {
		p, err := netip.ParsePrefix(s)
		return err == nil && !p.Addr().Is4In6()
	}
	return x.Op == celfront.Call && x.Name == "string" && len(x.Args) == 1 && g.typeOf(x.Args[0]).Kind == types.CIDR
}

func (f flow) address(e *celfront.Expr) []failure {
	if f.typeOf(e.Args[0]).Kind == types.CIDR || f.isAddress(e.Args[0]) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the text is not an IP address", guard: phrase{"isIP(", e.Args[0], ")"}, exact: true}}
}

func (f flow) block(e *celfront.Expr) []failure {
	if f.isBlock(e.Args[0]) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the text is not a block of addresses", guard: phrase{"isCIDR(", e.Args[0], ")"}, exact: true}}
}

func (f flow) containsIP(e *celfront.Expr) []failure {
	if f.typeOf(e.Args[1]).Kind == types.IP || f.isAddress(e.Args[1]) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the text is not an IP address", guard: phrase{"isIP(", e.Args[1], ")"}, exact: true}}
}

func (f flow) containsCIDR(e *celfront.Expr) []failure {
	if f.typeOf(e.Args[1]).Kind == types.CIDR || f.isBlock(e.Args[1]) {
		return nil
	}
	return []failure{{at: e, why: "this fails when the text is not a block of addresses", guard: phrase{"isCIDR(", e.Args[1], ")"}, exact: true}}
}

// inCIDR fails for what is no address, and for blocks that are none.
func (f flow) inCIDR(e *celfront.Expr) []failure {
	if !f.isAddress(e.Args[0]) {
		return []failure{{at: e, why: "this fails when the text is not an IP address", guard: phrase{"isIP(", e.Args[0], ")"}}}
	}
	return f.blocks(e.Args[1])
}

// blocks fails for blocks that are known only with the request and may be none.
// Constant ones are read with the policy.
func (f flow) blocks(e *celfront.Expr) []failure {
	list := []*celfront.Expr{e}
	if e.Op == celfront.List {
		list = e.Args
	}
	for _, b := range list {
		switch {
		case b.Op == celfront.Const:
		case b.Type.Kind != types.String:
			return []failure{{at: e, why: "this fails when one of the texts is no CIDR block"}}
		case !f.isBlock(b):
			return []failure{{at: b, why: "this fails when the text is no CIDR block", guard: phrase{"isCIDR(", b, ")"}}}
		}
	}
	return nil
}
