package check

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"moec.dev/moec/compiler/celfront"
	"moec.dev/moec/dsl/diag"
)

// regexes checks the patterns of matches( ): they are compiled when the library
// is loaded, and one that does not compile would end its host.
func (c *checker) regexes(e *celfront.Expr) {
	patterns(e, func(n *celfront.Expr, p string, ok bool) {
		if !ok {
			c.diags.Add(diag.BadRegex, n.Span, "a regular expression is a constant: it is compiled with the policy")
		} else if _, err := regexp.Compile(p); err != nil {
			c.diags.Add(diag.BadRegex, n.Span, "%s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
	})
}

// anchors warns about patterns that a decision goes by and that may match in
// the midst of a text.
func (c *checker) anchors(e *celfront.Expr) {
	patterns(e, func(n *celfront.Expr, p string, ok bool) {
		if re, err := syntax.Parse(p, syntax.Perl); ok && err == nil && !(anchored(re, false) && anchored(re, true)) {
			whole := "^(" + strings.TrimSuffix(strings.TrimPrefix(p, "^"), "$") + ")$"
			if strings.ContainsAny(p, `\|`) { // the signs at its ends may mean other things
				whole = "^(" + p + ")$"
			}
			where := "anywhere in the text"
			if anchored(re, false) {
				where = "whatever follows"
			} else if anchored(re, true) {
				where = "whatever stands before"
			}
			c.diags.Add(diag.Unanchored, n.Span, "the pattern is not anchored: it matches %s", where).Helpf("%q", whole)
		}
	})
}

// patterns calls f for the pattern of every matches( ); ok says that it is a
// constant.
func patterns(e *celfront.Expr, f func(n *celfront.Expr, pattern string, ok bool)) {
	e.Walk(func(n *celfront.Expr) bool {
		if n.Op == celfront.Call && n.Name == "matches" && len(n.Args) == 2 {
			p, ok := n.Args[1].Value.(string)
			f(n.Args[1], p, ok && n.Args[1].Op == celfront.Const)
		}
		return true
	})
}

// anchored reports whether a pattern can match at the begin of a text only, or
// at its end.
func anchored(re *syntax.Regexp, end bool) bool {
	switch re.Op {
	case syntax.OpBeginText:
		return !end
	case syntax.OpEndText:
		return end
	case syntax.OpCapture, syntax.OpPlus:
		return anchored(re.Sub[0], end)
	case syntax.OpAlternate:
		for _, s := range re.Sub {
			if !anchored(s, end) {
				return false
			}
		}
		return true
	case syntax.OpConcat:
		if end {
			return anchored(re.Sub[len(re.Sub)-1], end)
		}
		return anchored(re.Sub[0], end)
	}
	return false
}
