package diag

import (
	"slices"
	"strings"

	"moec.dev/moec/dsl/source"
)

// allowMark begins the comment that silences warnings on its line.
const allowMark = "// moe:allow "

// Useless warns about comments that silence nothing: their authors believe that
// they do. found are all messages before Silence; complete says that no others
// could have come.
func Useless(files []*source.File, found []*Diagnostic, complete bool) []*Diagnostic {
	var out List
	for _, f := range files {
		start := 0
		for _, line := range strings.SplitAfter(f.Text, "\n") {
			i := strings.LastIndex(line, strings.TrimSpace(allowMark))
			if i >= 0 && strings.Count(line[:i], `"`)%2 == 0 {
				useless(f, start, start+i, line[i:], found, complete, &out)
			}
			start += len(line)
		}
	}
	return out.Sorted()
}

// useless looks at the comment at a place of a file; line is where its line
// begins.
func useless(f *source.File, line, at int, comment string, found []*Diagnostic, complete bool, out *List) {
	text := strings.TrimSpace(comment)
	span := source.Span{File: f, Start: at, End: at + len(text)}
	words := strings.Fields(strings.TrimPrefix(text, strings.TrimSpace(allowMark)))
	if len(words) < 2 {
		out.Add(UselessAllow, span, "this silences nothing: it takes codes, and a reason").Helpf("// moe:allow M0507 why it is meant")
		return
	}
	for _, id := range strings.Split(words[0], ",") {
		i := slices.IndexFunc(All(), func(c Code) bool { return c.ID == id })
		switch {
		case i < 0:
			out.Add(UselessAllow, span, "there is no message %s", id).Helpf("// moe:allow M0507 why it is meant")
		case All()[i].Severity != Warning:
			out.Add(UselessAllow, span, "%s is an error, and errors are not silenced", id).Helpf("remove it, and mend what is wrong")
		case complete && !slices.ContainsFunc(found, func(d *Diagnostic) bool {
			return d.Code.ID == id && d.Span.File == f && d.Span.Start >= line && d.Span.Start <= at
		}):
			out.Add(UselessAllow, span, "there is no %s on this line to be silenced", id).Helpf("remove it, or put it on the line of the warning")
		}
	}
}

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
