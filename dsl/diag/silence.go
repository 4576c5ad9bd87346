package diag

import "strings"

// allowMark begins the comment that silences warnings on its line.
const allowMark = "// moe:allow "

// Silence returns the diagnostics without the warnings that a comment on their
// line allows: `// moe:allow M0507 reason`, several codes joined by commas. The
// reason is part of the form: without one nothing is silenced. Errors stay.
func Silence(ds []*Diagnostic) []*Diagnostic {
	var out []*Diagnostic
	for _, d := range ds {
		if d.Code.Severity != Warning || !d.Span.Valid() || !allows(d.Span.File.Line(d.Span.Position().Line), d.Code.ID) {
			out = append(out, d)
		}
	}
	return out
}

// allows reports whether the comment of a line allows a code.
func allows(line, id string) bool {
	i := strings.LastIndex(line, allowMark)
	if i < 0 {
		return false
	}
	codes, reason, _ := strings.Cut(strings.TrimSpace(line[i+len(allowMark):]), " ")
	if strings.TrimSpace(reason) == "" {
		return false
	}
	for _, c := range strings.Split(codes, ",") {
		if c == id {
			return true
		}
	}
	return false
}
