package cost

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/compiler/check"
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/load"
)

const keys = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae r1 ops,support plan=gold\n" +
	"sha256:fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9 somebody ops plan=silver\n"

// estimated prices a bundle that must be right.
func estimated(t *testing.T, policy string) *Bundle {
	t.Helper()
	var diags diag.List
	tree := load.Bundle(fstest.MapFS{"p.moe": {Data: []byte(policy)}, "k.keys": {Data: []byte(keys)}}, "shop", "", &diags)
	b := check.Check(resolve.Resolve(tree, &diags), &diags)
	if diags.HasErrors() {
		t.Fatal(diags.Sorted())
	}
	c, err := Estimate(b)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const policy = `
auth a = api_key { key from header "x-key"; keys from file "k.keys"; claims { plan: string? } }
let is_ops = "ops" in identity.groups
let is_paid = is_ops || identity.claims.plan.orValue("free") != "free"
let owns(name: string) = is_ops || identity.subject == name
route r {
  match GET "/{id}"
  auth a
  deny text when header("x-mode") == "off"
  deny values when header_values("x-flag").exists(f, f == "off")
  deny pairs when path.id != "1" && header_values("x-flag").exists(f, header_values("x-flag").exists(g, f == g + "x"))
  allow paid when is_paid
  allow both when is_paid && is_ops && is_paid
  allow owner when owns(path.id)
  set request.headers["x-who"] = identity.id + "!" when is_ops
  set response.headers["x-a"] = "constant"
  forward to "c"
}
`

func TestEstimate(t *testing.T) {
	c := estimated(t, policy)
	rules := map[string]*Rule{}
	for _, r := range c.Rules {
		rules[strings.TrimPrefix(r.Name, "shop.r.")] = r
		if r.Min > r.Max || r.Own.Max > r.Max || r.Max == celfront.Unbounded {
			t.Errorf("%s costs %d to %d, its own %d", r.Name, r.Min, r.Max, r.Own.Max)
		}
	}
	if len(rules) != 8 {
		t.Fatalf("%d rules", len(rules))
	}
	ops, paid, owns := c.Lets[0], c.Lets[1], c.Lets[2]
	// Comparing with a short constant is cheap however long the text is; loops pay
	// for each element, and loops in loops for each pair.
	if rules["text"].Max > 10 {
		t.Errorf("a comparison costs %d", rules["text"].Max)
	}
	if n := rules["values"].Max; n < headerCount || n > 20*headerCount {
		t.Errorf("a loop over %d values costs %d", headerCount, n)
	}
	if n := rules["pairs"].Max; n < headerCount*headerCount {
		t.Errorf("a loop in a loop costs %d", n)
	}
	// A let counts once, however often it is read.
	if r := rules["paid"]; strings.Join(r.Lets, " ") != "is_ops is_paid" || r.Max != r.Own.Max+ops.Max+paid.Max {
		t.Errorf("paid: %+v of %+v", r, c.Lets)
	}
	if r := rules["both"]; r.Max != r.Own.Max+ops.Max+paid.Max || r.Own.Max != 3 {
		t.Errorf("both: %+v", r)
	}
	// A call pays for the let, and for what that reads.
	if r := rules["owner"]; strings.Join(r.Lets, " ") != "is_ops" || r.Own.Max < owns.Max || owns.Max <= ops.Max {
		t.Errorf("owner: %+v, owns %+v", r, owns)
	}
	// The value is only computed where the condition holds.
	if r := rules["set.request.x-who"]; r.Min != 1 || r.Own.Max < 4 {
		t.Errorf("x-who: %+v", r)
	}
	if r := rules["set.response.x-a"]; r.Max != 0 {
		t.Errorf("a constant costs %d", r.Max)
	}
}

// The sizes of identities are those of the key files.
func TestSizesOfIdentities(t *testing.T) {
	s := estimated(t, policy).sizes
	for name, want := range map[string]uint64{"identity.subject": 8, "identity.id": 10, "identity.groups": 2, "identity.method": 1, "identity.claims.plan": 6, "route.name": 6} {
		if got := s[name].Length; got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
	if n := s["identity.groups"].Elem.Length; n != 7 {
		t.Errorf("a group has up to %d bytes", n)
	}
	for _, name := range []string{"request.path", "path.id", "hostname.x", "header", "cookie"} {
		if size, ok := s.of(name); !ok || size.Length != textBytes {
			t.Errorf("%s: %v", name, size)
		}
	}
	if _, ok := s.of("nonesuch"); ok {
		t.Error("a name that does not exist has a size")
	}
}

func TestDump(t *testing.T) {
	var out bytes.Buffer
	if err := Dump(&out, estimated(t, policy)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"shop.r.paid ", "is_ops 5", "\nowns( ) ", "let "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), " \n") {
		t.Error("blanks at the end of a line")
	}
}

func TestOver(t *testing.T) {
	c := estimated(t, policy)
	var diags diag.List
	c.Over(100, &diags)
	var got []string
	for _, d := range diags.Sorted() {
		line := d.Code.ID + " " + strings.Fields(d.Message)[0]
		for _, n := range d.Related {
			line += ": " + n.Span.Text()
		}
		got = append(got, line)
	}
	want := []string{"M0318 shop.r.values", "M0318 shop.r.pairs: header_values(\"x-flag\").exists(f, header_values(\"x-flag\").exists(g, f == g + \"x\"))"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
	diags = diag.List{}
	if c.Over(celfront.Unbounded, &diags); diags.Len() > 0 {
		t.Error(diags.Sorted())
	}
}
