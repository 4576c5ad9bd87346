package resolve

import (
	"testing"
)

func TestHosts(t *testing.T) {
	problems(t, []problem{
		{"\"a\"",
			""},
		{"\"A.Example\"",
			""},
		{"\"*.a\"",
			""},
		{"\"{t}.a\"",
			""},
		{"\"a\", \"b\"",
			""},
		{"\"a\", \"a\"",
			"M0206 [\"a\"] a stands twice"},
		{"\"\"",
			"M0702 [\"\"] \"\" is not a host: a label is empty or too long"},
		{"\"*\"",
			"M0702 [\"*\"] \"*\" is not a host: \"*\" cannot stand in it"},
		{"\"*.\"",
			"M0702 [\"*.\"] \"*.\" is not a host: a label is empty or too long"},
		{"\"a:80\"",
			"M0702 [\"a:80\"] a host is matched without its port"},
		{"\"a.\"",
			"M0702 [\"a.\"] \"a.\" is not a host: a label is empty or too long"},
		{"\".a\"",
			"M0702 [\".a\"] \".a\" is not a host: a label is empty or too long"},
		{"\"a..b\"",
			"M0702 [\"a..b\"] \"a..b\" is not a host: a label is empty or too long"},
		{"\"*.*.a\"",
			"M0702 [\"*.*.a\"] \"*.*.a\" is not a host: \"*\" cannot stand in it"},
		{"\"a.*\"",
			"M0702 [\"a.*\"] \"a.*\" is not a host: \"*\" cannot stand in it"},
		{"\"{t}\"",
			"M0702 [\"{t}\"] a host capture is written {name}.example.com"},
		{"\"{T}.a\"",
			"M0702 [\"{T}.a\"] a host capture is written {name}.example.com"},
		{"\"{}.a\"",
			"M0702 [\"{}.a\"] a host capture is written {name}.example.com"},
		{"\"{t}a\"",
			"M0702 [\"{t}a\"] a host capture is written {name}.example.com"},
		{"\"x{t}.a\"",
			"M0702 [\"x{t}.a\"] \"x{t}.a\" is not a host: \"{\" cannot stand in it"},
		{"\"a/b\"",
			"M0702 [\"a/b\"] \"a/b\" is not a host: \"/\" cannot stand in it"},
		{"\"[::1]\"",
			""},
		{"\"[::1]:80\"",
			"M0702 [\"[::1]:80\"] \"[::1]:80\" is not an IPv6 address in brackets, without a port"},
		{"\"[xyz\"",
			"M0702 [\"[xyz\"] \"[xyz\" is not an IPv6 address in brackets, without a port"},
		{"\"::1\"",
			"M0702 [\"::1\"] a host is matched without its port"},
		{"\"1.2.3.4\"",
			""},
		{"\"é.com\"",
			"M0702 [\"é.com\"] \"é.com\" is not a host: \"é\" cannot stand in it"},
		{"\"a_b\"",
			""},
		{"\"xn--a\"",
			""},
		{"\"a b\"",
			"M0702 [\"a b\"] \"a b\" is not a host: \" \" cannot stand in it"},
		{"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
			"M0702 [\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"] \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" is not a host: a label is empty or too long"},
		{"\"{t}.a\", \"{t}.b\"",
			""},
		{"\"{t}.a\", \"{t}.a\"",
			"M0206 [\"{t}.a\"] {t}.a stands twice"},
		{"\"*.a\", \"{t}.a\"",
			"M0206 [\"{t}.a\"] {t}.a stands twice"},
	}, func(s string) string {
		return "route r {\n  match GET \"/\"\n  host " + s + "\n  public\n  respond 200\n}\n"
	})
}

func TestHostMatches(t *testing.T) {
	for _, c := range []struct {
		pattern string
		yes, no []string
	}{
		{"Shop.example", []string{"shop.example"}, []string{"", "a.shop.example", "shop.example.", "Shop.example"}},
		{"*.example", []string{"a.example", "a.b.example"}, []string{"example", ".example", "aexample"}},
		{"{t}.example", []string{"a.example", "a.b.example"}, []string{"example", ".example"}},
		{"[::1]", []string{"[::1]"}, []string{"::1"}},
	} {
		b, got := resolved("route r {\n  match \"/\"\n  host \"" + c.pattern + "\"\n  public\n  respond 200\n}\n")
		if got != "" {
			t.Fatal(got)
		}
		h := b.Routes[0].Hosts[0]
		for _, host := range c.yes {
			if !h.Matches(host) {
				t.Errorf("%s does not match %q", c.pattern, host)
			}
		}
		for _, host := range c.no {
			if h.Matches(host) {
				t.Errorf("%s matches %q", c.pattern, host)
			}
		}
	}
}
