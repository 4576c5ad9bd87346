package gen

import (
	"bytes"
	"fmt"
	"path"

	. "github.com/dave/jennifer/jen" //nolint:revive // the generator's vocabulary

	"moec.dev/moec/dsl/source"
)

// reset stands where the positions of the generated file itself begin again,
// until the file is laid out and its own line numbers are known.
const reset = "//line moec.reset:1"

// at puts code between a //line directive for a place in the policy and the
// return to the generated file's own lines. Paths are relative to the bundle's
// root, so that the bytes do not depend on where it lies.
func at(span source.Span, code ...Code) []Code {
	if !span.Valid() {
		return code
	}
	p := span.Position()
	out := []Code{Comment(fmt.Sprintf("//line %s:%d", path.Base(span.File.Name), p.Line))}
	out = append(out, code...)
	return append(out, Comment(reset))
}

// resetLines replaces the marks by the generated file's own positions.
func resetLines(name string, text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	for i, l := range lines {
		if bytes.Equal(l, []byte(reset)) {
			lines[i] = fmt.Appendf(nil, "//line %s:%d", name, i+2)
		}
	}
	return bytes.Join(lines, []byte("\n"))
}
