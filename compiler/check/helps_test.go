package check

import (
	"strings"
	"testing"
)

// A help can be pasted: it fits the place and mends what the message is about.
func TestHelpsFit(t *testing.T) {
	anon := func(rule string) string {
		return auths + "let anon = identity.anonymous\nroute r { match \"/r\"; auth optional a; " + rule + "; respond 200 }\nroute s { match \"/s\"; auth optional a; deny when anon; respond 200 }"
	}
	route := func(text string) string { return auths + "route z { match \"/z\"; auth a or b; respond 200 }\n" + text }
	for _, c := range []struct{ policy, want string }{
		{anon(`allow when !anon && identity.subject == "7"`), ""},
		{anon(`allow when anon || identity.subject == "7"`), ""},
		{anon(`allow when anon && identity.subject == "7"`), `!identity.anonymous && anon && identity.subject == "7"`},
		{anon(`deny when identity.subject == "7"`), `identity.anonymous || identity.subject == "7"`},
		{anon(`allow when identity.subject == "7" || identity.subject == "8"`), `!identity.anonymous && (identity.subject == "7" || identity.subject == "8")`},
		{anon(`set request.headers["x"] = identity.subject`), "end the rule with: when !identity.anonymous"},
		{anon(`set request.headers["x"] = identity.subject when header("y") == ""`), `when !identity.anonymous && header("y") == ""`},
		{route("policy q(f: int) { allow z when 10 / f == 1 }\nroute p { match \"/p/{id}\"; public; use q(f: int_or(path.id, 0)); respond 200 }"), "f != 0 && 10 / f == 1"},
		{route(`route p { match POST "/p"; public; forward to "c"; retry 2 on "5xx" }`), `retry 2 on "connect-failure", "refused-stream"`},
		{route(`route p { match POST, PUT, GET "/p"; public; forward to "c"; retry 2 on "5xx" }`), "retry ... for PUT, GET"},
		{route("route p { match \"/p/{x}\"; public; respond 200 }\nscope w { match \"/p/{x}\"; match \"/p\"; deny when path.x == \"\" }"), "write two scopes"},
		{route("route p { match \"/p\"; public; respond 200 }\nscope w { match \"/p\"; when request.headers[\"h\"] == \"1\"; deny when header(\"x\") == \"\" }"), `!("h" in request.headers) || request.headers["h"] == "1"`},
	} {
		_, got := checked(c.policy)
		var helps []string
		for _, line := range strings.Split(got, "\n") {
			if strings.HasPrefix(line, "M03") || strings.HasPrefix(line, "M0533") {
				helps = append(helps, line)
			}
		}
		if c.want == "" && strings.Contains(c.policy, "anon") && len(helps) > 0 || !strings.Contains(strings.Join(helps, "\n"), c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.policy, strings.Join(helps, "\n"), c.want)
		}
	}
}
