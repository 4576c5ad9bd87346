package eval

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

// plainly is Prefixes.Contains as it is said: block by block.
func plainly(ip string, blocks []string) (bool, Err) {
	a, err := netip.ParseAddr(ip)
	if err != nil {
		return false, BadAddress
	}
	found := false
	for _, s := range blocks {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return false, BadAddress
		}
		found = found || p.Contains(a.Unmap().WithZone(""))
	}
	return found, None
}

func TestPrefixesAgreeWithTheLoop(t *testing.T) {
	// Few bits vary, so that blocks lie in one another and addresses in them.
	sparse := rapid.Custom(func(t *rapid.T) netip.Addr {
		few := rapid.SampledFrom([]byte{0, 1, 2, 127, 128, 255})
		if rapid.Bool().Draw(t, "four") {
			return netip.AddrFrom4([4]byte(rapid.SliceOfN(few, 4, 4).Draw(t, "b")))
		}
		b := rapid.SliceOfN(few, 16, 16).Draw(t, "b")
		if rapid.IntRange(0, 4).Draw(t, "mapped") == 0 {
			copy(b, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xff\xff")
		}
		return netip.AddrFrom16([16]byte(b))
	})
	block := rapid.Custom(func(t *rapid.T) string {
		a := sparse.Draw(t, "a")
		return fmt.Sprintf("%v/%d", a, rapid.IntRange(0, a.BitLen()).Draw(t, "bits"))
	})
	rapid.Check(t, func(t *rapid.T) {
		blocks := rapid.SliceOfN(rapid.OneOf(block, block, block, block, block, block, block, blockTexts), 0, 24).Draw(t, "blocks")
		p := ParsePrefixes(blocks...)
		for range 20 {
			ip := rapid.OneOf(rapid.Map(sparse, netip.Addr.String), addressTexts).Draw(t, "ip")
			want, wantErr := plainly(ip, blocks)
			if got, err := p.Contains(ip); got != want || err != wantErr {
				t.Fatalf("%s in %v: %v %v, the loop %v %v", ip, blocks, got, err, want, wantErr)
			}
			if got, err := InCIDR(ip, blocks...); got != want || err != wantErr {
				t.Fatalf("InCIDR %s in %v: %v %v, the loop %v %v", ip, blocks, got, err, want, wantErr)
			}
		}
	})
}

// peerTexts are addresses as Envoy writes them, and what is nearly one.
var peerTexts = rapid.OneOf(
	rapid.StringMatching(`(10|1|127|255)\.(0|1|255)\.(0|2)\.(0|128)(:[0-9]{0,5})?`),
	rapid.StringMatching(`(10|01|127|256)\.(0|1|255)\.(00|2)\.(0|1280?)(:[0-9x]{0,5}){0,2}(%a)?`),
	rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"", "["}).Draw(t, "open") + addressTexts.Draw(t, "ip") +
			rapid.SampledFrom([]string{"", "]", "]:1", ":80", "]x", ":", "]:"}).Draw(t, "port")
	}),
)

func TestSourcesAgreeWithTheirAddresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks := rapid.OneOf(
			rapid.SliceOfN(rapid.SampledFrom([]string{"10.0.0.0/8", "127.255.0.0/16", "1.0.2.128/25", "1.1.0.0/15", "10.1.2.128/32", "255.255.0.0/20", "0.0.0.0/1", "2001:db8::/32", "::/1"}), 0, 9),
			rapid.SliceOfN(blockTexts, 0, 2)).Draw(t, "blocks")
		p := ParsePrefixes(blocks...)
		for range 20 {
			s := peerTexts.Draw(t, "s")
			want, wantErr := plainly(core.AddressIP(s), blocks)
			if got, err := p.ContainsSource(s); got != want || err != wantErr {
				t.Fatalf("%q in %v: %v %v, the address %v %v", s, blocks, got, err, want, wantErr)
			}
			if got, err := p.Contains(core.AddressIP(s)); got != want || err != wantErr {
				t.Fatalf("%q in %v: %v %v, the loop %v %v", s, blocks, got, err, want, wantErr)
			}
		}
	})
}

func manyBlocks(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	var blocks []string
	for range n / 2 {
		blocks = append(blocks,
			fmt.Sprintf("%d.%d.%d.0/%d", 1+r.IntN(223), r.IntN(256), r.IntN(256), 12+r.IntN(21)),
			fmt.Sprintf("%x:%x:%x::/%d", 0x2000+r.IntN(0x2000), r.IntN(0x10000), r.IntN(0x10000), 20+r.IntN(45)))
	}
	return blocks
}

func TestManyPrefixes(t *testing.T) {
	blocks := manyBlocks(1000)
	p, in := ParsePrefixes(blocks...), 0
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 20000 {
		ip := fmt.Sprintf("%d.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
		if i%4 == 1 {
			b := netip.MustParsePrefix(blocks[r.IntN(len(blocks))])
			ip = b.Addr().String()
		}
		want, _ := plainly(ip, blocks)
		if got, err := p.Contains(ip); got != want || err != None {
			t.Fatalf("%s: %v %v", ip, got, err)
		}
		if want {
			in++
		}
	}
	if in < 1000 || in > 19000 {
		t.Errorf("%d of the addresses are in", in)
	}
	allocates(t, "prefixes", func() {
		p.Contains("203.0.113.9")
		p.Contains("2001:db8::1")
		p.ContainsSource("203.0.113.9:443")
		p.ContainsSource("[2001:db8::1%a]:443")
	})
}

func BenchmarkPrefixes(b *testing.B) {
	for _, n := range []int{4, 100, 1000, 10000} {
		blocks := manyBlocks(n)
		p := ParsePrefixes(blocks...)
		r := rand.New(rand.NewPCG(3, 4))
		var ips []string
		for i := range 256 {
			ip := fmt.Sprintf("%d.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
			if i%2 == 0 {
				ip = netip.MustParsePrefix(blocks[r.IntN(len(blocks))]).Addr().String()
			}
			ips = append(ips, ip)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				p.Contains(ips[i&255])
			}
		})
	}
}

func BenchmarkSources(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	var peers []string
	for i := range 256 {
		octets := []any{r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256), 1024 + r.IntN(60000)}
		if i%3 == 0 {
			octets[0], octets[1] = 10, 2
		}
		peers = append(peers, fmt.Sprintf("%d.%d.%d.%d:%d", octets...))
	}
	for _, n := range []int{1, 4, 100} {
		p := ParsePrefixes(append([]string{"10.2.0.0/16"}, manyBlocks(2 * n)[:n-1]...)...)
		b.Run(fmt.Sprint("direct/", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p.ContainsSource(peers[i&255])
			}
		})
		b.Run(fmt.Sprint("by-steps/", n), func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				p.Contains(core.AddressIP(peers[i&255]))
			}
		})
	}
}
