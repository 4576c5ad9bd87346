package compiler

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// A library and its manifest say the same, and stand there together or not at
// all.
func TestLibrary(t *testing.T) {
	u := accepted(t, "p.moe", `auth a = api_key { key from header "x-key"; keys from file "k.keys" }
route orders { match GET "/{id}"; auth a; deny when query("q") == cookie("c") || connection.requested_server_name == ""; set response.headers["x"] = string(response.code); forward to "orders" }
route other { match GET "/other"; auth a; set response.headers["x"] = "1"; forward to "backend" }
`, "k.keys", key)
	second, _ := Run(Input{FS: fstest.MapFS{"p.moe": {Data: []byte(health)}}, Name: "second"}, "")
	out := filepath.Join(t.TempDir(), "libshop.so")
	m, err := Library(t.Context(), []*Unit{u, second}, out)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Bundles) != 2 || m.Library != "libshop.so" || m.Moec != Version || m.EnvoyOldest != "1.39" || !strings.HasPrefix(m.Go, "go1.") || m.CC == "" {
		t.Errorf("%+v", m)
	}
	b := m.Bundles[0]
	if b.Name != "shop" || b.Digest != u.IR.Digest || !slices.Equal(b.Headers, []string{"x-key"}) || !slices.Equal(b.Queries, []string{"q"}) || !slices.Equal(b.Cookies, []string{"c"}) ||
		!slices.Equal(b.Attributes, []string{"connection.requested_server_name"}) || !slices.Equal(b.Clusters, []string{"backend", "orders"}) ||
		!slices.Equal(b.Routes, []string{"orders", "other"}) || b.Crossings["request"] != 1 || b.Crossings["response"] != 1 {
		t.Errorf("%+v", b)
	}
	if c := m.Bundles[1].Crossings["response"]; c != 0 {
		t.Errorf("a bundle without response rules crosses %d times for a response", c)
	}
	for _, name := range []string{out, ManifestPath(out)} {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}

	gone := filepath.Join(t.TempDir(), "gone", "libshop.so")
	if _, err := Library(t.Context(), []*Unit{u}, gone); err == nil {
		t.Error("written into a directory that is not there")
	}
	if _, err := Library(t.Context(), []*Unit{u, u}, out); err == nil || !strings.Contains(err.Error(), "two bundles are named shop") {
		t.Errorf("two bundles of one name: %v", err)
	}
}

func TestManifestPath(t *testing.T) {
	for library, want := range map[string]string{"a.so": "a.json", "d.x/libshop.so": "d.x/libshop.json", "plain": "plain.json"} {
		if got := ManifestPath(library); got != want {
			t.Errorf("%s: %s, want %s", library, got, want)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shop")
	if err := os.MkdirAll(filepath.Join(dir, "x.moe"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"p.moe": health, "notes.txt": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct{ path, name, file, problem string }{
		{dir, "shop", "", ""}, {dir + "/", "shop", "", ""}, {dir + "/.", "shop", "", ""}, {dir + "/p.moe", "p", "p.moe", ""}, {dir + "/x.moe", "x.moe", "", ""},
		{dir + "/gone", "", "", "does not exist"}, {dir + "/notes.txt", "", "", "is no policy"}, {dir + "/p.moe/x", "", "", "cannot be read"},
	} {
		in, err := Open(c.path)
		if c.problem != "" {
			if err == nil || !strings.Contains(err.Error(), c.problem) {
				t.Errorf("%s: %v", c.path, err)
			}
			continue
		}
		if err != nil || in.Name != c.name || in.File != c.file {
			t.Errorf("%s: %+v %v", c.path, in, err)
		}
	}
	t.Chdir(dir)
	if in, err := Open("."); err != nil || in.Name != "shop" {
		t.Errorf("the working directory: %+v %v", in, err)
	}
}
