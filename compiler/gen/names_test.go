package gen_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/gen"
	"moec.dev/moec/dsl/diag"
)

// words are names that mean something to Go, to its build system or to the
// generated code, and names that are easily taken for one another.
var words = strings.Fields(`func map init main type string test linux amd64 go cgo range select chan defer struct interface
	var package import goto err ok r p f v t1 decide answer table spec request response identity anonymous core eval route authn
	nil true iota append len a a_ a__ a1 a_1 a1b a_1b a_b ab a__b a_b_ b_memo b bundle bundle_route x_linux x_test value_a if_a
	memo let lets when own after keys callers failed_when undecided done open path host method header _x`)

// usable reports whether policies may use a name.
func usable(name string) bool {
	_, diags := compiler.Run(input("probe", health(name)), "resolve")
	return len(diags) == 0
}

// Whatever a policy calls its parts, its code builds and nothing is confused.
func TestNames(t *testing.T) {
	var policy strings.Builder
	policy.WriteString("auth key_a = api_key {\n key from header \"x-key\"\n keys from file \"k.keys\"\n" +
		" claims { plan: string?, level: int?, a1: int?, a_1: int?, a_b: int?, ab: int?, func: int?, id: int?, groups: int? }\n}\n")
	routes := 0
	for _, w := range words {
		if !usable(w) {
			continue
		}
		routes++
		policy.WriteString(strings.NewReplacer("NAME", w, "HEADER", strings.ReplaceAll(w, "_", "-")).Replace(`
route NAME {
  match GET "/NAME/{NAME}"
  host "{NAME}.example.com"
  when header("off") == ""
  auth key_a
  deny NAME when path.NAME == "no"
  deny NAME_2 when hostname.NAME == "no" || l_NAME_f(path.NAME, 1) == "x"
  allow q1 when [path.NAME].exists(NAME, NAME == "yes") || identity.claims.a1.orValue(1) == 1
  allow q_1 when identity.claims.a_1.orValue(1) == 1
  set request.headers["x-HEADER"] = path.NAME
  set request.headers["x-HEADER-who"] = identity.id when l_NAME
  set response.headers["x-HEADER"] = string(response.code) when response.code > 200
  forward to "NAME"
}
let l_NAME = l_NAME_f("a", 2) == header("h")
let l_NAME_f(NAME: string, n0: int) = NAME + string(n0)
`))
	}
	if routes < 40 {
		t.Fatalf("only %d routes", routes)
	}
	vetted(t, compiled(t, "names", policy.String()))
}

// A bundle of the size of a big installation builds too.
func TestManyRoutes(t *testing.T) {
	var policy strings.Builder
	for i := range 300 {
		fmt.Fprintf(&policy, "route r%d {\n match GET, POST \"/r%d/{id}/**\"\n public\n deny a when path.id == \"%d\"\n forward to \"c%d\"\n}\n", i, i, i, i%7)
	}
	vetted(t, compiled(t, "many", policy.String()))
}

func TestLongNames(t *testing.T) {
	long := strings.Repeat("a", 100)
	vetted(t, compiled(t, long, health("b"+long[1:])+"let c"+long[1:]+" = true\n"))
	for _, c := range [][2]string{{"x", health(long + "a")}, {"x", health("r") + "let " + long + "a = true\n"}, {long + "a", health("r")}} {
		_, diags := compiler.Run(input(c[0], c[1]), "resolve")
		if len(diags) != 1 || diags[0].Code != diag.BadName {
			t.Errorf("%.40s: %v", c[1], diags)
		}
	}
}

// A bundle may be called as Go and other systems call things of their own.
func TestTakenNames(t *testing.T) {
	var units []*compiler.Unit
	for _, name := range []string{"internal", "vendor", "con", "nul", "com1", "lpt9", "main", "testdata", "runtime"} {
		units = append(units, compiled(t, name, health("r")))
	}
	vetted(t, units...)
}

// vetted lays a bundle's module out and has go vet look at it, which builds it.
func vetted(t *testing.T, units ...*compiler.Unit) {
	t.Helper()
	bundles, names := map[string]map[string][]byte{}, []string{}
	for _, u := range units {
		bundles[u.IR.Name] = u.Go
		names = append(names, u.IR.Name)
	}
	main, err := gen.Program(names, gen.Pipe)
	if err != nil {
		t.Fatal(err)
	}
	src, err := build.Module(string(gen.Pipe), bundles, main)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, p := range src.Paths() {
		name := filepath.Join(dir, filepath.FromSlash(p))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, src[p], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"vet", "./bundles/...", "."}, {"list", "-f", "{{len .GoFiles}} {{len .IgnoredGoFiles}} {{len .TestGoFiles}}", "./bundles/..."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOPROXY=off", "GOWORK=off", "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", args[0], err, out)
		}
		if want := strings.Repeat(fmt.Sprintf("%d 0 0\n", len(units[0].Go)), len(units)); args[0] == "list" && string(out) != want {
			t.Errorf("files taken, ignored and taken for tests: %swant %s", out, want)
		}
	}
}
