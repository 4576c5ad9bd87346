package route

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFind(t *testing.T) {
	get, post := []string{"GET"}, []string{"POST"}
	table := New([]Pattern{
		{Template: "/orders/{id}", Entry: Entry{Route: 0, Methods: []string{"GET", "POST"}, Captures: []uint8{0}}},
		{Template: "/orders/{id}", Entry: Entry{Route: 1, Methods: []string{"DELETE"}, Captures: []uint8{3}}},
		{Template: "/orders/new", Entry: Entry{Route: 2, Methods: get}},
		{Template: "/orders/{id}.html", Entry: Entry{Route: 3, Captures: []uint8{0}}},
		{Template: "/orders/x-{id}.html", Entry: Entry{Route: 4, Captures: []uint8{0}}},
		{Template: "/files/{rest=**}", Entry: Entry{Route: 5, Captures: []uint8{1}}},
		{Template: "/files/**", Host: "*.example.com", HostCapture: true, Entry: Entry{Route: 6, Methods: post}},
		{Template: "/files/a", Host: "*.b.example.com", Entry: Entry{Route: 7}},
		{Template: "/", Entry: Entry{Route: 8}},
		{Template: "/a/*/c", Entry: Entry{Route: 9}},
		{Template: "/a/{x}/{y=**}", Entry: Entry{Route: 10, Captures: []uint8{0, 1}}},
		{Template: "/a/b/d", Entry: Entry{Route: 11}},
		{Template: "/caf%C3%A9", Entry: Entry{Route: 12}},
		{Template: "/files/a", Host: "shop.example.com", Entry: Entry{Route: 13, Methods: get}},
	})
	for _, c := range []struct {
		method, host, path string
		outcome            Outcome
		route              int32
		allow              string
		captures           string // the first four
		tenant             string
	}{
		{"GET", "h", "/orders/7", Found, 0, "", "7,,,", ""},
		{"HEAD", "h", "/orders/7/", Found, 0, "", "7,,,", ""},
		{"DELETE", "h", "/orders/7", Found, 1, "", ",,,7", ""},
		{"PUT", "h", "/orders/7", NoMethod, 0, "DELETE, GET, HEAD, POST", "", ""},
		{"POST", "h", "/orders/new", NoMethod, 0, "GET, HEAD", "", ""},
		{"PURGE", "h", "/orders/7.html", Found, 3, "", "7,,,", ""},
		{"PUT", "h", "/orders/x-7.html", Found, 4, "", "7,,,", ""},
		{"PUT", "h", "/orders/x-.html", Found, 3, "", "x-,,,", ""},
		{"GET", "h", "/orders/.html", Found, 0, "", ".html,,,", ""},
		{"GET", "h", "/orders", None, 0, "", "", ""},
		{"GET", "h", "/orders/7/8", None, 0, "", "", ""},
		{"GET", "h", "/Orders/7", None, 0, "", "", ""},
		{"GET", "h", "/files", Found, 5, "", ",,,", ""},
		{"GET", "h", "/files/", Found, 5, "", ",,,", ""},
		{"GET", "h", "/files/b/", Found, 5, "", ",b/,,", ""},
		{"GET", "h", "/files/a/b", Found, 5, "", ",a/b,,", ""},
		{"POST", "x.y.example.com", "/files/a/b", Found, 6, "", ",,,", "x.y"},
		{"GET", "x.example.com", "/files/a/b", NoMethod, 0, "POST", "", ""},
		{"GET", "example.com", "/files/q", Found, 5, "", ",q,,", ""},
		{"GET", ".example.com", "/files/q", Found, 5, "", ",q,,", ""},
		{"GET", "x.b.example.com", "/files/a", Found, 7, "", ",,,", ""},
		{"POST", "x.b.example.com", "/files/q", Found, 6, "", ",,,", "x.b"},
		{"GET", "shop.example.com", "/files/a", Found, 13, "", ",,,", ""},
		{"POST", "shop.example.com", "/files/b", Found, 6, "", ",,,", "shop"},
		{"GET", "", "/", Found, 8, "", ",,,", ""},
		{"GET", "h", "/a/b/c", Found, 9, "", ",,,", ""},
		{"GET", "h", "/a/b/d", Found, 11, "", ",,,", ""},
		{"GET", "h", "/a/b/e", Found, 10, "", "b,e,,", ""},
		{"GET", "h", "/a/b", Found, 10, "", "b,,,", ""},
		{"GET", "h", "/a/b/c/d/e/", Found, 10, "", "b,c/d/e/,,", ""},
		{"GET", "h", "/a", None, 0, "", "", ""},
		{"GET", "h", "/café", Found, 12, "", ",,,", ""},
		{"GET", "h", "", None, 0, "", "", ""},
		{"GET", "h", "orders/7", None, 0, "", "", ""},
		{"GET", "h", strings.Repeat("/a", 30000), Found, 10, "", "", ""},
	} {
		var m Match
		table.Find(&m, c.host, c.path, c.method, nil)
		got := strings.Join(m.Captures[:4], ",")
		if m.Outcome != c.outcome || m.Outcome == Found && m.Route != c.route || m.Allow != c.allow ||
			m.Outcome == Found && c.captures != "" && (got != c.captures || m.Host != c.tenant) {
			t.Errorf("%s %s%.40s: outcome %d, route %d, allow %q, captures %q, host %q", c.method, c.host, c.path, m.Outcome, m.Route, m.Allow, got, m.Host)
		}
	}
}

func TestConditions(t *testing.T) {
	table := New([]Pattern{
		{Template: "/a/{x}", Entry: Entry{Route: 0, Methods: []string{"GET"}, Captures: []uint8{0}}},
		{Template: "/a/{y}", Entry: Entry{Route: 1, When: true, Methods: []string{"POST"}, Captures: []uint8{1}}},
		{Template: "/a/{y}", Entry: Entry{Route: 2, When: true, Captures: []uint8{1}}},
		{Template: "/a/**", Entry: Entry{Route: 3}},
		{Template: "/w/x", Entry: Entry{Route: 4, When: true, Methods: []string{"GET"}}},
		{Template: "/w/x", Entry: Entry{Route: 5, When: true, Methods: []string{"PUT"}}},
		{Template: "/w/*", Entry: Entry{Route: 6}},
	})
	for _, c := range []struct {
		method, path string
		holds, fails string // digits of routes
		outcome      Outcome
		route        int32
		allow        string
		asked        string
	}{
		{"GET", "/a/b", "", "", Found, 0, "", "12"},
		{"POST", "/a/b", "1", "", Found, 1, "", "1"},
		{"GET", "/a/b", "12", "", Found, 2, "", "12"},
		{"PUT", "/a/b", "1", "", NoMethod, 0, "GET, HEAD, POST", "12"},
		{"PUT", "/a/b", "", "", NoMethod, 0, "GET, HEAD", "12"},
		{"GET", "/a/b", "", "2", Failed, 2, "", "12"},
		{"GET", "/a/b", "2", "1", Failed, 1, "", "1"},
		{"POST", "/a/b", "1", "2", Found, 1, "", "1"},
		{"GET", "/w/x", "", "", Found, 6, "", "45"},
		{"PUT", "/w/x", "4", "", NoMethod, 0, "GET, HEAD", "45"},
		{"DELETE", "/w/x", "45", "", NoMethod, 0, "GET, HEAD, PUT", "45"},
		{"PUT", "/w/x", "5", "", Found, 5, "", "45"},
	} {
		var m Match
		asked := ""
		table.Find(&m, "h", c.path, c.method, func(route int32) (bool, bool) {
			digit := strconv.Itoa(int(route))
			asked += digit
			if route < 3 && m.Captures[1] != "b" {
				t.Errorf("the condition of %d sees captures %q", route, m.Captures[:2])
			}
			return strings.Contains(c.holds, digit), strings.Contains(c.fails, digit)
		})
		route := m.Route
		if m.Outcome == Failed {
			route = m.FailedRoute
		}
		if m.Outcome != c.outcome || (m.Outcome == Found || m.Outcome == Failed) && route != c.route || m.Allow != c.allow || asked != c.asked {
			t.Errorf("%+v: outcome %d, route %d, allow %q, asked %q", c, m.Outcome, route, m.Allow, asked)
		}
	}
	var m Match
	if table.Find(&m, "h", "/w/x", "GET", nil); m.Outcome != Failed {
		t.Error("a condition that nobody can evaluate has failed")
	}
}

func TestManyConditionedMethodsStillHaveAnAllow(t *testing.T) {
	var patterns []Pattern
	var all []string
	for i := range 30 {
		name := "M" + strconv.Itoa(10+i)
		all = append(all, name)
		patterns = append(patterns, Pattern{Template: "/", Entry: Entry{Route: int32(i), When: true, Methods: []string{name}}})
	}
	var m Match
	New(patterns).Find(&m, "h", "/", "GET", func(int32) (bool, bool) { return true, false })
	if m.Outcome != NoMethod || m.Allow != strings.Join(all, ", ") {
		t.Errorf("%d %q", m.Outcome, m.Allow)
	}
}

func TestBadTablesPanic(t *testing.T) {
	for _, p := range []Pattern{
		{Template: "/{x}"}, {Template: "/a", Entry: Entry{Captures: []uint8{0}}}, {Template: "/**/a"}, {Template: "/{x}", Entry: Entry{Captures: []uint8{MaxCaptures}}},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was taken", p.Template)
				}
			}()
			New([]Pattern{p})
		}()
	}
}

func TestFindAllocatesNothing(t *testing.T) {
	var patterns []Pattern
	for i := range 100 {
		patterns = append(patterns, Pattern{Template: "/r" + strconv.Itoa(i) + "/{id}/x", Entry: Entry{Route: int32(i), When: i%2 == 0, Methods: []string{"GET"}, Captures: []uint8{0}}})
	}
	table := New(patterns)
	sum := int32(0)
	if n := testing.AllocsPerRun(100, func() {
		var m Match
		for _, method := range []string{"GET", "PUT"} {
			table.Find(&m, "shop.example.com", "/r42/7/x", method, func(route int32) (bool, bool) { return m.Captures[0] == "7", route < 0 })
			sum += m.Route + int32(len(m.Allow))
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if sum == 0 {
		t.Error("nothing found")
	}
}

// naive matches one pattern in the plainest way.
func naive(p *Pattern, host, path string) (captures []string, ok bool) {
	switch {
	case p.Host == "":
	case p.Host[0] == '*':
		if !strings.HasSuffix(host, p.Host[1:]) || len(host) < len(p.Host) {
			return nil, false
		}
	case p.Host != host:
		return nil, false
	}
	segments := strings.Split(strings.TrimSuffix(path[1:], "/"), "/")
	if path == "/" {
		segments = nil
	}
	var template []string
	if p.Template != "/" {
		template = strings.Split(p.Template[1:], "/")
	}
	for i, s := range template {
		if s == "{r=**}" || s == "**" {
			if s != "**" {
				rest := strings.Join(segments[i:], "/")
				if rest != "" && strings.HasSuffix(path, "/") {
					rest += "/"
				}
				captures = append(captures, rest)
			}
			return captures, true
		}
		if i >= len(segments) {
			return nil, false
		}
		before, after, capture := strings.Cut(s, "{x}")
		if !capture {
			if segments[i] != s {
				return nil, false
			}
			continue
		}
		got := segments[i]
		if !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after) || len(got) <= len(before)+len(after) {
			return nil, false
		}
		captures = append(captures, got[len(before):len(got)-len(after)])
	}
	return captures, len(segments) == len(template)
}

// rank orders patterns that match the same request: smaller is more specific.
func rank(p *Pattern) []int {
	r := []int{2, 0}
	if p.Host != "" {
		r = []int{0, 0}
		if p.Host[0] == '*' {
			r = []int{1, -len(p.Host)}
		}
	}
	if p.Template != "/" {
		for _, s := range strings.Split(p.Template[1:], "/") {
			before, after, capture := strings.Cut(s, "{x}")
			switch {
			case s == "{r=**}" || s == "**":
				return append(r, 4)
			case !capture:
				r = append(r, 0, 0, 0)
			case before+after != "":
				r = append(r, 1, -len(before), -len(after))
			default:
				r = append(r, 2, 0, 0)
			}
		}
	}
	return append(r, 3)
}

func TestFindAgreesWithNaiveMatching(t *testing.T) {
	segment := rapid.SampledFrom([]string{"a", "b", "ab", "a{x}", "{x}b", "a{x}b", "{x}"})
	template := rapid.Custom(func(t *rapid.T) string {
		s := rapid.SliceOfN(segment, 0, 4).Draw(t, "segments")
		if rapid.Bool().Draw(t, "rest") {
			s = append(s, rapid.SampledFrom([]string{"{r=**}", "**"}).Draw(t, "form"))
		}
		return "/" + strings.Join(s, "/")
	})
	pattern := rapid.Custom(func(t *rapid.T) Pattern {
		p := Pattern{Host: rapid.SampledFrom([]string{"", "", "h", "s.h", "*.h", "*.s.h"}).Draw(t, "host"), Template: template.Draw(t, "template")}
		for range strings.Count(p.Template, "{") {
			p.Entry.Captures = append(p.Entry.Captures, uint8(len(p.Entry.Captures)))
		}
		p.Entry.Methods = rapid.SampledFrom([][]string{nil, {"GET"}, {"POST"}, {"POST", "GET"}}).Draw(t, "methods")
		p.Entry.When = rapid.Bool().Draw(t, "when")
		return p
	})
	rapid.Check(t, func(t *rapid.T) {
		patterns := rapid.SliceOfN(pattern, 1, 12).Draw(t, "patterns")
		for i := range patterns {
			patterns[i].Entry.Route = int32(i)
		}
		host := rapid.SampledFrom([]string{"h", "s.h", "x.h", "x.s.h", ".h", "o"}).Draw(t, "host")
		path := "/" + strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "ab", "aab", "abb", "c", "é"}), 0, 5).Draw(t, "path"), "/")
		if path != "/" && rapid.Bool().Draw(t, "slash") {
			path += "/"
		}
		method := rapid.SampledFrom([]string{"GET", "HEAD", "POST", "PUT"}).Draw(t, "method")
		holds := rapid.SliceOfN(rapid.Bool(), len(patterns), len(patterns)).Draw(t, "holds")

		// What the language says, group by group.
		var fits []*Pattern
		for i := range patterns {
			if _, ok := naive(&patterns[i], host, path); ok {
				fits = append(fits, &patterns[i])
			}
		}
		slices.SortStableFunc(fits, func(a, b *Pattern) int {
			if c := slices.Compare(rank(a), rank(b)); c != 0 {
				return c
			}
			return conditional(entry{Entry: b.Entry}) - conditional(entry{Entry: a.Entry})
		})
		want, route, allow := None, int32(0), []string(nil)
		for i := 0; i < len(fits) && want == None; {
			group := rank(fits[i])
			for ; i < len(fits) && slices.Equal(rank(fits[i]), group); i++ {
				e := &fits[i].Entry
				if want == Found || e.When && !holds[e.Route] {
					continue
				}
				if e.Methods == nil || slices.Contains(e.Methods, method) || method == "HEAD" && slices.Contains(e.Methods, "GET") {
					want, route, allow = Found, e.Route, nil
					continue
				}
				want = NoMethod
				allow = append(allow, e.Methods...)
				if slices.Contains(e.Methods, "GET") {
					allow = append(allow, "HEAD")
				}
			}
		}
		slices.Sort(allow)

		var m Match
		New(patterns).Find(&m, host, path, method, func(route int32) (bool, bool) { return holds[route], false })
		if m.Outcome != want || want == Found && m.Route != route || m.Allow != strings.Join(slices.Compact(allow), ", ") {
			t.Fatalf("%s %s%s: outcome %d, route %d, allow %q; want %d, %d, %q", method, host, path, m.Outcome, m.Route, m.Allow, want, route, allow)
		}
		if want == Found {
			captures, _ := naive(&patterns[route], host, path)
			if !slices.Equal(m.Captures[:len(captures)], captures) {
				t.Fatalf("%s of %s: captures %q, want %q", path, patterns[route].Template, m.Captures[:len(captures)], captures)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	var patterns []Pattern
	for i := range 50 {
		patterns = append(patterns, Pattern{Template: "/r" + strconv.Itoa(i) + "/{id}", Entry: Entry{Route: int32(i), Methods: []string{"GET"}, Captures: []uint8{0}}})
	}
	table := New(patterns)
	for b.Loop() {
		var m Match
		table.Find(&m, "shop.example.com", "/r42/7", "GET", nil)
	}
}
