package compiler

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"moec.dev/moec/dsl/diag"
)

const health = "route health { match GET \"/healthz\"; public; respond 200 \"ok\" }\n"

func stages(u *Unit) string {
	var names []string
	for _, t := range u.Times {
		names = append(names, t.Stage)
	}
	return strings.Join(names, " ")
}

// Errors of one stage stop the next ones where those would tell nonsense, and
// not before.
func TestStagesStop(t *testing.T) {
	for _, c := range []struct{ name, policy, ran, want string }{
		{"nothing wrong", health, "load resolve check analyze reload tests cost lower opt verify gen", ""},
		{"syntax", "route r { match GET }\n" + health, "load", "M0101"},
		{"names", "route r { match GET \"/r\"; auth nobody_knows; respond 200 }\n" + health, "load resolve check analyze reload tests", "M0203"},
		{"types", "route r { match GET \"/r\"; public; deny when 1; respond 200 }\n" + health, "load resolve check analyze reload tests", "M0302"},
		{"routes", health + strings.Replace(health, "route health", "route other", 1), "load resolve check analyze reload tests", "M0704"},
		{"not built", "route r { match GET \"/r\"; public; deny when [optional.of([source.port])][0][0].orValue(0) == 1 on error deny; respond 200 }\n" + health, "load resolve check analyze reload tests cost lower", "M0402"},
		{"warning", "let x = 1\n" + health, "load resolve check analyze reload tests cost lower opt verify gen", "M0506"},
	} {
		u, diags := Run(bundle("p.moe", c.policy), "")
		var codes []string
		for _, d := range diags {
			codes = append(codes, d.Code.ID)
		}
		if got := strings.Join(codes, " "); got != c.want || stages(u) != c.ran {
			t.Errorf("%s: %q after %q, want %q after %q", c.name, got, stages(u), c.want, c.ran)
		}
		if (u.Go != nil) != strings.HasSuffix(c.ran, "gen") {
			t.Errorf("%s: code %v", c.name, u.Go != nil)
		}
	}
	for _, s := range Stages {
		u, _ := Run(bundle("p.moe", health), s.Name)
		if !strings.HasSuffix(stages(u), s.Name) {
			t.Errorf("asked up to %s, ran %s", s.Name, stages(u))
		}
	}
}

// One run tells of as many mistakes as can be found, in the order of the text.
func TestManyMistakesInOneRun(t *testing.T) {
	_, diags := Run(bundle("a.moe", `bundle shop { unmatched 200 }
let x = nope
auth k = api_key { key from body "x"; keys from file "k.keys" }
route r {
  match GET "/{id}{x}"
  auth k or z
  deny when source.ip == 1 on error skip
  allow when identity.foo
  set request.headers["host"] = "x"
  respond 199
}
`, "b.moe", `route r { match GET "/b"; public; respond 200 }
route s { match GET "/b"; public; deny when header("x"); respond 200 }
`, "k.keys", "sha256:00 one\n"+key), "")
	want := `shop/a.moe:1:25 M0310 [200]
shop/a.moe:2:9 M0301 [nope]
shop/a.moe:3:29 M0106 [body]
shop/a.moe:5:15 M0701 [{id}{x}]
shop/a.moe:6:13 M0203 [z]
shop/a.moe:7:23 M0301 [==]
shop/a.moe:7:37 M0313 [skip]
shop/a.moe:8:14 M0301 [identity.foo]
shop/a.moe:9:23 M0306 ["host"]
shop/a.moe:10:11 M0310 [199]
shop/b.moe:1:7 M0202 [r]
shop/b.moe:2:11 M0704 [match GET "/b"]
shop/b.moe:2:45 M0302 [header("x")]
shop/k.keys:1:1 M0603 [sha256:00]`
	if got := shown(diags); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestWarningsAreSilenced(t *testing.T) {
	for policy, want := range map[string]string{
		"let x = 1\n": "M0506",
		"let x = 1 // moe:allow M0506 for later\n": "",
		"let x = 1 // moe:allow M0506\n":           "M0506M0572",
		"let x = 1 // moe:allow M0507 other\n":     "M0506M0572",
		"let x = nope // moe:allow M0301 please\n": "M0301M0572",
	} {
		_, diags := Run(bundle("p.moe", policy+health), "")
		got := ""
		for _, d := range diags {
			got += d.Code.ID
		}
		if got != want {
			t.Errorf("%s: %q, want %q", policy, got, want)
		}
	}
}

// The digest goes with every byte of every file and with the bundle's name, and
// with nothing else.
func TestDigest(t *testing.T) {
	policy := "auth a = api_key { key from header \"x\"; keys from file \"k.keys\" }\nroute r { match GET \"/\"; auth a; respond 200 }\n"
	of := func(in Input) string {
		t.Helper()
		u, diags := Run(in, "")
		if u.IR == nil {
			t.Fatal(shown(diags))
		}
		if len(u.IR.Digest) != 64 {
			t.Fatalf("%q", u.IR.Digest)
		}
		return u.IR.Digest
	}
	base := func() Input { return bundle("a.moe", policy, "b.moe", health, "k.keys", key) }
	first := of(base())
	if elsewhere := base(); of(base()) != first {
		t.Error("two digests of one bundle")
	} else if elsewhere.Display = "somewhere/else"; of(elsewhere) != first {
		t.Error("the digest goes with the directory")
	} else if elsewhere.FS.(fstest.MapFS)["notes.txt"] = (&fstest.MapFile{Data: []byte("x")}); of(elsewhere) != first {
		t.Error("the digest goes with a file that is no part of the bundle")
	}
	seen := map[string]string{first: "the bundle itself"}
	renamed := base()
	renamed.Name = "other"
	for what, in := range map[string]Input{
		"a byte of a policy":     bundle("a.moe", policy+"\n", "b.moe", health, "k.keys", key),
		"a byte of another":      bundle("a.moe", policy, "b.moe", health+"\n", "k.keys", key),
		"a byte of the keys":     bundle("a.moe", policy, "b.moe", health, "k.keys", key+"\n"),
		"the name of a file":     bundle("a.moe", policy, "c.moe", health, "k.keys", key),
		"a border between files": bundle("a.moe", policy+health, "k.keys", key),
		"the name of the bundle": renamed,
	} {
		d := of(in)
		if other, ok := seen[d]; ok {
			t.Errorf("%s and %s have one digest", what, other)
		}
		seen[d] = what
	}
}

// No mistake of an author becomes a mistake of the compiler: pieces of a good
// policy are taken out, doubled and put elsewhere.
func TestNothingBreaksTheCompiler(t *testing.T) {
	lines := strings.Split(`bundle shop { unmatched 421; reply 403 json "{}" }
auth robots = api_key { key from header "x-key"; keys from file "k.keys"; claims { plan: string? } }
let is_ops = "ops" in identity.groups
let agent(prefix: string) = header("user-agent").startsWith(prefix)
route orders {
  match GET, POST "/orders/{id}"
  host  "{tenant}.example.com"
  when  !agent("Old/")
  auth  optional robots
  deny  bots  when path.id.matches("^[a-z]+$") with 418 json "{}"
  allow owner when !identity.anonymous && identity.id == "robots:" + path.id
  set    request.headers["x-user"] = identity.id when !identity.anonymous
  remove request.headers["x-internal-*"]
  set    response.headers["x-code"] = string(response.code)
  forward to "orders"
}
route health { match GET "/healthz"; public; respond 200 "ok" }
test "t" { send GET "/healthz"; expect 200 }`, "\n")
	try := func(what string, ls []string) {
		t.Helper()
		defer func() {
			if p := recover(); p != nil {
				t.Errorf("%s: panic: %v\n%s", what, p, strings.Join(ls, "\n"))
			}
		}()
		u, diags := Run(bundle("p.moe", strings.Join(ls, "\n")+"\n", "k.keys", key), "")
		errs := 0
		for _, d := range diags {
			if d.Code == diag.InternalError {
				t.Errorf("%s: %v", what, d)
			}
			if d.Code.Severity == diag.Error {
				errs++
			}
		}
		if (errs == 0) != (u.Go != nil) {
			t.Errorf("%s: %d errors, code %v", what, errs, u.Go != nil)
		}
	}
	if u, diags := Run(bundle("p.moe", strings.Join(lines, "\n")+"\n", "k.keys", key), ""); u.Go == nil {
		t.Fatal(shown(diags))
	}
	without := func(i int) []string { return append(append([]string{}, lines[:i]...), lines[i+1:]...) }
	for i := range lines {
		try(fmt.Sprintf("without line %d", i+1), without(i))
		try(fmt.Sprintf("line %d twice", i+1), append(append([]string{}, lines[:i+1]...), lines[i:]...))
		for j := range lines {
			moved := without(i)
			moved = append(moved[:min(j, len(moved)):min(j, len(moved))], append([]string{lines[i]}, moved[min(j, len(moved)):]...)...)
			try(fmt.Sprintf("line %d at %d", i+1, j+1), moved)
		}
		for n := 0; n < len(lines[i]); n += 3 {
			cut := append([]string{}, lines...)
			cut[i] = lines[i][:n]
			try(fmt.Sprintf("line %d cut at %d", i+1, n), cut)
			cut[i] = lines[i][n:]
			try(fmt.Sprintf("line %d from %d", i+1, n), cut)
		}
	}
}

func TestDumps(t *testing.T) {
	u := accepted(t, "p.moe", health)
	for _, name := range Dumps() {
		s, ok := FindDump(name)
		if !ok {
			t.Errorf("%s is listed and not found", name)
			continue
		}
		var out bytes.Buffer
		if err := s.Dump(&out, u); err != nil || !strings.Contains(out.String(), "shop") {
			t.Errorf("%s: %v %.100s", name, err, out.String())
		}
	}
	for _, name := range []string{"", "load", "nonesuch"} {
		if _, ok := FindDump(name); ok {
			t.Errorf("%q is found", name)
		}
	}
}

// The unit that tests run with is another; the one that is built stays.
func TestForTests(t *testing.T) {
	u := accepted(t, "p.moe", "auth a = api_key { key from header \"x\"; keys from file \"k.keys\" }\nroute r { match GET \"/\"; auth a; respond 200 }\ntest \"t\" { as a { subject: \"two\" }; send GET \"/\"; expect 200 }\n", "k.keys", key)
	before := len(u.IR.Auths[0].Keys)
	f, diags := u.ForTests()
	if len(diags) > 0 || f.Go == nil || f.Keys == nil {
		t.Fatalf("%v", diags)
	}
	if len(f.IR.Auths[0].Keys) != before+1 || len(u.IR.Auths[0].Keys) != before || len(u.Checked.Auths[0].Keys) != before {
		t.Error("the test's credentials are in the wrong unit")
	}
}
