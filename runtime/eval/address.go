package eval

import (
	"strings"

	"moec.dev/moec/runtime/core"
)

// linearBlocks is how many blocks of a kind are quicker to try one by one than
// to find in a tree.
const linearBlocks = 4

// Prefixes is a set of CIDR blocks that is known before the first request.
type Prefixes struct {
	fours     []maskedBlock // the IPv4 blocks, when they are few
	sixes     []CIDR        // the IPv6 blocks, when they are few
	four, six prefixTree
	bad       bool
}

// maskedBlock is an IPv4 block as the question that is asked of an address.
type maskedBlock struct{ mask, prefix uint32 }

// ParsePrefixes reads CIDR blocks. One that is none makes every question to
// the set an error, as it does in CEL.
func ParsePrefixes(blocks ...string) *Prefixes {
	p := &Prefixes{}
	var fours, sixes []CIDR
	for _, s := range blocks {
		c, ok := parseCIDR(s)
		if !ok {
			return &Prefixes{bad: true}
		}
		if c.ip.bits == 32 {
			fours = append(fours, c)
		} else {
			sixes = append(sixes, c)
		}
	}
	if len(fours) > linearBlocks {
		p.four = growTree(fours, 32)
	} else {
		for _, c := range fours {
			_, low := mask(c)
			p.fours = append(p.fours, maskedBlock{uint32(low), uint32(c.ip.low & low)})
		}
	}
	if len(sixes) > linearBlocks {
		p.six = growTree(sixes, 128)
	} else {
		p.sixes = sixes
	}
	return p
}

// Contains reports whether an IP address lies in one of the blocks. An IPv4
// address inside IPv6 counts as IPv4, and a zone does not count.
func (p *Prefixes) Contains(ip string) (bool, Err) {
	address, ok := parseClient(ip)
	if !ok || p.bad {
		return false, BadAddress
	}
	if address.bits == 32 {
		return p.has4(uint32(address.low)), None
	}
	return p.has6(address), None
}

// ContainsSource is Contains for the address of a peer as the host writes it:
// mostly with a port, IPv6 in brackets.
func (p *Prefixes) ContainsSource(attribute string) (bool, Err) {
	address, n := leadingIPv4(attribute)
	if n == 0 || !onlyPort(attribute, n) || p.bad {
		return p.Contains(core.AddressIP(attribute))
	}
	return p.has4(address), None
}

// onlyPort reports whether a text has nothing but a port from n on.
func onlyPort(s string, n int) bool {
	if n == len(s) {
		return true
	}
	port := len(s) - n - 1
	if s[n] != ':' || len(s) < 8 || port > 8 {
		return false // AddressIP will tell
	}
	// All digits at once: what stands before the port is shifted out.
	const zeros, overNine = '0' * everyByte, (0x80 - 10) * everyByte
	out := uint(64 - 8*port)
	digits := word(s[len(s)-8:])>>out ^ zeros>>out
	return (digits|(digits+overNine))&highBits == 0
}

func (p *Prefixes) has4(address uint32) bool {
	for i := range p.fours {
		if b := &p.fours[i]; address&b.mask == b.prefix {
			return true
		}
	}
	return p.four != nil && p.four.has(uint64(address)<<32, 0)
}

func (p *Prefixes) has6(address IP) bool {
	for i := range p.sixes {
		if CIDRContainsIP(p.sixes[i], address) {
			return true
		}
	}
	return p.six.has(address.high, address.low)
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
