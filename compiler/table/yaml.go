package table

import (
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"moec.dev/moec/dsl/source"
)

// yaml reads a YAML document: one document, no key twice, no aliases, which
// can make a small file a large one.
func (r *reader) yaml() *node {
	d := yaml.NewDecoder(strings.NewReader(r.file.Text))
	var doc, more yaml.Node
	if err := d.Decode(&doc); err != nil {
		if err == io.EOF {
			err = errors.New("it is empty")
		}
		r.notYAML(err)
		return nil
	}
	if err := d.Decode(&more); err == nil {
		r.malformed(r.yamlSpan(&more), "the file holds a second document")
		return nil
	} else if err != io.EOF {
		r.notYAML(err)
		return nil
	}
	return r.yamlNode(&doc, 0)
}

// notYAML passes on what the parser says, at the line that it names.
func (r *reader) notYAML(err error) {
	why := strings.TrimPrefix(err.Error(), "yaml: ")
	at := 0
	if rest, ok := strings.CutPrefix(why, "line "); ok {
		if digits, reason, ok := strings.Cut(rest, ": "); ok {
			if n, err := strconv.Atoi(digits); err == nil {
				at, why = r.lineStart(n), reason
			}
		}
	}
	r.malformed(r.span(at, at+1), "the file is not YAML: %s", why)
}

// lineStart is where a line begins, counted from 1.
func (r *reader) lineStart(line int) int {
	if r.lines == nil {
		r.lines = []int{0}
		for i := range len(r.file.Text) {
			if r.file.Text[i] == '\n' {
				r.lines = append(r.lines, i+1)
			}
		}
	}
	return r.lines[min(max(line, 1), len(r.lines))-1]
}

// place is where a node begins: its column counts characters.
func (r *reader) place(n *yaml.Node) int {
	at := r.lineStart(n.Line)
	column := n.Column
	for i := range r.file.Text[at:] {
		if column--; column <= 0 {
			return at + i
		}
	}
	return len(r.file.Text)
}

func (r *reader) yamlNode(y *yaml.Node, depth int) *node {
	at := r.yamlSpan(y)
	if depth > maxDepth {
		r.malformed(at, "values lie in each other more than %d deep", maxDepth)
		return nil
	}
	switch {
	case y.Kind == yaml.DocumentNode && len(y.Content) == 1:
		return r.yamlNode(y.Content[0], depth)
	case y.Kind == yaml.AliasNode || y.Anchor != "":
		r.malformed(at, "anchors and aliases are not accepted: write the value out")
		return nil
	case y.Style&yaml.TaggedStyle != 0:
		r.malformed(at, "the tag %s is not accepted", y.ShortTag())
		return nil
	case y.Kind == yaml.ScalarNode:
		return r.yamlScalar(y)
	case y.Kind == yaml.SequenceNode && y.ShortTag() == "!!seq":
		n := &node{kind: list, at: at}
		for _, c := range y.Content {
			item := r.yamlNode(c, depth+1)
			if item == nil {
				return nil
			}
			n.items = append(n.items, item)
		}
		return n
	case y.Kind == yaml.MappingNode && y.ShortTag() == "!!map":
		n := &node{kind: object, at: at}
		seen := map[string]bool{}
		for i := 0; i+1 < len(y.Content); i += 2 {
			k := y.Content[i]
			place := r.yamlSpan(k)
			switch {
			case k.Kind != yaml.ScalarNode || k.ShortTag() != "!!str" || k.Style&yaml.TaggedStyle != 0:
				r.malformed(place, "a key is a text: write it in quotes")
				return nil
			case seen[k.Value]:
				r.malformed(place, "the key %q stands twice in one object", k.Value)
				return nil
			}
			seen[k.Value] = true
			item := r.yamlNode(y.Content[i+1], depth+1)
			if item == nil {
				return nil
			}
			n.keys, n.items = append(n.keys, k.Value), append(n.items, item)
		}
		return n
	}
	r.malformed(at, "the tag %s is not accepted", y.Tag)
	return nil
}

func (r *reader) yamlScalar(y *yaml.Node) *node {
	n := &node{text: y.Value, at: r.yamlSpan(y)}
	switch y.ShortTag() {
	case "!!null":
	case "!!bool":
		n.kind = boolean
	case "!!int", "!!float":
		n.kind = number
	case "!!timestamp":
		n.kind = moment
	case "!!str":
		n.kind = text
	default:
		r.malformed(n.at, "the tag %s is not accepted", y.Tag)
		return nil
	}
	return n
}

// yamlSpan is the text of a node on its first line.
func (r *reader) yamlSpan(y *yaml.Node) source.Span {
	at, n := r.place(y), 1
	if y.Kind == yaml.ScalarNode && y.Style == 0 && strings.HasPrefix(r.file.Text[at:], y.Value) {
		n = max(1, len(y.Value))
	}
	return r.span(at, at+n)
}
