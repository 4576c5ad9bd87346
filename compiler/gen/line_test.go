package gen_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/compiler/gen"
)

const faulty = `auth robots = api_key { key from header "x-key"; keys from file "k.keys"; claims { plan: string?, level: int? } }

route orders {
  match GET "/orders/{id}"
  auth robots

  deny bots when (header("user-agent")
    .startsWith("Bad"))
  set request.headers["x-user"] = identity.id
  forward to "orders"
}
`

// A fault inside a rule is denied with 500, is told of by the rule's name, and
// lies where the policy says, not where the generated file does.
func TestFaultInARule(t *testing.T) {
	u := compiled(t, "shop", faulty)
	main, err := gen.Program([]string{"shop"}, gen.Pipe)
	if err != nil {
		t.Fatal(err)
	}
	main = bytes.Replace(main, []byte("func init() {"), []byte("func init() {\n"+
		"\tcore.Report = func(bundle, rule, what string) { println(rule + \": \" + what) }\n"), 1)
	const file = "orders_route.go"
	text := string(u.Go[file])
	before := "func (r *request) denyOrdersBots() bool {"
	i := strings.Index(text, before)
	j := i + strings.Index(text[i:], "return ")
	if i < 0 || j < i {
		t.Fatalf("the rule's function is not as this test expects:\n%s", text)
	}
	// On the return's own line, so that what follows keeps its places.
	text = text[:j] + `_, at, line, _ := runtime.Caller(0); if line > 0 { panic(fmt.Sprint(at, ":", line)) }; ` + text[j:]
	text = strings.Replace(text, "package policy", "package policy\nimport \"fmt\"; import \"runtime\"", 1)
	files := map[string][]byte{}
	for name, f := range u.Go {
		files[name] = f
	}
	files[file] = []byte(text)

	src, err := build.Module(string(gen.Pipe), map[string]map[string][]byte{"shop": files}, main)
	if err != nil {
		t.Fatal(err)
	}
	tools, err := build.FindToolchain(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	program, err := build.Executable(t.Context(), src, tools)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Stdin = strings.NewReader(`{"bundle": "shop", "route": -1, "headers": [[":method", "GET"], [":scheme", "http"], [":authority", "h"], [":path", "/orders/1"], ["x-key", "one"]]}`)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, said.String())
	}
	var answer struct {
		Verdict, Status int
		Details         string
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.Verdict != 2 || answer.Status != 500 || answer.Details != "moe.shop.undecided" {
		t.Errorf("the answer is %+v", answer)
	}
	if got := said.String(); !strings.HasPrefix(got, "shop.orders.bots: ") || !strings.Contains(got, "p.moe:7\n") {
		t.Errorf("the report is %q", got)
	}
}
