package load

import (
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
)

func dir(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

const home = "route home {\n  match GET \"/\"\n  public\n  respond 200 \"hi\"\n}\n"

const keyed = "auth robots = api_key {\n  key from header \"k\"\n  keys from file \"%F\" reload\n}\n"

func TestBundle(t *testing.T) {
	with := func(file string) string { return strings.ReplaceAll(keyed, "%F", file) }
	for _, c := range []struct {
		name  string
		files map[string]string
		as    string
		want  []string // messages by place and code
		data  []string // paths read
	}{
		{"sorted, hidden and nested left out", map[string]string{
			"b.moe": home, "a.moe": "let x = true\n", ".c.moe": "!!", "sub/d.moe": "!!", "notes.txt": "",
		}, "shop", nil, nil},
		{"nothing there", map[string]string{"a.txt": ""}, "shop", []string{"- M0601"}, nil},
		{"name from the declaration", map[string]string{"a.moe": "bundle shop { }\n" + home}, "my-shop", nil, nil},
		{"bad name", map[string]string{"a.moe": home}, "my-shop", []string{"d/a.moe:1:1 M0201"}, nil},
		{"reserved name", map[string]string{"a.moe": home}, "route", []string{"d/a.moe:1:1 M0201"}, nil},
		{"two declarations", map[string]string{"a.moe": "bundle shop { }\n", "b.moe": "bundle shop { }\n"}, "shop", []string{"d/b.moe:1:8 M0206"}, nil},
		{"byte order mark and CRLF", map[string]string{"a.moe": "\ufeff" + strings.ReplaceAll(home, "\n", "\r\n")}, "shop", nil, nil},
		{"mark does not move columns", map[string]string{"a.moe": "\ufefffoo x\n"}, "shop", []string{"d/a.moe:1:1 M0108"}, nil},
		{"not UTF-8", map[string]string{"a.moe": "let x = \"\xe9\"\n", "b.moe": home}, "shop", []string{"d/a.moe:1:10 M0604"}, nil},
		{"too large", map[string]string{"a.moe": strings.Repeat("//\n", 400_000), "b.moe": home}, "shop", []string{"d/a.moe:1:1 M0605"}, nil},
		{"data", map[string]string{"a.moe": with("./k/robots.keys"), "k/robots.keys": "#"}, "shop", nil, []string{"./k/robots.keys", "k/robots.keys"}},
		{"data missing", map[string]string{"a.moe": with("robots.keys")}, "shop", []string{"d/a.moe:3:18 M0602"}, nil},
		{"data outside", map[string]string{"a.moe": with("../robots.keys")}, "shop", []string{"d/a.moe:3:18 M0602"}, nil},
		{"data absolute", map[string]string{"a.moe": with("/etc/robots.keys")}, "shop", []string{"d/a.moe:3:18 M0602"}, nil},
		{"data is a directory", map[string]string{"a.moe": with("k"), "k/x": ""}, "shop", []string{"d/a.moe:3:18 M0602"}, nil},
		{"data up and back", map[string]string{"a.moe": with("k/../robots.keys"), "robots.keys": "#"}, "shop", nil, []string{"robots.keys", "k/../robots.keys"}},
		{"secrets are never read", map[string]string{"a.moe": "secret s from file \"s.txt\"\nauth a = basic {\n  users from file \"u\"\n}\n"}, "shop", nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l diag.List
			b := Bundle(dir(c.files), c.as, "d", &l)
			var got []string
			for _, d := range l.Sorted() {
				got = append(got, d.Span.String()+" "+d.Code.ID)
			}
			if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("messages %q, want %q", got, c.want)
			}
			for _, p := range c.data {
				if b.Data[p].Source == nil {
					t.Errorf("%s was not read", p)
				}
			}
			if c.want == nil && b.Name != "shop" {
				t.Errorf("the bundle is called %q", b.Name)
			}
		})
	}
}

func TestFilesInOrder(t *testing.T) {
	var l diag.List
	b := Bundle(dir(map[string]string{"b.moe": home, "a.moe": "let x = true\n"}), "shop", "policies/shop", &l)
	if len(b.Files) != 2 || b.Files[0].Source.Name != "policies/shop/a.moe" || b.Files[1].Source.Name != "policies/shop/b.moe" {
		t.Errorf("files: %v", b.Files)
	}
}

func TestFile(t *testing.T) {
	var l diag.List
	b := File(dir(map[string]string{"a.moe": home, "b.moe": "!!"}), "a.moe", "a", "", &l)
	if l.Len() != 0 || len(b.Files) != 1 || b.Files[0].Source.Name != "a.moe" {
		t.Errorf("%v %v", l.Sorted(), b.Files)
	}
	if _, ok := b.Files[0].Decls[0].(*ast.Route); !ok {
		t.Errorf("%T", b.Files[0].Decls[0])
	}
	File(dir(nil), "gone.moe", "gone", "", &l)
	if !l.HasErrors() || l.Sorted()[0].Code != diag.UnreadableFile {
		t.Errorf("a missing file gives %v", l.Sorted())
	}
}
