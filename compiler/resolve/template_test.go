package resolve

import (
	"strings"
	"testing"
)

// Path templates; the blamed text lies inside the literal.
func TestTemplates(t *testing.T) {
	problems(t, []problem{
		{"/",
			""},
		{"/a",
			""},
		{"/a/",
			""},
		{"/a/b",
			""},
		{"/{x}",
			""},
		{"/*",
			""},
		{"/**",
			""},
		{"/{x=**}",
			""},
		{"/a/**",
			""},
		{"/{x}.html",
			""},
		{"/v{x}",
			""},
		{"/v{x}.html",
			""},
		{"/a%20b",
			""},
		{"/%C3%A9",
			""},
		{"/é",
			""},
		{"",
			"M0701 [] a path template begins with /"},
		{"a",
			"M0701 [a] a path template begins with /"},
		{"//",
			"M0701 [] an empty segment: // is refused in every request"},
		{"/a//b",
			"M0701 [] an empty segment: // is refused in every request"},
		{"/a//",
			"M0701 [] an empty segment: // is refused in every request"},
		{"/**/a",
			"M0701 [a] nothing can follow **"},
		{"/{x}/{x}",
			"M0701 [{x}] capture x stands twice in the template"},
		{"/{x}{y}",
			"M0701 [{x}{y}] a segment has one capture at most"},
		{"/{x",
			"M0701 [{x] a { without its }"},
		{"/x}",
			"M0701 [x}] a } without its {"},
		{"/{}",
			"M0701 [{}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/{X}",
			"M0701 [{X}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/{x-y}",
			"M0701 [{x-y}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/{1}",
			"M0701 [{1}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/{x=*}",
			"M0701 [{x=*}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/{x=**}/a",
			"M0701 [a] nothing can follow **"},
		{"/a{x=**}",
			"M0701 [a{x=**}] a rest capture takes whole segments: nothing can stand beside it"},
		{"/{=**}",
			"M0701 [{=**}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/a**",
			"M0701 [a**] a segment has one capture at most"},
		{"/***",
			"M0701 [***] a segment has one capture at most"},
		{"/a*b*",
			"M0701 [a*b*] a segment has one capture at most"},
		{"/.",
			"M0701 [.] dot segments are refused in every request"},
		{"/..",
			"M0701 [..] dot segments are refused in every request"},
		{"/a/../b",
			"M0701 [..] dot segments are refused in every request"},
		{"/%2e",
			"M0701 [%2e] dot segments are refused in every request"},
		{"/%2f",
			"M0701 [%2f] requests with %2f are refused"},
		{"/%5c",
			"M0701 [%5c] requests with %5c are refused"},
		{"/%00",
			"M0701 [%00] requests with %00 are refused"},
		{"/%",
			"M0701 [%] % is followed by two hex digits"},
		{"/%4",
			"M0701 [%4] % is followed by two hex digits"},
		{"/%zz",
			"M0701 [%zz] % is followed by two hex digits"},
		{"/a?b",
			"M0701 [a?b] requests with ? in the path are refused, or it begins the query"},
		{"/a#b",
			"M0701 [a#b] requests with # in the path are refused, or it begins the query"},
		{"/a;b",
			"M0701 [a;b] requests with ; in the path are refused, or it begins the query"},
		{"/a b",
			"M0701 [a b] requests with a space in the path are refused, or it begins the query"},
		{"/a\\\\b",
			"M0701 [\"/a\\\\b\"] requests with \\ in the path are refused, or it begins the query"},
		{"/%ff",
			"M0701 [%ff] the escapes do not make valid UTF-8"},
		{"/\\u00e9",
			""},
		{"/{x}%",
			"M0701 [{x}%] % is followed by two hex digits"},
		{"/a\\u0020b",
			"M0701 [\"/a\\u0020b\"] requests with a space in the path are refused, or it begins the query"},
		{"/é{x",
			"M0701 [é{x] a { without its }"},
		{"/{é}",
			"M0701 [{é}] a capture is written {name}, of lower-case letters, digits and _"},
		{"/a%41",
			""},
		{"/%7e",
			""},
		{"/a}",
			"M0701 [a}] a } without its {"},
		{"/{x}}",
			"M0701 [{x}}] a segment has one capture at most"},
		{"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/",
			""},
		{"/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/",
			"M0701 [/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/] a template has fewer than 128 segments"},
		{"/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}",
			"M0701 [/{a}/{b}/{c}/{d}/{e}/{f}/{g}/{h}/{i}/{j}/{k}/{l}/{m}/{n}/{o}/{p}/{q}] a template has at most 16 captures"},
		{"/a\\tb",
			"M0701 [\"/a\\tb\"] requests with a tab in the path are refused, or it begins the query"},
		{"/a\\u0001b",
			"M0701 [\"/a\\u0001b\"] requests with the control character 0x01 in the path are refused, or it begins the query"},
		{"/%0a",
			"M0701 [%0a] requests with %0a are refused"},
		{"/%7f",
			"M0701 [%7f] requests with %7f are refused"},
		{"/{x}/**/",
			""},
		{"/**/",
			""},
		{"/" + strings.Repeat("a/", 127), ""},
		{"/" + strings.Repeat("a/", 128), "M0701 [/" + strings.Repeat("a/", 128) + "] a template has fewer than 128 segments"},
	}, func(s string) string {
		return "route r {\n  match GET \"" + s + "\"\n  public\n  respond 200\n}\n"
	})
}

func TestTemplateParts(t *testing.T) {
	for text, want := range map[string]string{
		"/": "", "/a%20b/é": "lit(a b) lit(é)", "/{x}/*": "cap(x) cap()", "/v{x}.html/a*": "cap(x v .html) cap( a)", "/a/**": "lit(a) rest()", "/{x}/{y=**}/": "cap(x) rest(y)",
		"/a%41": "lit(aA)", "/**": "rest()",
	} {
		b, got := resolved("route r {\n  match \"" + text + "\"\n  public\n  respond 200\n}\n")
		if got != "" {
			t.Errorf("%s: %s", text, got)
			continue
		}
		var parts []string
		path := b.Routes[0].Matches[0].Path
		for _, s := range path.Segments {
			if s.Capture {
				parts = append(parts, "cap("+strings.TrimRight(s.Name+" "+s.Prefix+" "+s.Suffix, " ")+")")
			} else {
				parts = append(parts, "lit("+s.Literal+")")
			}
		}
		if path.Rest {
			parts = append(parts, "rest("+path.RestName+")")
		}
		if s := strings.Join(parts, " "); s != want {
			t.Errorf("%s: %s, want %s", text, s, want)
		}
	}
}
