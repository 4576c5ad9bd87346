package core

import "testing"

func TestNormalize(t *testing.T) {
	spec := (&Spec{Bundle: "b", Normalize: true}).Prepare()
	for path, want := range map[string]string{
		"/": "/", "/a": "/a", "/a/": "/a/", "/a/b?x=/../%41": "/a/b?x=/../%41", "/a.b/..c/...": "/a.b/..c/...", "/a%20b": "/a%20b", "/.a": "/.a",
		"//": "/", "///": "/", "//a": "/a", "/a//b": "/a/b", "/a///b//": "/a/b/", "/a//?b": "/a/?b",
		"/.": "/", "/./": "/", "/a/.": "/a/", "/a/./b": "/a/b", "/././a": "/a", "/a/b/..": "/a/", "/a/..": "/", "/a/../": "/", "/a/../b": "/b",
		"/a/b/../../c": "/c", "/a/b/../c/./../d?..": "/a/d?..", "/a//b/../c": "/a/c", "/a/..//b": "/b",
		"/%61": "/a", "/%7Eb": "/~b", "/%2e": "/", "/a/%2e%2E/b": "/b", "/a/.%2e": "/", "/a/%2e/b": "/a/b", "/%2E%2e%2e": "/...",
		"/caf%c3%a9": "/caf%C3%A9", "/%3a": "/%3A", "/%252e": "/%252e", "/%25%32%65": "/%252e", "/a%2D%2d": "/a--",
		// Nothing to be done about these.
		"/..": "", "/../a": "", "/a/../../b": "", "/a//../b": "", "//..": "", "/a//./../b": "", "/%2e%2e": "", "/a/..//../b": "", "/a/b/..//..": "",
		"/%2f": "", "/a%5cb": "", "/%00": "", "/a\\b": "", "/a;b": "", "/..;/a": "", "/a#b": "", "/a%": "", "/a%4": "", "/a%zz": "", "/%ff": "",
		"/%c0%af": "", "/%0a": "", "/a b": "", "/\xc3\xa9": "", "a": "", "": "", "*": "", "//a?b#c": "", "/a%00/../b": "", "/a;b/../c": "", "/a%2fb/../c": "", "/%ff/../c": "", "/a\\b/../c": "", "/%c3/../%a9": "",
		"/%2e?\\": "",
	} {
		k := get(path)
		var r Request
		ok := r.Open(k.f, spec)
		switch {
		case ok != (want != ""):
			t.Errorf("%q: canonical is %v", path, ok)
		case ok && (r.Path() != want || r.RawPath() != path):
			t.Errorf("%q becomes %q, want %q; raw it is %q", path, r.Path(), want, r.RawPath())
		}
		if !ok {
			continue
		}
		// What came out of it stays as it is, and is canonical.
		again := get(want)
		var same Request
		if !same.Open(again.f, (&Spec{Bundle: "b"}).Prepare()) {
			t.Errorf("%q is not canonical", want)
		}
		r.Forward("up", "b.r")
		actions := "set x-moe-cluster=up\n"
		if want != path {
			actions = "set :path=" + want + "\n" + actions
		}
		if k.actions() != actions || k.f.Flags&FlagReroute == 0 {
			t.Errorf("%q: %s", path, k.actions())
		}
	}
}

func TestNormalizeDoesNotAllocate(t *testing.T) {
	spec := (&Spec{Bundle: "b", Normalize: true}).Prepare()
	for _, path := range []string{"/a/b/c?d", "/a//b/%7e/../c?d"} {
		k := get(path)
		if n := testing.AllocsPerRun(100, func() {
			k.again()
			var r Request
			r.Open(k.f, spec)
			r.Forward("", "b.r")
		}); n != 0 {
			t.Errorf("%s: %v allocations", path, n)
		}
	}
}
