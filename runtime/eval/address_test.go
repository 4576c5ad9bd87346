package eval

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"pgregory.net/rapid"
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
