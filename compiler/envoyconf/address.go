package envoyconf

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

// HostPort is an address: a host name or IP address, and a TCP port.
type HostPort struct {
	Host string // "" means every IPv4 address, where something listens
	Port int    // 0 lets the system choose, where something listens
}

// String returns the address as ParseHostPort reads it.
func (h HostPort) String() string { return net.JoinHostPort(h.Host, strconv.Itoa(h.Port)) }

// ParseHostPort reads HOST:PORT; an IPv6 address stands in brackets, and an
// empty host is kept empty.
func ParseHostPort(text string) (HostPort, error) {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		hint := ""
		if strings.Count(text, ":") > 1 && !strings.Contains(text, "[") {
			hint = "; an IPv6 address needs brackets: [::1]:8080"
		}
		return HostPort{}, fmt.Errorf("address %q: want HOST:PORT%s", text, hint)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return HostPort{}, fmt.Errorf("address %q: %q is no port: want a number from 0 to 65535", text, port)
	}
	address := HostPort{Host: host, Port: int(number)}
	if host != "" && !address.isIP() && !isHostName(host) {
		return HostPort{}, fmt.Errorf("address %q: %q is neither a host name nor an IP address", text, host)
	}
	return address, nil
}

func (h HostPort) isIP() bool {
	address, err := netip.ParseAddr(h.Host)
	return err == nil && address.Zone() == ""
}

var hostLabel = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?$`)

// isHostName also refuses what looks like a mistyped IPv4 address: a resolver
// would be asked for "127.0.0.256" and fail only when traffic comes.
func isHostName(name string) bool {
	name = strings.TrimSuffix(name, ".")
	if name == "" || len(name) > 253 {
		return false
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if len(label) > 63 || !hostLabel.MatchString(label) {
			return false
		}
	}
	_, err := strconv.Atoi(labels[len(labels)-1])
	return err != nil
}

// bindable says why Envoy could not listen there.
func (h HostPort) bindable() error {
	if h.Host != "" && !h.isIP() {
		return fmt.Errorf("%s: Envoy listens on IP addresses only, not on names: write 127.0.0.1:%d for this machine or 0.0.0.0:%d for every IPv4 address",
			h, h.Port, h.Port)
	}
	return h.portInRange(0)
}

// connectable says why Envoy could not connect there.
func (h HostPort) connectable() error {
	if !h.isIP() && !isHostName(h.Host) {
		return fmt.Errorf("%s: %q is neither a host name nor an IP address", h, h.Host)
	}
	return h.portInRange(1)
}

func (h HostPort) portInRange(least int) error {
	if h.Port < least || h.Port > 65535 {
		return fmt.Errorf("%s: want a port from %d to 65535", h, least)
	}
	return nil
}

// bindHost is the host as a listener's configuration needs it.
func (h HostPort) bindHost() string {
	if h.Host == "" {
		return "0.0.0.0"
	}
	return h.Host
}

// overlaps says that two listeners on these hosts would meet.
func (h HostPort) overlaps(other HostPort) bool {
	a, errA := netip.ParseAddr(h.bindHost())
	b, errB := netip.ParseAddr(other.bindHost())
	if errA != nil || errB != nil {
		return false
	}
	return a == b || a.IsUnspecified() || b.IsUnspecified()
}
