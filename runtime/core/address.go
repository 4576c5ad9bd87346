package core

import (
	"net/netip"
	"strings"
)

// AddressIP is the IP address of host:port as text; an IPv4 address inside
// IPv6 counts as IPv4. Text without a port is taken as the address itself.
func AddressIP(hostport string) string {
	if n, ok := plainAddress(hostport); ok {
		return hostport[:n]
	}
	ip := hostport
	switch {
	case strings.HasPrefix(ip, "["):
		if end := strings.IndexByte(ip, ']'); end > 0 {
			ip = ip[1:end]
		}
	case strings.Count(ip, ":") == 1:
		ip = ip[:strings.IndexByte(ip, ':')]
	}
	if zone := strings.IndexByte(ip, '%'); zone >= 0 {
		ip = ip[:zone]
	}
	const mapped = "::ffff:"
	if len(ip) > len(mapped) && named(ip[:len(mapped)], mapped) && strings.IndexByte(ip, '.') > 0 {
		return ip[len(mapped):]
	}
	return ip
}

// plainAddress is the length of an address of digits and dots, in a text that
// has nothing else but the port. Nearly all clients have one.
func plainAddress(hostport string) (int, bool) {
	n := 0
	for n < len(hostport) && (hostport[n]-'0' <= 9 || hostport[n] == '.') {
		n++
	}
	for i := n; i < len(hostport); i++ {
		if hostport[i]-'0' > 9 && (i > n || hostport[i] != ':') {
			return 0, false
		}
	}
	return n, true
}

// AddressPort is the port of host:port; 0 when there is none.
func AddressPort(hostport string) int64 {
	at := strings.LastIndexByte(hostport, ':')
	if at < 0 || strings.HasPrefix(hostport, "[") && (at == 0 || hostport[at-1] != ']') ||
		!strings.HasPrefix(hostport, "[") && strings.IndexByte(hostport, ':') != at {
		return 0
	}
	n := int64(0)
	digits := hostport[at+1:]
	if digits == "" || len(digits) > 5 {
		return 0
	}
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return 0
		}
		n = n*10 + int64(digits[i]-'0')
	}
	if n > 65535 {
		return 0
	}
	return n
}

// SourceNet is what one client usually has: its IPv4 address, or the /64 of
// its IPv6 address. The argument may have a port; "" is what is no address.
func (r *Request) SourceNet(addr string) string {
	ip := AddressIP(addr)
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	a = a.Unmap().WithZone("")
	var b [64]byte
	if a.Is4() {
		return r.Copy(text(a.AppendTo(b[:0])))
	}
	p, err := a.Prefix(64)
	if err != nil {
		return ""
	}
	return r.Copy(text(p.AppendTo(b[:0])))
}
