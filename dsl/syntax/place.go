package syntax

import (
	"strings"

	"moec.dev/moec/dsl/diag"
)

// known checks the first word of a statement: that it is one that begins a
// statement, and in this kind of block.
func (c *lowering) known(s *stmt, kind blockKind) bool {
	if s.bad && s.word(c.file.Text, 0) == "" {
		return false
	}
	first := c.extent(extent{s.toks[0].start, s.toks[0].end})
	if s.toks[0].kind != tIdent {
		found := "`" + first.Text() + "`"
		if s.toks[0].kind == tBlock {
			found, first.End = "`{`", first.Start+1
		}
		if len(found) > 40 {
			found = "this"
		}
		c.diags.Add(diag.Syntax, first, "a statement begins with a word, not with %s", found)
		return false
	}
	word := first.Text()
	homes, ok := words[word]
	if ok && homes&kind.home() != 0 {
		return true
	}
	if s.bad {
		return false
	}
	if !ok {
		c.unknown(s, kind)
		return false
	}
	d := c.diags.Add(diag.MisplacedRule, first, "`%s` does not belong in %s", word, blockNames[kind])
	if word == "let" || word == "secret" {
		d.Helpf("declare it at the top of the file, outside of every block")
	} else {
		d.Helpf("it belongs in %s", homeNames(homes))
	}
	return false
}

// unknown reports a word that begins no statement, with the nearest that does.
func (c *lowering) unknown(s *stmt, kind blockKind) {
	first := c.extent(extent{s.toks[0].start, s.toks[0].end})
	var here []string
	for w, h := range words {
		if h&kind.home() != 0 {
			here = append(here, w)
		}
	}
	what := "statement"
	if kind == fileBlock {
		what = "declaration"
	}
	d := c.diags.Add(diag.UnknownStatement, first, "there is no %s `%s`", what, first.Text())
	if w := nearest(strings.ToLower(first.Text()), sorted(here)); w != "" {
		d.Helpf("did you mean `%s`?", w)
	} else {
		d.Helpf("%s may hold: %s", blockNames[kind], strings.Join(sorted(here), ", "))
	}
}

// homeNames lists the blocks of a set.
func homeNames(h home) string {
	var names []string
	for _, k := range []blockKind{fileBlock, routeBlock, scopeBlock, policyBlock, testBlock} {
		if h&k.home() != 0 {
			names = append(names, blockNames[k])
		}
	}
	return anyOf(names)
}
