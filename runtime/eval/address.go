package eval

import "net/netip"

// Prefixes is a list of CIDR blocks that is known before the first request.
type Prefixes struct {
	blocks []netip.Prefix
	bad    bool
}

// ParsePrefixes reads CIDR blocks. One that is none makes every question to
// the list an error, as it does in CEL.
func ParsePrefixes(list ...string) Prefixes {
	var p Prefixes
	for _, s := range list {
		block, err := netip.ParsePrefix(s)
		p.blocks = append(p.blocks, block)
		p.bad = p.bad || err != nil
	}
	return p
}

// Contains reports whether an IP address lies in one of the blocks. An IPv4
// address inside IPv6 counts as IPv4.
func (p Prefixes) Contains(ip string) (bool, Err) {
	addr, ok := parseAddr(ip)
	if !ok || p.bad {
		return false, BadAddress
	}
	for i := range p.blocks {
		if p.blocks[i].Contains(addr) {
			return true, None
		}
	}
	return false, None
}

// InCIDR is in_cidr for blocks that are known only with the request.
func InCIDR(ip string, blocks ...string) (bool, Err) {
	addr, ok := parseAddr(ip)
	if !ok {
		return false, BadAddress
	}
	found := false
	for _, s := range blocks {
		block, err := netip.ParsePrefix(s)
		if err != nil {
			return false, BadAddress
		}
		found = found || block.Contains(addr)
	}
	return found, None
}

func parseAddr(ip string) (netip.Addr, bool) {
	if ip == "" || len(ip) > 64 {
		return netip.Addr{}, false
	}
	addr, err := netip.ParseAddr(ip)
	return addr.Unmap().WithZone(""), err == nil
}
