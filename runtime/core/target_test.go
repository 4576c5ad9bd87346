package core

import (
	"strings"
	"testing"
)

func TestCapturesAreEncoded(t *testing.T) {
	for _, c := range []struct{ text, path, query string }{
		{"", "", ""},
		{"abc-._~09AZ", "abc-._~09AZ", "abc-._~09AZ"},
		{"a/b c", "a/b%20c", "a/b%20c"},
		{"é€", "%C3%A9%E2%82%AC", "%C3%A9%E2%82%AC"},
		{"a&b=c+d", "a&b=c+d", "a%26b%3Dc%2Bd"},
		{";?#%\\\"<>", "%3B%3F%23%25%5C%22%3C%3E", "%3B%3F%23%25%5C%22%3C%3E"},
		{"!$'()*,:@", "!$'()*,:@", "!$'()*,:@"},
	} {
		r := open(t, get("/"))
		b := r.Build()
		b.Path(c.text)
		if got := b.Text(); got != c.path {
			t.Errorf("%q in a path: %q, want %q", c.text, got, c.path)
		}
		b = r.Build()
		b.Query(c.text)
		if got := b.Text(); got != c.query {
			t.Errorf("%q in a query: %q, want %q", c.text, got, c.query)
		}
	}
}

func TestRedirect(t *testing.T) {
	for _, c := range []struct{ path, target, fragment, want string }{
		{"/", "/a", "", "/a"},
		{"/?x=1", "/a", "", "/a?x=1"},
		{"/?x=1", "/a?y", "", "/a?y"},
		{"/?x=1", "/a", "#f", "/a?x=1#f"},
		{"/?x=1", "/a#f", "", "/a?x=1#f"},
		{"/?token=s&x=1", "/a", "", "/a?token=s&x=1"},
		{"/?token=s&x=1", "https://b/a", "", "https://b/a?x=1"},
		{"/", "http://b", "", "http://b"},
		{"/?x", "http://b", "", "http://b?x"},
		{"/", "/a/./b", "", ""}, {"/", "/..", "", ""}, {"/", "/a/..", "", ""}, {"/", "/...", "", "/..."}, {"/", "/a?/../", "", "/a?/../"},
		{"/", "//b", "", ""}, {"/", "/\\b", "", ""}, {"/", "b", "", ""}, {"/", "", "", ""}, {"/", "javascript:x", "", ""},
		{"/", "https://", "", ""}, {"/", "https:///a", "", ""}, {"/", "https://u@b/", "", ""}, {"/", "https://:80/", "", ""}, {"/", "https://b//c", "", ""},
		{"/", "/a b", "", ""}, {"/", "/a\r\nb", "", ""}, {"/", "/a", "#\x00", ""}, {"/", "HTTPS://b/", "", ""},
		{"/", "/a//b", "", ""}, {"/", "/a//", "", ""}, {"/", "/a/", "", "/a/"}, {"/", "https://b/a//b", "", ""}, {"/", "/a?//", "", "/a?//"},
		{"/", "https://b:65535/", "", "https://b:65535/"}, {"/", "https://b:1", "", "https://b:1"}, {"/", "https://[::1]:8443/", "", "https://[::1]:8443/"}, {"/", "https://[::1]/", "", "https://[::1]/"},
		{"/", "https://b:65536/", "", ""}, {"/", "https://b:0/", "", ""}, {"/", "https://b:/", "", ""}, {"/", "https://b:99999999999999999999/", "", ""}, {"/", "https://b:8a/", "", ""}, {"/", "https://b:1:2/", "", ""},
		{"/", "https://[::1]:0/", "", ""}, {"/", "https://[::1]:99999/", "", ""}, {"/", "/é", "", ""}, {"/", "https://é.example/", "", ""}, {"/", "/a", "#é", ""},
	} {
		k := get(c.path)
		r := open(t, k)
		r.Redirect("shop.r.redirect", 308, c.target, c.fragment)
		switch {
		case c.want == "":
			if k.f.Status != 400 || k.f.Details.view() != "shop.r.redirect" {
				t.Errorf("%q: %d", c.target, k.f.Status)
			}
		case k.f.Status != 308 || k.f.NActions != 1 || k.f.Actions[0].Value.view() != c.want:
			t.Errorf("%s to %q: %d %q, want %q", c.path, c.target, k.f.Status, k.f.Actions[0].Value.view(), c.want)
		}
	}
}

func TestRewritePath(t *testing.T) {
	for _, c := range []struct{ path, to, want string }{
		{"/", "/a", "/a"}, {"/?x=1", "/a", "/a?x=1"}, {"/?x=1", "/a?", "/a?"}, {"/?token=s&x=1", "/a", "/a?x=1"}, {"/?token=s", "/a", "/a"},
		{"/", "/%C3%A9", "/%C3%A9"}, {"/", "/%C3", ""}, {"/", "/%ff", ""}, {"/", "", ""}, {"/", "a", ""}, {"/", "//a", ""}, {"/", "/a/../b", ""},
		{"/", "/a#b", ""}, {"/", "/a;b", ""}, {"/", "/a b", ""}, {"/", "/%41", ""}, {"/", "/%2F", ""}, {"/", "/a\n", ""}, {"/", "/" + strings.Repeat("%C3%A9", 9), "/" + strings.Repeat("%C3%A9", 9)},
	} {
		k := get(c.path)
		r := open(t, k)
		r.Forward("c", "shop.r")
		ok := r.RewritePath("shop.r.rewrite.path", c.to)
		if ok != (c.want != "") {
			t.Errorf("%q is taken: %v", c.to, ok)
			continue
		}
		if !ok {
			if k.f.Verdict != VerdictReply || k.f.Status != 400 || k.f.NActions > 1 {
				t.Errorf("%q: verdict %d, status %d", c.to, k.f.Verdict, k.f.Status)
			}
			continue
		}
		last := k.f.Actions[k.f.NActions-1]
		if last.Key.view() != ":path" || last.Value.view() != c.want || k.f.Flags&FlagReroute == 0 {
			t.Errorf("%s to %q: %s %q, want %q", c.path, c.to, last.Key.view(), last.Value.view(), c.want)
		}
	}
}

// A target that does not fit the frame refuses the request.
func TestTargetOfAnySize(t *testing.T) {
	k := get("/?" + strings.Repeat("x", ArenaSize/2))
	r := open(t, k)
	b := r.Build()
	b.Path("/" + strings.Repeat("é", ArenaSize/10))
	r.Redirect("shop.r.redirect", 308, b.Text(), "")
	r.Done()
	if k.f.Status != 500 || k.f.Flags&FlagFault == 0 {
		t.Errorf("status %d, flags %d", k.f.Status, k.f.Flags)
	}
}

// What no route takes goes on without what nobody may send.
func TestPass(t *testing.T) {
	k := get("/a", "x-api-key", "s", "x-moe-cluster", "evil")
	r := open(t, k)
	r.Pass()
	if r.Done(); k.f.Verdict != VerdictContinue || k.f.Flags != FlagReroute || k.f.Label.view() != "shop.unmatched" {
		t.Errorf("verdict %d, flags %d, label %q", k.f.Verdict, k.f.Flags, k.f.Label.view())
	}
	k.wantActions(t, "remove x-moe-cluster", "remove x-api-key")
	k = get("/a")
	r = open(t, k)
	if r.Pass(); k.f.Flags != 0 {
		t.Errorf("flags %d: nothing was changed", k.f.Flags)
	}
}
