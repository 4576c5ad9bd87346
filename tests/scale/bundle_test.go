package scale

import (
	"fmt"
	"strings"
)

// bundle writes a policy, another one for each seed, of many routes with many rules each, in the forms that
// real ones take: roles, owners, tenants, networks, times, plans, headers.
func bundle(seed, routes, rules int) map[string]string {
	var b strings.Builder
	for a := 0; a < 3; a++ {
		fmt.Fprintf(&b, "auth team%d = api_key {\n  key from header \"x-key-%d\"\n  keys from file \"team%d.keys\"\n  claims { plan: string?, level: int?, beta: bool? }\n}\n\n", a, a, a)
	}
	for l := 0; l < 20; l++ {
		fmt.Fprintf(&b, "let role%d = \"team%d-admin\" in identity.groups || \"team%d-ops\" in identity.groups\n", l, l, l)
	}
	for l := 0; l < 10; l++ {
		fmt.Fprintf(&b, "let paid%d = identity.claims.plan.orValue(\"free\") in [\"gold\", \"silver%d\"]\n", l, l)
	}
	b.WriteString("let owns(kind: string, name: string) = identity.id.startsWith(kind + \":\" + name + \"/\")\n")
	b.WriteString("let inside = in_cidr(source.ip, [\"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", \"fd00::/8\"])\n\n")
	for r := 0; r < routes; r++ {
		fmt.Fprintf(&b, "route r%d {\n  match GET \"/v1/r%d/{tenant}/{id}\"\n  match POST \"/v1/r%d/{tenant}/{id}\"\n  auth team%d or team%d\n", r, r, r, r%3, (r+1)%3)
		for i := 0; i < rules; i++ {
			fmt.Fprintf(&b, "  %s\n", rule(seed, r, i))
		}
		fmt.Fprintf(&b, "  forward to \"backend%d\"\n}\n\n", r%7)
	}
	files := map[string]string{"large.moe": b.String()}
	for a := 0; a < 3; a++ {
		files[fmt.Sprintf("team%d.keys", a)] = keys(a)
	}
	return files
}

// keys are the key file of one auth; the keys themselves do not matter.
func keys(auth int) string {
	var b strings.Builder
	for k := 0; k < 20; k++ {
		fmt.Fprintf(&b, "sha256:%064x subject%d team%d-admin,staff plan=gold level=%d\n", auth*1000+k+1, k, k, k)
	}
	return b.String()
}

func rule(seed, r, i int) string {
	n := seed*10000 + r*31 + i
	return []string{
		fmt.Sprintf(`deny agent%d when header("user-agent").contains("scanner/%d") && !inside`, i, n),
		fmt.Sprintf(`deny method%d when request.method == "POST" && !role%d && path.id.startsWith("locked-%d")`, i, n%20, n),
		fmt.Sprintf(`allow role%d when role%d && path.tenant != "root%d"`, i, n%20, n),
		fmt.Sprintf(`allow owner%d when owns("tenant%d", path.tenant) && paid%d`, i, n%5, n%10),
		fmt.Sprintf(`allow network%d when inside && identity.id in ["team0:a%d", "team1:b%d", "team2:c%d"]`, i, n, n, n),
		fmt.Sprintf(`deny version%d when int_or(header("x-api-version"), 1) < %d && query_values("v").exists(v, v == "%d")`, i, n%7+1, n),
		fmt.Sprintf(`deny hours%d when now.getHours() < %d && identity.claims.level.orValue(0) < %d`, i, n%12, n%9+1),
		fmt.Sprintf(`set request.headers["x-tenant-%d"] = path.tenant + "/%d" when identity.claims.beta.orValue(false)`, i, n),
		fmt.Sprintf(`deny flags%d when header_values("x-flag").exists(f, f.startsWith("off-%d") || f in ["a%d", "b%d"])`, i, n, n, n),
		fmt.Sprintf(`set response.headers["x-rule-%d"] = "r%d"`, i, n),
	}[i%10]
}
