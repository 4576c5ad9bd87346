package eval

import "moec.dev/moec/runtime/core"

// IP is CEL's net.IP: an address without a zone, and never IPv4 inside IPv6.
// Two are the same address when they are ==. The zero IP is no address.
type IP struct {
	high, low uint64 // the address's bits, those of IPv4 at the low end
	bits      uint8  // 32 or 128
}

// CIDR is CEL's net.CIDR: an address and the length of a prefix. Bits of the
// address beyond the prefix stay as they were written, and count for ==.
type CIDR struct {
	ip     IP
	length uint8 // at most ip.bits
}

// mappedHalf is the lower half's upper half of an IPv4 address inside IPv6.
const mappedHalf = 0xffff

// mapped reports whether an address is IPv4 inside IPv6.
func (ip IP) mapped() bool {
	return ip.bits == 128 && ip.high == 0 && ip.low>>32 == mappedHalf
}

// StringToIP is ip(string).
func StringToIP(s string) (IP, Err) {
	ip, ok := parseIP(s)
	if !ok || ip.mapped() {
		return IP{}, BadAddress
	}
	return ip, None
}

// StringToCIDR is cidr(string).
func StringToCIDR(s string) (CIDR, Err) {
	c, ok := parseCIDR(s)
	if !ok || c.ip.mapped() {
		return CIDR{}, BadAddress
	}
	return c, None
}

// IsIP is isIP(string).
func IsIP(s string) bool {
	_, err := StringToIP(s)
	return err == None
}

// IsCIDR is isCIDR(string).
func IsCIDR(s string) bool {
	_, err := StringToCIDR(s)
	return err == None
}

// IPIsCanonical is ip.isCanonical(string): the text is the one that string(ip)
// would give.
func IPIsCanonical(s string) (bool, Err) {
	ip, err := StringToIP(s)
	if err != None {
		return false, err
	}
	var b [maxAddress]byte
	return string(appendIP(b[:0], ip)) == s, None
}

// IPToString is string(net.IP).
func IPToString(s *core.Scratch, ip IP) string {
	var b [maxAddress]byte
	return keep(s, appendIP(b[:0], ip))
}

// IPFamily is ip.family(): 4 or 6.
func IPFamily(ip IP) int64 {
	if ip.bits == 32 {
		return 4
	}
	return 6
}

// IPIsUnspecified is ip.isUnspecified(): 0.0.0.0 or ::.
func IPIsUnspecified(ip IP) bool { return ip.high|ip.low == 0 }

// IPIsLoopback is ip.isLoopback(): 127.0.0.0/8 or ::1.
func IPIsLoopback(ip IP) bool {
	if ip.bits == 32 {
		return ip.low>>24 == 127
	}
	return ip.high == 0 && ip.low == 1
}

// IPIsLinkLocalUnicast is ip.isLinkLocalUnicast(): 169.254.0.0/16 or fe80::/10.
func IPIsLinkLocalUnicast(ip IP) bool {
	if ip.bits == 32 {
		return ip.low>>16 == 169<<8|254
	}
	return ip.high>>54 == 0xfe80>>6
}

// IPIsLinkLocalMulticast is ip.isLinkLocalMulticast(): 224.0.0.0/24, or the
// scope of ff02 in IPv6.
func IPIsLinkLocalMulticast(ip IP) bool {
	if ip.bits == 32 {
		return ip.low>>8 == 224<<16
	}
	return ip.high>>56 == 0xff && ip.high>>48&0xf == 2
}

// IPIsGlobalUnicast is ip.isGlobalUnicast(): none of the special kinds. Private
// addresses are global in this sense.
func IPIsGlobalUnicast(ip IP) bool {
	multicast := ip.high>>56 == 0xff
	if ip.bits == 32 {
		multicast = ip.low>>28 == 0xe || ip.low == 0xffffffff
	}
	return !multicast && !IPIsUnspecified(ip) && !IPIsLoopback(ip) && !IPIsLinkLocalUnicast(ip)
}

// CIDRToString is string(net.CIDR).
func CIDRToString(s *core.Scratch, c CIDR) string {
	var b [maxAddress + 4]byte
	return keep(s, appendCIDR(b[:0], c))
}

// CIDRIP is cidr.ip(): the address as it was written.
func CIDRIP(c CIDR) IP { return c.ip }

// CIDRPrefixLength is cidr.prefixLength().
func CIDRPrefixLength(c CIDR) int64 { return int64(c.length) }

// CIDRMasked is cidr.masked(): the block with the bits beyond the prefix zero.
func CIDRMasked(c CIDR) CIDR {
	high, low := mask(c)
	c.ip.high &= high
	c.ip.low &= low
	return c
}

// CIDRIsMask is cidr.isMask(): no bit beyond the prefix is set.
func CIDRIsMask(c CIDR) bool { return CIDRMasked(c) == c }

// CIDRContainsIP is cidr.containsIP(ip).
func CIDRContainsIP(c CIDR, ip IP) bool {
	high, low := mask(c)
	return c.ip.bits == ip.bits && (c.ip.high^ip.high)&high == 0 && (c.ip.low^ip.low)&low == 0
}

// CIDRContainsIPString is cidr.containsIP(string).
func CIDRContainsIPString(c CIDR, s string) (bool, Err) {
	ip, err := StringToIP(s)
	return err == None && CIDRContainsIP(c, ip), err
}

// CIDRContainsCIDR is cidr.containsCIDR(cidr).
func CIDRContainsCIDR(c, inner CIDR) bool {
	return c.length <= inner.length && CIDRContainsIP(c, inner.ip)
}

// CIDRContainsCIDRString is cidr.containsCIDR(string).
func CIDRContainsCIDRString(c CIDR, s string) (bool, Err) {
	inner, err := StringToCIDR(s)
	return err == None && CIDRContainsCIDR(c, inner), err
}

// mask is the bits of an address that a block's prefix is about.
func mask(c CIDR) (high, low uint64) {
	switch n := uint(c.length); {
	case c.ip.bits == 32:
		return 0, uint64(^uint32(0)) << (32 - n) & uint64(^uint32(0))
	case n <= 64:
		return ^uint64(0) << (64 - n), 0
	default:
		return ^uint64(0), ^uint64(0) << (128 - n)
	}
}
