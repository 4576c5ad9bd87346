package core

import (
	"strings"
	"testing"
)

var fixed [2]Action

func TestAfter(t *testing.T) {
	Fix(fixed[:], Change{OpRemove, "server", ""}, Change{OpSetIfAbsent, "x-a", "1"})
	k := get("/")
	r := open(t, k)
	if k.f.After.N != 0 {
		t.Error("changes of the response that nobody asked for")
	}
	r.After(fixed[:])
	if k.f.After.N != 2 || fixed[0].Key.view() != "server" || fixed[1].Op != OpSetIfAbsent || fixed[1].Value.view() != "1" {
		t.Errorf("%+v %+v", k.f.After, fixed)
	}
}

func TestSetHeaderStatic(t *testing.T) {
	k := get("/", "user-agent", "curl")
	r := open(t, k)
	r.Forward("orders", "shop.orders")
	before := k.actions()
	r.SetHeaderStatic("x-none", "")
	if k.actions() != before {
		t.Errorf("an empty value of a header that is not there does something: %s", k.actions())
	}
	r.SetHeaderStatic("x-tag", "a")
	r.SetHeaderStatic("user-agent", "")
	got := strings.TrimPrefix(k.actions(), before)
	if !strings.Contains(got, "x-tag") || !strings.Contains(got, "user-agent") || k.f.NActions < 2 {
		t.Errorf("%q", got)
	}
	last, set := k.f.Actions[k.f.NActions-1], k.f.Actions[k.f.NActions-2]
	if last.Op != OpRemove || set.Op != OpSet || set.Value.view() != "a" {
		t.Errorf("%v %v", set.Op, last.Op)
	}
}

func TestReplied(t *testing.T) {
	k := get("/")
	r := open(t, k)
	if r.Replied() {
		t.Error("answered before anything was decided")
	}
	r.Forward("orders", "shop.orders")
	if r.Replied() {
		t.Error("a forwarded request is answered")
	}
	r.Reply("moe.shop.x", 403, "", false)
	if !r.Replied() {
		t.Error("an answer is none")
	}
}
