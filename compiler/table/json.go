package table

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// json reads a JSON document: one value, no key twice.
func (r *reader) json() *node {
	body, off := r.file.Text, 0
	if strings.HasPrefix(body, byteOrderMark) {
		off = len(byteOrderMark)
	}
	d := json.NewDecoder(strings.NewReader(body[off:]))
	d.UseNumber()
	p := &jsonParser{reader: r, d: d, off: off}
	n := p.value(0)
	if n == nil {
		return nil
	}
	if _, err := d.Token(); err != io.EOF {
		r.malformed(p.span(p.start(), p.start()+1), "the file goes on after its JSON value")
		return nil
	}
	return n
}

// byteOrderMark is what some editors put before a text.
const byteOrderMark = "\ufeff"

type jsonParser struct {
	*reader
	d   *json.Decoder
	off int
}

// start is where the next token begins.
func (p *jsonParser) start() int {
	at := int(p.d.InputOffset()) + p.off
	for at < len(p.file.Text) && strings.IndexByte(" \t\r\n,:", p.file.Text[at]) >= 0 {
		at++
	}
	return at
}

func (p *jsonParser) end() int { return int(p.d.InputOffset()) + p.off }

func (p *jsonParser) fail(err error) *node {
	at := p.start()
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		at = int(syntax.Offset) + p.off - 1
	}
	why := err.Error()
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		at, why = len(p.file.Text), "it ends too early"
	}
	p.malformed(p.span(at, at+1), "the file is not JSON: %s", why)
	return nil
}

func (p *jsonParser) value(depth int) *node {
	start := p.start()
	t, err := p.d.Token()
	if err != nil {
		return p.fail(err)
	}
	if depth > maxDepth {
		p.malformed(p.span(start, start+1), "values lie in each other more than %d deep", maxDepth)
		return nil
	}
	n := &node{at: p.span(start, p.end())}
	switch t := t.(type) {
	case nil:
	case bool:
		n.kind, n.text = boolean, n.at.Text()
	case json.Number:
		n.kind, n.text = number, t.String()
	case string:
		n.kind, n.text = text, t
	case json.Delim:
		n.kind = list
		if t == '{' {
			n.kind = object
		}
		seen := map[string]bool{}
		for p.d.More() {
			if n.kind == object {
				at := p.start()
				key, err := p.d.Token()
				if err != nil {
					return p.fail(err)
				}
				k, _ := key.(string)
				if seen[k] {
					p.malformed(p.span(at, p.end()), "the key %q stands twice in one object", k)
					return nil
				}
				seen[k] = true
				n.keys = append(n.keys, k)
			}
			item := p.value(depth + 1)
			if item == nil {
				return nil
			}
			n.items = append(n.items, item)
		}
		if _, err := p.d.Token(); err != nil {
			return p.fail(err)
		}
	}
	return n
}
