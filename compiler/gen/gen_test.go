package gen_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"moec.dev/moec/compiler/gen"
)

var update = flag.Bool("update", false, "write the golden files anew")

// small has one of every kind of rule.
const small = `bundle shop { unmatched 421; reply 403 json "{}" }

auth robots = api_key {
  key    from header "x-key"
  keys   from file "k.keys"
  claims { plan: string?, level: int? }
}

let is_ops = "ops" in identity.groups
let agent(prefix: string) = header("user-agent").startsWith(prefix)
let depth = int(query("depth"))

route orders {
  match GET, POST "/orders/{id}"
  match PUT "/orders/{id}/**"
  host  "{tenant}.example.com"
  when  !agent("Old/")
  auth  optional robots
  deny  bots  when agent("Bad/") with 418 json "{}"
  deny  deep  when depth > 3 on error deny
  allow owner when !identity.anonymous && identity.id == "robots:" + path.id
  allow ops   when !identity.anonymous && is_ops && hostname.tenant == "a"
  set    request.headers["x-user"] = identity.id when !identity.anonymous
  set    request.headers["x-lang"] = "en" if absent
  add    request.headers["x-agent"] = header("user-agent") when source.port > 1024
  remove request.headers["x-internal-*"]
  set    response.headers["x-code"] = string(response.code)
  remove response.headers["server"]
  forward to "orders"
  forward credential
}

route health { match GET "/healthz"; public; respond 200 "ok"; set response.headers["cache-control"] = "no-store" }
`

// The code of a small bundle is kept, so that a change of it is seen.
func TestGolden(t *testing.T) {
	u := compiled(t, "shop", small)
	var got bytes.Buffer
	var names []string
	for name := range u.Go {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		got.WriteString("-- " + name + " --\n")
		got.Write(u.Go[name])
	}
	const golden = "testdata/shop.txt"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got.String()); d != "" {
		t.Errorf("the code has changed (-update accepts it):\n%s", d)
	}
	vetted(t, u)
}

// Generated code is laid out as gofmt does it; the //line directives, which
// are put in afterwards, do not disturb that.
func TestFormatted(t *testing.T) {
	for name, text := range compiled(t, "shop", small).Go {
		formatted, err := format.Source(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(string(formatted), string(text)); d != "" {
			t.Errorf("%s is not as gofmt writes it:\n%s", name, d)
		}
	}
}

// Behind each piece of the policy the generated file counts its own lines again.
func TestLinesAreReset(t *testing.T) {
	resets := 0
	for name, text := range compiled(t, "shop", small).Go {
		for i, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "//line "+name) {
				resets++
				if want := fmt.Sprintf("//line %s:%d", name, i+2); line != want {
					t.Errorf("%s has %q where it should have %q", name, line, want)
				}
			}
		}
	}
	if resets < 10 {
		t.Errorf("only %d places", resets)
	}
}

// The same policy gives the same bytes, whatever order maps are gone over in.
func TestDeterministic(t *testing.T) {
	first := compiled(t, "shop", small)
	for range 100 {
		files, err := gen.Generate(first.IR)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first.Go, files); d != "" {
			t.Fatal(d)
		}
	}
	for range 10 {
		u := compiled(t, "shop", small)
		if d := cmp.Diff(first.Go, u.Go); d != "" {
			t.Fatal(d)
		}
		if u.IR.Digest != first.IR.Digest {
			t.Fatal("two digests")
		}
	}
}
