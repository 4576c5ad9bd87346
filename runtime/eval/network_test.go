package eval

import (
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

// addressTexts are addresses, and what is nearly one.
var addressTexts = rapid.OneOf(
	rapid.Map(rapid.Uint32(), func(u uint32) string {
		return netip.AddrFrom4([4]byte{byte(u >> 24), byte(u >> 16), byte(u >> 8), byte(u)}).String()
	}),
	rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.Just(byte(0)), rapid.Byte()), 16, 16), func(b []byte) string { return netip.AddrFrom16([16]byte(b)).String() }),
	rapid.StringMatching(`([0-9]{1,3}\.){3}[0-9]{1,3}`),
	rapid.StringMatching(`([0-9a-fA-F]{0,4}:){1,8}[0-9a-f]{0,5}`),
	rapid.StringMatching(`(0:|:|1:){0,7}(255|0|1)\.0\.[0-2]?[0-9]\.7(%[a-z]{0,3})?`),
	rapid.StringMatching(`::ffff:[0-9]{1,2}\.1\.2\.3`),
	rapid.StringOf(rapid.SampledFrom([]rune("0123456789abf:.%/ -+x"))),
	rapid.SampledFrom([]string{
		"", "0.0.0.0", "255.255.255.255", "127.0.0.1", "127.1.2.3", "169.254.0.1", "224.0.0.1", "224.0.1.1", "239.1.1.1", "10.0.0.1", "01.2.3.4", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..2.3", "256.1.1.1", "1.2.3.1000",
		"::", "::1", ":::", "1::", "::1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "1:2:3:4::5:6:7:8", ":1", "1:", "fe80::1", "febf::", "fec0::", "ff02::1", "ff12::1", "ff05::1", "FE80::ABCD", "2001:0db8::1", "2001:db8::1", "12345::", "::12345",
		"::ffff:1.2.3.4", "::FFFF:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1:2:3:4:5:1.2.3.4", "1:2:3:4:5:6::1.2.3.4", "1:2:3:4:5::1.2.3.4", "::1.2.3.4:5", "::1.2.3", "::01.2.3.4", "::ffff:0:0", "fe80::1%eth0", "fe80::1%", "1.2.3.4%a", "%a", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255", "0000:0000:0000:0000:0000:0000:0000:0001", "00000::1", "::ffff:1.2.3.4%x"}),
)

var blockTexts = rapid.OneOf(
	rapid.Map(rapid.Map(addressTexts, func(s string) string { return s + "/" }), func(s string) string { return s + "24" }),
	rapid.Custom(func(t *rapid.T) string {
		return addressTexts.Draw(t, "ip") + rapid.SampledFrom([]string{"", "/", "//"}).Draw(t, "slash") + rapid.SampledFrom([]string{"", "0", "1", "8", "9", "08", "00", "+8", "-1", "32", "33", "64", "65", "96", "127", "128", "129", "1000", "8/8", "x", "8 "}).Draw(t, "bits")
	}),
	rapid.SampledFrom([]string{"10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "::/0", "2001:db8::/32", "2001:db8::1/64", "10.0.0.1/32", "::1/128", "::ffff:10.0.0.0/104", "fe80::1%a/64"}),
)

// address is an IP as net/netip has it.
func address(ip IP) netip.Addr {
	a, err := netip.ParseAddr(IPToString(memory(), ip))
	if err != nil {
		panic(err)
	}
	return a
}

func TestAddressTextsAgreeWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := addressTexts.Draw(t, "s")
		want, err := netip.ParseAddr(s)
		if got, ok := parseIP(s); ok != (err == nil && want.Zone() == "") || ok && address(got) != want {
			t.Fatalf("%q: %v %v; the library %v %v", s, got, ok, want, err)
		}
		got, ok := parseClient(s)
		if ok != (err == nil) || ok && address(got) != want.Unmap().WithZone("") {
			t.Fatalf("client %q: %v %v; the library %v %v", s, got, ok, want, err)
		}
	})
}

func TestAddressesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := addressTexts.Draw(t, "s")
		in := vars{"s1": s}
		same(t, "isIP(s1)", in, IsIP(s), None)
		canonical, err := IPIsCanonical(s)
		same(t, "ip.isCanonical(s1)", in, canonical, err)
		ip, err := StringToIP(s)
		same(t, "ip(s1).isLoopback()", in, IPIsLoopback(ip), err)
		same(t, "ip(s1).isUnspecified()", in, IPIsUnspecified(ip), err)
		same(t, "ip(s1).isGlobalUnicast()", in, IPIsGlobalUnicast(ip), err)
		same(t, "ip(s1).isLinkLocalUnicast()", in, IPIsLinkLocalUnicast(ip), err)
		same(t, "ip(s1).isLinkLocalMulticast()", in, IPIsLinkLocalMulticast(ip), err)
		same(t, "ip(s1).family()", in, IPFamily(ip), err)
		same(t, "string(ip(s1))", in, IPToString(memory(), ip), err)
	})
}

func TestBlocksAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, s := blockTexts.Draw(t, "a"), blockTexts.Draw(t, "b"), addressTexts.Draw(t, "s")
		if rapid.Bool().Draw(t, "near") {
			s, _, _ = strings.Cut(a, "/")
		}
		in := vars{"s1": a, "s2": b, "s3": s}
		same(t, "isCIDR(s1)", in, IsCIDR(a), None)
		c, err := StringToCIDR(a)
		same(t, "string(cidr(s1))", in, CIDRToString(memory(), c), err)
		if err != None {
			return
		}
		same(t, "cidr(s1).prefixLength()", in, CIDRPrefixLength(c), None)
		same(t, "cidr(s1).isMask()", in, CIDRIsMask(c), None)
		same(t, "string(cidr(s1).masked())", in, CIDRToString(memory(), CIDRMasked(c)), None)
		same(t, "string(cidr(s1).ip())", in, IPToString(memory(), CIDRIP(c)), None)
		inside, err := CIDRContainsIPString(c, s)
		same(t, "cidr(s1).containsIP(s3)", in, inside, err)
		inside, err = CIDRContainsCIDRString(c, b)
		same(t, "cidr(s1).containsCIDR(s2)", in, inside, err)
		ip, err := StringToIP(s)
		same(t, "cidr(s1).containsIP(ip(s3))", in, CIDRContainsIP(c, ip), err)
		same(t, "cidr(s1).ip() == ip(s3)", in, CIDRIP(c) == ip, err)
		d, err := StringToCIDR(b)
		same(t, "cidr(s1).containsCIDR(cidr(s2))", in, CIDRContainsCIDR(c, d), err)
		same(t, "cidr(s1) == cidr(s2)", in, c == d, err)
	})
}

func TestAddressesDoNotAllocate(t *testing.T) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s := core.NewScratch(&frame)
	n := 0
	allocates(t, "addresses", func() {
		frame.ArenaLen = 0
		for _, a := range []string{"10.1.2.3", "2001:db8::1", "::ffff:1.2.3.4", "none", "fe80::1%eth0"} {
			ip, _ := StringToIP(a)
			if canonical, _ := IPIsCanonical(a); canonical {
				n += len(IPToString(&s, ip)) + len(CIDRToString(&s, CIDR{ip, 24}))
			}
			parseClient(a)
		}
	})
	if n == 0 {
		t.Error("no text")
	}
}

func BenchmarkAddresses(b *testing.B) {
	for _, a := range []string{"10.1.2.3", "203.0.113.254", "2001:db8:85a3::8a2e:370:7334"} {
		b.Run(a, func(b *testing.B) {
			for b.Loop() {
				if _, ok := parseClient(a); !ok {
					b.Fatal(a)
				}
			}
		})
		b.Run("library/"+a, func(b *testing.B) {
			for b.Loop() {
				if _, err := netip.ParseAddr(a); err != nil {
					b.Fatal(a)
				}
			}
		})
	}
}
