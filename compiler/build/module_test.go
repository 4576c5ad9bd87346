package build

import (
	"strings"
	"testing"
)

func TestModule(t *testing.T) {
	for host, other := range map[string]string{"dynmod": "pipe", "pipe": "dynmod"} {
		src, err := Module(host, map[string]map[string][]byte{"shop": {"bundle.go": []byte("package policy\n")}}, []byte("package main\n"))
		if err != nil {
			t.Fatal(err)
		}
		if string(src["go.mod"]) != "module moec.dev/moec\n\ngo 1.25\n" {
			t.Errorf("go.mod is %q", src["go.mod"])
		}
		if string(src["bundles/b_shop/bundle.go"]) != "package policy\n" || string(src["main.go"]) != "package main\n" {
			t.Error("a file of the bundle is missing")
		}
		own, core := 0, 0
		for _, p := range src.Paths() {
			switch {
			case strings.HasSuffix(p, "_test.go"), strings.Contains(p, "testdata"), strings.Contains(p, "/"+other+"/"):
				t.Errorf("%s has no place in a library", p)
			case strings.HasPrefix(p, "runtime/host/"+host+"/"):
				own++
			case strings.HasPrefix(p, "runtime/core/"):
				core++
			}
		}
		if own == 0 || core == 0 {
			t.Errorf("%d files of the host, %d of the core", own, core)
		}
	}
}
