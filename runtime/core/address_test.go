package core

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// addressBySteps is AddressIP as it is said: the port off, the zone off, IPv4
// out of IPv6.
func addressBySteps(hostport string) string {
	ip := hostport
	if inner, _, closed := strings.Cut(strings.TrimPrefix(ip, "["), "]"); strings.HasPrefix(ip, "[") && closed {
		ip = inner
	} else if host, port, ok := strings.Cut(ip, ":"); ok && !strings.Contains(port, ":") && !strings.HasPrefix(ip, "[") {
		ip = host
	}
	ip, _, _ = strings.Cut(ip, "%")
	if len(ip) > 7 && strings.EqualFold(ip[:7], "::ffff:") && strings.Contains(ip, ".") {
		return ip[7:]
	}
	return ip
}

func TestAddressesWithAndWithoutPorts(t *testing.T) {
	texts := rapid.OneOf(
		rapid.StringMatching(`([0-9]{1,3}\.){3}[0-9]{1,3}(:[0-9]{0,5}){0,2}`),
		rapid.StringMatching(`\[?(::ffff:|::FFFF:|::|2001:db8::)?(1\.2\.3\.4|1|)(%[a-z0-9.]{0,3})?\]?(:[0-9]{1,5})?`),
		rapid.StringOf(rapid.SampledFrom([]rune("01239.:.:[]%fF/é"))),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "s")
		if got, want := AddressIP(s), addressBySteps(s); got != want {
			t.Fatalf("%q: %q, by steps %q", s, got, want)
		}
	})
}

func BenchmarkAddressIP(b *testing.B) {
	for _, s := range []string{"203.0.113.254:54321", "[2001:db8::1]:443"} {
		b.Run("direct/"+s, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n += len(AddressIP(s))
			}
		})
		b.Run("by-steps/"+s, func(b *testing.B) {
			n := 0
			for b.Loop() {
				n += len(addressBySteps(s))
			}
		})
	}
}
