package check

import "testing"

// Claims that two auths declare otherwise, captures that some match lacks.
func TestClaimsAndCaptures(t *testing.T) {
	problems(t, func(s string) string {
		return "auth a = api_key { key from header \"x-a\"; keys from file \"a.keys\"; claims { c: int } }\n" +
			"auth b = api_key { key from header \"x-b\"; keys from file \"b.keys\"; claims { c: string } }\n" + s + "\n"
	}, []problem{
		{"route r { match GET \"/\"; auth a or b; respond 200 }",
			"M0302 [auth a or b] claim c has two types in the auths of this route / [c: int] here / [c: string] and here"},
		{"route r { match GET \"/\"; auth a; allow when identity.claims.c == 1; respond 200 }",
			"M0506 [b] no route uses auth b | remove it, or let a route say auth b"},
		{"route r { match GET \"/\"; match GET \"/{x}\"; public; deny when path.x == \"\"; respond 200 }",
			"M0506 [a] no route uses auth a | remove it, or let a route say auth a\nM0506 [b] no route uses auth b | remove it, or let a route say auth b\nM0304 [path.x] path.x is not bound by every match of route r | use the same captures in all of them, or write two routes"},
		{"route r { match GET \"/\"; host \"{t}.a\", \"b\"; public; deny when hostname.t == \"\"; respond 200 }",
			"M0506 [a] no route uses auth a | remove it, or let a route say auth a\nM0506 [b] no route uses auth b | remove it, or let a route say auth b\nM0304 [hostname.t] hostname.t is not bound by every match of route r | use the same captures in all of them, or write two routes"},
		{"route r { match GET \"/{x}/{y}\"; match GET \"/{y}/b/{x}\"; public; deny when path.x == path.y; respond 200 }",
			"M0506 [a] no route uses auth a | remove it, or let a route say auth a\nM0506 [b] no route uses auth b | remove it, or let a route say auth b"},
	})
}
