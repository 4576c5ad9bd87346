package eval

import (
	"net/netip"
	"strconv"
	"strings"
)

// maxAddress is the length of the longest address text without a zone.
const maxAddress = len("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255")

// parseIP reads an IP address, as net/netip does but without zones, without an
// error to allocate, and faster. What is longer than any address is none.
func parseIP(s string) (IP, bool) {
	if ip, ok := parseIPv4(s); ok {
		return ip, true
	}
	if len(s) > maxAddress {
		return IP{}, false
	}
	return parseIPv6(s)
}

// parseIPv4 reads four decimal numbers without leading zeros.
func parseIPv4(s string) (IP, bool) {
	address, n := leadingIPv4(s)
	return IP{low: uint64(address), bits: 32}, n == len(s) && n != 0
}

// leadingIPv4 reads the IPv4 address that a text begins with, and says how long
// it is; 0 when there is none. A digit or a dot that goes on is left to the
// caller.
func leadingIPv4(s string) (address uint32, length int) {
	i := 0
	for part := 0; part < 4; part++ {
		if part > 0 {
			if i >= len(s) || s[i] != '.' {
				return 0, 0
			}
			i++
		}
		if i >= len(s) {
			return 0, 0
		}
		n := uint32(s[i] - '0')
		if n > 9 {
			return 0, 0
		}
		i++
		// A zero stands alone.
		if n != 0 && i < len(s) {
			if d := uint32(s[i] - '0'); d <= 9 {
				n = n*10 + d
				i++
				if i < len(s) {
					if d := uint32(s[i] - '0'); d <= 9 {
						if n = n*10 + d; n > 255 {
							return 0, 0
						}
						i++
					}
				}
			}
		}
		address = address<<8 | n
	}
	return address, i
}

// parseIPv6 reads up to eight groups with at most one :: between them; the last
// two may be written as IPv4.
func parseIPv6(s string) (IP, bool) {
	var groups [8]uint16
	n, gap := 0, -1 // groups read, and how many of them come before the ::
	if strings.HasPrefix(s, "::") {
		gap, s = 0, s[2:]
	}
	for s != "" {
		if n == 8 {
			return IP{}, false
		}
		value, digits := uint32(0), 0
		for digits < len(s) && digits <= 4 {
			d := hexDigit(s[digits])
			if d > 15 {
				break
			}
			value = value<<4 | uint32(d)
			digits++
		}
		if digits == 0 || digits > 4 {
			return IP{}, false
		}
		if digits < len(s) && s[digits] == '.' {
			tail, ok := parseIPv4(s)
			if !ok || n > 6 || n < 6 && gap < 0 {
				return IP{}, false
			}
			groups[n], groups[n+1] = uint16(tail.low>>16), uint16(tail.low)
			n += 2
			break
		}
		groups[n] = uint16(value)
		n++
		s = s[digits:]
		if s == "" {
			break
		}
		if s[0] != ':' || len(s) == 1 {
			return IP{}, false
		}
		s = s[1:]
		if s[0] == ':' {
			if gap >= 0 {
				return IP{}, false
			}
			gap, s = n, s[1:]
		}
	}
	// A :: stands for one group at least.
	if (gap < 0) != (n == 8) {
		return IP{}, false
	}
	ip := IP{bits: 128}
	for i := 0; i < 8; i++ {
		g := uint16(0)
		switch from := i - (8 - n); {
		case gap < 0 || i < gap:
			g = groups[i]
		case from >= gap:
			g = groups[from]
		}
		ip.high = ip.high<<16 | ip.low>>48
		ip.low = ip.low<<16 | uint64(g)
	}
	return ip, true
}

func hexDigit(c byte) byte {
	switch {
	case c >= '0' && c <= '9':
		return c - '0'
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}

// parseCIDR reads an address, a slash and the length of the prefix.
func parseCIDR(s string) (CIDR, bool) {
	slash := strings.LastIndexByte(s, '/')
	if slash < 0 {
		return CIDR{}, false
	}
	ip, ok := parseIP(s[:slash])
	digits := s[slash+1:]
	if !ok || digits == "" || len(digits) > 3 || len(digits) > 1 && digits[0] == '0' {
		return CIDR{}, false
	}
	length, err := StringToUint(digits)
	if err != None || length > uint64(ip.bits) {
		return CIDR{}, false
	}
	return CIDR{ip, uint8(length)}, true
}

func appendIP(b []byte, ip IP) []byte {
	if ip.bits == 32 {
		return netip.AddrFrom4([4]byte{byte(ip.low >> 24), byte(ip.low >> 16), byte(ip.low >> 8), byte(ip.low)}).AppendTo(b)
	}
	var a [16]byte
	for i := range 8 {
		a[i], a[8+i] = byte(ip.high>>(56-8*i)), byte(ip.low>>(56-8*i))
	}
	return netip.AddrFrom16(a).AppendTo(b)
}

func appendCIDR(b []byte, c CIDR) []byte {
	return strconv.AppendUint(append(appendIP(b, c.ip), '/'), uint64(c.length), 10)
}
