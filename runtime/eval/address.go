package eval

import "strings"

// linearBlocks is how many blocks are quicker to try one by one than to find in
// a tree.
const linearBlocks = 4

// Prefixes is a set of CIDR blocks that is known before the first request.
type Prefixes struct {
	list      []CIDR // all of them, when they are few
	four, six prefixTree
	bad       bool
}

// ParsePrefixes reads CIDR blocks. One that is none makes every question to
// the set an error, as it does in CEL.
func ParsePrefixes(blocks ...string) *Prefixes {
	p := &Prefixes{}
	var list []CIDR
	for _, s := range blocks {
		c, ok := parseCIDR(s)
		if !ok {
			p.bad = true
			return p
		}
		list = append(list, c)
	}
	if len(list) <= linearBlocks {
		p.list = list
		return p
	}
	p.four, p.six = growTree(list, 32), growTree(list, 128)
	return p
}

// Contains reports whether an IP address lies in one of the blocks. An IPv4
// address inside IPv6 counts as IPv4, and a zone does not count.
func (p *Prefixes) Contains(ip string) (bool, Err) {
	address, ok := parseClient(ip)
	if !ok || p.bad {
		return false, BadAddress
	}
	for i := range p.list {
		if CIDRContainsIP(p.list[i], address) {
			return true, None
		}
	}
	if address.bits == 32 {
		return p.four.has(address.low<<32, 0), None
	}
	return p.six.has(address.high, address.low), None
}

// InCIDR is in_cidr for blocks that are known only with the request.
func InCIDR(ip string, blocks ...string) (bool, Err) {
	address, ok := parseClient(ip)
	if !ok {
		return false, BadAddress
	}
	found := false
	for _, s := range blocks {
		c, ok := parseCIDR(s)
		if !ok {
			return false, BadAddress
		}
		found = found || CIDRContainsIP(c, address)
	}
	return found, None
}

// parseClient reads an address as in_cidr does: without the zone that an IPv6
// address may have, and IPv4 inside IPv6 as IPv4.
func parseClient(s string) (IP, bool) {
	ip, ok := parseIPv4(s)
	if ok {
		return ip, true
	}
	if zone := strings.IndexByte(s, '%'); zone >= 0 {
		if zone == len(s)-1 {
			return IP{}, false
		}
		s = s[:zone]
	}
	if ip, ok = parseIPv6(s); !ok {
		return IP{}, false
	}
	if ip.mapped() {
		ip = IP{low: ip.low & 0xffffffff, bits: 32}
	}
	return ip, true
}
