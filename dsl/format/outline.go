package format

import (
	"errors"
	"sort"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/source"
)

// content says what the braces of a block hold.
type content uint8

const (
	declarations content = iota // the whole file
	rules
	steps
	members // of a bundle or auth
	fields  // of claims
	pairs   // headers of a send or upstream
	shares  // of a split
	assertions
)

// separator stands between the statements of a block that is one line.
func (c content) separator() string {
	if c == fields || c == pairs || c == shares {
		return ","
	}
	return ";"
}

// block is a run of statements between two braces.
type block struct {
	content     content
	open, close int // indexes of the braces; -1 and the number of tokens for the file
	stmts       []*stmt
	many        bool // over several lines in the result
}

// stmt is one statement: its first and last token, and the block in it.
type stmt struct {
	first, last int
	block       *block
	list        bool // it is words and a list, which may have an entry a line
}

// outline is a file as its layout sees it.
type outline struct {
	toks  []token
	match []int // from each bracket to its partner
	file  *block
	// cel says which tokens stand in expressions; begins, which begin one.
	cel, begins []bool
	// records are the opening braces of record types, each with the last tokens
	// of its fields.
	records map[int][]int
	uses    map[int]bool // the first tokens of use statements
	err     error
}

var errOutline = errors.New("its tree and its text do not fit")

func newOutline(tree *ast.File, toks []token) (*outline, error) {
	o := &outline{toks: toks, match: make([]int, len(toks)), cel: make([]bool, len(toks)), begins: make([]bool, len(toks)),
		records: map[int][]int{}, uses: map[int]bool{}}
	var open []int
	for i, t := range toks {
		switch {
		case t.is("(") || t.is("[") || t.is("{"):
			open = append(open, i)
		case t.is(")") || t.is("]") || t.is("}"):
			if len(open) == 0 {
				return nil, errOutline
			}
			last := open[len(open)-1]
			o.match[i], o.match[last] = last, i
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return nil, errOutline
	}
	visit(tree, o.mark)
	o.file = &block{content: declarations, open: -1, close: len(toks)}
	for _, d := range tree.Decls {
		o.file.stmts = append(o.file.stmts, o.declaration(d))
	}
	o.complete(o.file)
	if o.err != nil {
		return nil, o.err
	}
	return o, nil
}

// mark notes where expressions and types stand.
func (o *outline) mark(node any) {
	switch n := node.(type) {
	case *ast.Expr:
		first, last := o.find(n.Place)
		o.begins[first] = true
		for i := first; i <= last; i++ {
			o.cel[i] = true
		}
	case *ast.Type:
		if n.Kind != "record" {
			break
		}
		first, _ := o.find(n.Place)
		ends := []int{}
		for _, f := range n.Fields {
			_, last := o.find(f.Place)
			ends = append(ends, last)
		}
		o.records[first] = ends
	case *ast.Use:
		first, _ := o.find(n.Place)
		o.uses[first] = true
	}
}

// find returns the first and the last token of a place.
func (o *outline) find(s source.Span) (first, last int) {
	first = sort.Search(len(o.toks), func(i int) bool { return o.toks[i].start >= s.Start })
	last = sort.Search(len(o.toks), func(i int) bool { return o.toks[i].end >= s.End })
	if first >= len(o.toks) || last >= len(o.toks) || first > last || o.toks[first].start != s.Start || o.toks[last].end != s.End {
		o.err = errOutline
		return 0, 0
	}
	return first, last
}

func (o *outline) stmt(n ast.Node) *stmt {
	first, last := o.find(n.Span())
	return &stmt{first: first, last: last}
}

// final makes a block of the braces that end the statement.
func (o *outline) final(s *stmt, c content) *block {
	if !o.toks[s.last].is("}") {
		o.err = errOutline
		return &block{content: c}
	}
	s.block = &block{content: c, open: o.match[s.last], close: s.last}
	return s.block
}

// inner makes a block of the only braces of the statement, nil without any.
func (o *outline) inner(s *stmt, c content) *block {
	for i := s.first; i <= s.last; i++ {
		if o.toks[i].is("{") {
			s.block = &block{content: c, open: i, close: o.match[i]}
			return s.block
		}
	}
	return nil
}

func (o *outline) declaration(d ast.Decl) *stmt {
	s := o.stmt(d)
	switch d := d.(type) {
	case *ast.Settings:
		o.members(o.final(s, members), d.Members)
	case *ast.Auth:
		o.members(o.final(s, members), d.Members)
	case *ast.Policy:
		o.rules(o.final(s, rules), d.Rules)
	case *ast.Route:
		o.rules(o.final(s, rules), d.Rules)
	case *ast.Scope:
		o.rules(o.final(s, rules), d.Rules)
	case *ast.Test:
		o.steps(o.final(s, steps), d.Steps)
	}
	return s
}

func (o *outline) members(b *block, ms []*ast.Member) {
	for _, m := range ms {
		s := o.stmt(m)
		s.list = true
		if m.Fields != nil {
			c := o.final(s, fields)
			for _, f := range m.Fields {
				c.stmts = append(c.stmts, o.stmt(f))
			}
		}
		b.stmts = append(b.stmts, s)
	}
}

func (o *outline) rules(b *block, rs []ast.Rule) {
	for _, r := range rs {
		s := o.stmt(r)
		switch n := r.(type) {
		case *ast.Host, *ast.Retry:
			s.list = true
		case *ast.Forward:
			s.list = n.Among != nil
			if n.Split == nil {
				break
			}
			if c := o.inner(s, shares); c != nil {
				for _, x := range n.Split {
					c.stmts = append(c.stmts, o.stmt(x))
				}
			}
		}
		b.stmts = append(b.stmts, s)
	}
}

func (o *outline) steps(b *block, ss []ast.Step) {
	for _, step := range ss {
		s := o.stmt(step)
		b.stmts = append(b.stmts, s)
		switch n := step.(type) {
		case *ast.Send:
			o.pairs(s, n.Headers)
		case *ast.Upstream:
			o.pairs(s, n.Headers)
		case *ast.Repeat:
			o.steps(o.final(s, steps), n.Steps)
		case *ast.Hold:
			o.steps(o.final(s, steps), n.Steps)
		case *ast.Expect:
			if !o.toks[s.last].is("}") {
				break
			}
			c := o.final(s, assertions)
			for _, a := range n.Assertions {
				c.stmts = append(c.stmts, o.stmt(a))
			}
		}
	}
}

func (o *outline) pairs(s *stmt, ps []ast.Pair) {
	if c := o.inner(s, pairs); c != nil {
		for _, p := range ps {
			c.stmts = append(c.stmts, o.stmt(p))
		}
	}
}

// complete sees to it that every token belongs to a statement: what stands
// between two is separators and comments.
func (o *outline) complete(b *block) {
	next := b.open + 1
	between := func(to int) {
		for ; next < to; next++ {
			if t := o.toks[next]; t.kind != comment && !t.is(";") && !t.is(",") {
				o.err = errOutline
			}
		}
	}
	for _, s := range b.stmts {
		if s.first < next {
			o.err = errOutline
		}
		between(s.first)
		if s.block != nil && o.err == nil {
			o.complete(s.block)
		}
		next = s.last + 1
	}
	between(b.close)
}
