package ir_test

import (
	"testing"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/compiler/ir"
	"moec.dev/moec/dsl/diag"
)

const policy = `bundle shop { reply 403 json "{}" }
auth robots = api_key { key from header "x-key"; keys from file "k.keys"; claims { plan: string?, level: int? } }
auth links  = api_key { key from query "key"; keys from file "k.keys" }
let is_ops = "ops" in identity.groups
let agent(prefix: string) = header("user-agent").startsWith(prefix)
route orders {
  match GET, POST "/orders/{id}"
  match PUT "/orders/{id}/**"
  host  "{tenant}.example.com"
  when  !agent("Old/") && request.headers[?"x"].orValue("") == cookie("c")
  auth  robots or links
  deny  bots  when path.id.matches("^[a-z]+$") with 418 json "{}"
  deny  far   when !in_cidr(source.ip, ["10.0.0.0/8"]) || source.port < 1024 on error deny
  deny  late  when now.getHours() > 20 || now > timestamp("2030-01-01T00:00:00Z") || now - now > duration("1h") on error deny
  deny  many  when query_values("q").size() > 3 || query("n") == "" ? true : identity.claims.level.orValue(1) + 1 > 3 on error deny
  allow owner when identity.id == "robots:" + path.id + "x" || header_values("x").exists(v, v == "y")
  allow ops   when is_ops && hostname.tenant == "a" && identity.claims.plan.orValue("") == "gold"
  set    request.headers["x-user"] = identity.id when 1.5 < double(source.port) on error skip
  set    request.headers["x-lang"] = "en" if absent
  remove request.headers["x-internal-*"]
  set    response.headers["x-code"] = string(response.code) when "etag" in response.headers
  set    response.headers["x-id"] = path.id + string(response.code)
  max_body 64KiB
  forward to "orders"
}
route health { match GET "/healthz"; public; respond 200 "ok" }
`

const keys = "sha256:7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed one ops\n"

// lowered is the IR of a policy that uses most operations, made anew each time.
func lowered(t *testing.T) *ir.Bundle {
	t.Helper()
	u, diags := compiler.Run(compiler.Input{Name: "shop", FS: fstest.MapFS{"p.moe": {Data: []byte(policy)}, "k.keys": {Data: []byte(keys)}}}, "verify")
	for _, d := range diags {
		if d.Code.Severity == diag.Error {
			t.Fatal(d)
		}
	}
	return u.IR
}

// exprs are all nodes of a bundle.
func exprs(b *ir.Bundle) []*ir.Expr {
	var all []*ir.Expr
	b.Exprs(func(e *ir.Expr) { e.Walk(func(n *ir.Expr) { all = append(all, n) }) })
	return all
}
