package analyze_test

import (
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/interp"
	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/dsl/diag"
)

// run takes files through the compiler as far as the analysis: bodies of
// routes by name, each "file name: body".
func run(t *testing.T, files ...string) (*check.Bundle, []*diag.Diagnostic) {
	t.Helper()
	fsys := fstest.MapFS{"k.keys": {Data: []byte("sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed one\n")}}
	for i, text := range files {
		if i == 0 {
			text += "\nauth k = api_key { key from header \"x-key\"; keys from file \"k.keys\" }\nroute keyed { match GET \"/keyed/of/all\"; auth k; respond 200 }\n"
		}
		fsys[string(rune('a'+i))+".moe"] = &fstest.MapFile{Data: []byte(text)}
	}
	u, diags := compiler.Run(compiler.Input{FS: fsys, Name: "shop"}, "analyze")
	var told []*diag.Diagnostic
	for _, d := range diags {
		switch d.Code {
		case diag.AmbiguousRoute, diag.FallsToPublic:
			told = append(told, d)
		default:
			if d.Code.Severity == diag.Error {
				t.Fatalf("%v\n%s", d, files)
			}
		}
	}
	return u.Checked, told
}

func routes(bodies ...string) string {
	var b strings.Builder
	for i, body := range bodies {
		b.WriteString("route r" + string(rune('0'+i)) + " {\n  " + strings.ReplaceAll(body, "; ", "\n  ") + "\n  respond 200\n}\n")
	}
	return b.String()
}

var witness = regexp.MustCompile(`both match (\S+) ([^/]*)(/\S*)$`)

// Where two routes can win one request, a request is shown, and either route
// takes it when the other is not there.
func TestAmbiguous(t *testing.T) {
	for _, c := range []struct {
		a, b      string
		ambiguous bool
	}{
		{`match GET "/a"; public`, `match GET "/a"; public`, true},
		{`match GET "/a"; public`, `match GET "/a/"; public`, true},
		{`match GET "/a"; public`, `match HEAD "/a"; public`, true},
		{`match "/a"; public`, `match DELETE "/a"; public`, true},
		{`match "/a"; public`, `match "/a"; public`, true},
		{`match PUT, POST "/a"; public`, `match GET, POST "/a"; public`, true},
		{`match GET "/a%20b"; public`, `match GET "/{x}"; match GET "/a%20b"; public`, true},
		{`match GET "/é"; public`, `match GET "/%C3%A9"; public`, true},
		{`match GET "/{x}"; public`, `match GET "/{y}"; public`, true},
		{`match GET "/{x}"; public`, `match GET "/*"; public`, true},
		{`match GET "/v{x}.html/**"; public`, `match GET "/v{y}.html/{z=**}"; public`, true},
		{`match GET "/**"; public`, `match GET "/{x=**}"; public`, true},
		{`match GET "/"; host "A.example"; public`, `match GET "/"; host "b.example", "a.example"; public`, true},
		{`match GET "/"; host "*.example"; public`, `match GET "/"; host "{t}.example"; public`, true},
		{`match GET "/b"; match GET "/a"; public`, `match GET "/c"; match GET "/a"; public`, true},

		{`match GET "/a"; public`, `match POST "/a"; public`, false},
		{`match GET "/a"; public`, `match GET "/b"; public`, false},
		{`match GET "/a"; public`, `match GET "/{x}"; public`, false},
		{`match GET "/{x}"; public`, `match GET "/{x}.html"; public`, false},
		{`match GET "/{x}"; public`, `match GET "/**"; public`, false},
		{`match GET "/a"; public`, `match GET "/a/**"; public`, false},
		{`match GET "/{x}/b"; public`, `match GET "/a/{y}"; public`, false},
		{`match GET "/a{x}"; public`, `match GET "/{x}a"; public`, false},
		{`match GET "/"; host "a.example"; public`, `match GET "/"; public`, false},
		{`match GET "/"; host "a.example"; public`, `match GET "/"; host "*.example"; public`, false},
		{`match GET "/"; host "*.a.example"; public`, `match GET "/"; host "*.example"; public`, false},
		{`match GET "/a"; when header("x") == "1"; public`, `match GET "/a"; public`, false},
		{`match GET "/a"; when header("x") == "1"; public`, `match GET "/a"; when header("x") == "2"; public`, false},
	} {
		_, told := run(t, routes(c.a, c.b))
		if len(told) > 1 || (len(told) == 1) != c.ambiguous {
			t.Errorf("%s | %s: %v", c.a, c.b, told)
			continue
		}
		if !c.ambiguous {
			continue
		}
		g := witness.FindStringSubmatch(told[0].Message)
		if g == nil {
			t.Errorf("no request in %q", told[0].Message)
			continue
		}
		if len(told[0].Related) != 1 || told[0].Help == "" {
			t.Errorf("%s | %s: %v", c.a, c.b, told[0])
		}
		for _, one := range []string{c.a, c.b} {
			alone, _ := run(t, routes(one))
			if by := taken(t, alone, g[1], g[2], g[3]); by != "shop.r0.respond" {
				t.Errorf("%s alone does not take %s: it goes to %s", one, told[0].Message, by)
			}
		}
	}
}

// taken sends a request through the interpreter and says what answered.
func taken(t *testing.T, b *check.Bundle, method, host, path string) string {
	t.Helper()
	if host == "" {
		host = "h.test"
	}
	path = strings.NewReplacer(" ", "%20", "é", "%C3%A9").Replace(path)
	o, err := interp.New(b).Send("shop", scenario.Request{Method: method, Scheme: "http", Authority: host, Path: path, Source: "192.0.2.1:1", Now: time.Unix(0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	return o.By
}

// Two routes with conditions stand in one file, or nobody knows their order.
func TestAmbiguousAcrossFiles(t *testing.T) {
	a := `route x { match GET "/a"; when header("x") == "1"; public; respond 200 }`
	b := `route y { match GET "/a"; when header("x") == "2"; public; respond 200 }`
	if _, told := run(t, a, b); len(told) != 1 || !strings.Contains(told[0].Help, "one file") {
		t.Errorf("%v", told)
	}
	if _, told := run(t, a+"\n"+b); len(told) != 0 {
		t.Errorf("%v", told)
	}
}

var fall = regexp.MustCompile(`^when this is false, (\S+) ([^/]*)(/\S*) goes to route (\S+), which is public$`)

// A false condition that leads from an authenticated route to a public one is
// told of with a request, which really goes there.
func TestFallsToPublic(t *testing.T) {
	when := `when header("x") == "1"`
	for _, c := range []struct {
		bodies []string
		to     string // "" for none
	}{
		{[]string{`match GET "/a"; auth k; ` + when, `match GET "/a"; public`}, "r1"},
		{[]string{`match GET "/a"; public`, `match GET "/a"; auth k; ` + when}, "r0"},
		{[]string{`match GET "/a/{x}"; auth k; ` + when, `match GET "/a/**"; public`}, "r1"},
		{[]string{`match GET "/a"; auth k; ` + when, `match GET "/{x}"; public`}, "r1"},
		{[]string{`match GET "/a"; auth k; ` + when, `match GET "/a"; auth k`, `match GET "/{x}"; public`}, ""},
		{[]string{`match GET "/a"; auth k; ` + when, `match POST "/a"; auth k`, `match GET "/{x}"; public`}, ""},
		{[]string{`match GET "/a"; auth k`, `match GET "/{x}"; public`}, ""},
		{[]string{`match GET "/a"; public; ` + when, `match GET "/a"; public`}, ""},
		{[]string{`match GET "/a"; auth optional k; ` + when, `match GET "/a"; public`}, ""},
		{[]string{`match GET "/a"; auth k; ` + when, `match POST "/a"; public`}, ""},
		{[]string{`match GET "/a"; host "a.example"; auth k; ` + when, `match GET "/a"; host "*.example"; public`}, "r1"},
		{[]string{`match GET "/a"; host "a.example"; auth k; ` + when, `match GET "/a"; host "b.example"; public`}, ""},
		{[]string{`match GET "/**"; auth k; ` + when, `match GET "/"; public`}, ""},
		{[]string{`match GET "/b"; match GET "/a"; auth k; ` + when, `match GET "/a"; public`}, "r1"},
		{[]string{`match GET "/v{x}"; auth k; ` + when, `match GET "/{x}"; public`}, "r1"},
		{[]string{`match GET "/a"; auth k; ` + when, `match GET "/a"; auth k; when header("x") == "2"`, `match GET "/a"; public`}, "r2"},
	} {
		b, told := run(t, routes(c.bodies...))
		if c.to == "" {
			if len(told) > 0 {
				t.Errorf("%s: %v", c.bodies, told[0])
			}
			continue
		}
		if len(told) == 0 {
			t.Errorf("%s: nothing is told", c.bodies)
			continue
		}
		g := fall.FindStringSubmatch(told[0].Message)
		if g == nil || g[4] != c.to {
			t.Errorf("%s: %q", c.bodies, told[0].Message)
			continue
		}
		if by := taken(t, b, g[1], g[2], g[3]); by != "shop."+c.to+".respond" {
			t.Errorf("%s: %s, but %s took it", c.bodies, told[0].Message, by)
		}
	}
}
