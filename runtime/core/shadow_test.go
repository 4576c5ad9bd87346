package core

import "testing"

// A rule in shadow is noted under its number, and the host is told, whatever the
// answer is.
func TestShadow(t *testing.T) {
	before := bundles
	defer func() { bundles = before }()
	b := &Bundle{Name: "shop", Rules: []string{"shop", "shop.a.one", "shop.a.two"}, Shadows: []int{2}}
	bundles = nil
	Register(b)
	k := get("/")
	r := open(t, k)
	r.Shadow(2)
	r.Shadow(2)
	r.Shadow(3) // there is no such rule
	r.Reply("moe.shop.a.no", 403, "", false)
	r.Done()
	if k.f.Flags != FlagShadow || k.f.Status != 403 {
		t.Errorf("flags %d, status %d", k.f.Flags, k.f.Status)
	}
	for rule, want := range []bool{false, false, true, false} {
		if got := k.f.Shadowed(rule); got != want {
			t.Errorf("rule %d: %v, want %v", rule, got, want)
		}
	}
	k.again()
	r = open(t, k)
	r.Forward("orders", "shop.a")
	if r.Done(); k.f.Flags&FlagShadow != 0 {
		t.Error("a request that no shadow met is marked")
	}
	if n := testing.AllocsPerRun(100, func() { r.Shadow(1) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
