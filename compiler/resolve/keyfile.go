package resolve

import (
	"encoding/hex"
	"path"
	"strconv"
	"strings"

	"moec.dev/moec/dsl/ast"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// dataPath returns the key of a data file in Bundle.Data: files are named
// relative to the .moe file that names them.
func dataPath(b *ast.Bundle, at ast.Node, name string) string {
	return path.Join(path.Dir(relative(b, at.Span().File)), name)
}

// relative returns a file's place in the bundle. All files of a bundle lie in
// its root, so that is its base name.
func relative(_ *ast.Bundle, f *source.File) string { return path.Base(f.Name) }

// byteOrderMark is what some editors put before a text.
const byteOrderMark = "\ufeff"

// digestMark begins a key's line.
const digestMark = "sha256:"

// keyFile parses lines sha256:<hex> SUBJECT [group,group...] [name=value ...].
func (r *resolver) keyFile(a *Auth, f *source.File) []*Key {
	var keys []*Key
	seen := map[[32]byte]source.Span{}
	public, ok := r.public[f]
	if !ok { // one copy for all auths that name the file, so that a message stands once
		public = withoutSecrets(f)
		r.public[f] = public
	}
	off := 0
	if strings.HasPrefix(f.Text, byteOrderMark) {
		off = len(byteOrderMark)
	}
	for off < len(f.Text) {
		line, next := f.Text[off:], len(f.Text)
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line, next = line[:i], off+i+1
		}
		words := splitWords(strings.TrimSuffix(line, "\r"), f, off)
		off = next
		if len(words) == 0 {
			continue
		}
		k := r.keyLine(a, words, public)
		if k == nil {
			continue
		}
		if first, ok := seen[k.Digest]; ok {
			r.diags.Add(diag.BadData, k.Span, "the same key stands twice").Note(first, "first here")
			continue
		}
		seen[k.Digest] = k.Span
		keys = append(keys, k)
	}
	if len(keys) == 0 && !r.diags.HasErrors() {
		r.diags.Add(diag.BadData, source.Span{File: public}, "no keys in this file: auth %s would refuse everybody", a.Name).
			Helpf("printf %%s \"$KEY\" | moec hash SUBJECT >> %s", path.Base(f.Name))
	}
	return keys
}

// withoutSecrets returns a copy of a key file that may be shown: messages print
// the line that they are about, and a key that was put there in the place of its
// digest, or beside a name, must not get into a log that way. Of a line that
// does not begin with a digest nothing but the blanks is left; every byte stays
// in its place.
func withoutSecrets(f *source.File) *source.File {
	text := []byte(f.Text)
	off := 0
	if strings.HasPrefix(f.Text, byteOrderMark) {
		off = len(byteOrderMark)
	}
	for off < len(text) {
		next := len(text)
		if i := strings.IndexByte(f.Text[off:], '\n'); i >= 0 {
			next = off + i + 1
		}
		if line := f.Text[off:next]; !strings.HasPrefix(strings.TrimLeft(line, " \t"), digestMark) {
			for i := off; i < next; i++ {
				if strings.IndexByte(" \t\r\n", text[i]) < 0 {
					text[i] = '*'
				}
			}
		}
		off = next
	}
	return source.New(f.Name, string(text))
}

// splitWords returns the words of a line as spans; # begins a comment.
func splitWords(line string, f *source.File, off int) []source.Span {
	var words []source.Span
	for i := 0; i < len(line); {
		switch {
		case line[i] == ' ' || line[i] == '\t':
			i++
		case line[i] == '#':
			return words
		default:
			j := i
			for j < len(line) && line[j] != ' ' && line[j] != '\t' {
				j++
			}
			words = append(words, source.Span{File: f, Start: off + i, End: off + j})
			i = j
		}
	}
	return words
}

// keyLine reads one line; its messages and the key's place point into public.
func (r *resolver) keyLine(a *Auth, words []source.Span, public *source.File) *Key {
	bad := func(at source.Span, format string, args ...any) *diag.Diagnostic {
		at.File = public
		return r.diags.Add(diag.BadData, at, format, args...)
	}
	const form = "sha256:<64 hex digits> SUBJECT [group,group...] [name=value ...]"
	k := &Key{Span: source.Span{File: public, Start: words[0].Start, End: words[0].End}}
	digits, ok := strings.CutPrefix(words[0].Text(), digestMark)
	raw, err := hex.DecodeString(digits)
	if !ok || err != nil || len(raw) != len(k.Digest) {
		bad(words[0], "a key's line begins with sha256: and 64 hex digits").
			Helpf("make a line with: printf %%s \"$KEY\" | moec hash SUBJECT")
		return nil
	}
	copy(k.Digest[:], raw)
	if len(words) < 2 || strings.Contains(words[1].Text(), "=") {
		bad(words[0], "the key has no subject").Helpf("%s", form)
		return nil
	}
	if !printable(words[1].Text()) {
		bad(words[1], "a subject is printable text")
		return nil
	}
	k.Subject = words[1].Text()
	rest := words[2:]
	if len(rest) > 0 && !strings.Contains(rest[0].Text(), "=") {
		for _, g := range strings.Split(rest[0].Text(), ",") {
			if g == "" || !printable(g) {
				bad(rest[0], "an empty group name")
				return nil
			}
			k.Groups = append(k.Groups, g)
		}
		rest = rest[1:]
	}
	k.Claims = make([]any, len(a.Claims))
	for _, w := range rest {
		name, value, ok := strings.Cut(w.Text(), "=")
		i := claimIndex(a, name)
		switch {
		case !ok:
			bad(w, "groups stand once, joined with commas; what follows is name=value").Helpf("%s", form)
			return nil
		case i < 0:
			bad(w, "auth %s declares no claim %s", a.Name, name).Helpf("claims { %s: string? }", name)
			return nil
		case k.Claims[i] != nil:
			bad(w, "claim %s stands twice", name)
			return nil
		}
		v, why := claimValue(a.Claims[i].Type, value)
		if why != "" {
			bad(w, "claim %s: %s", name, why)
			return nil
		}
		k.Claims[i] = v
	}
	for i, f := range a.Claims {
		if k.Claims[i] == nil && !f.Type.Optional {
			bad(words[0], "the key lacks claim %s, which auth %s requires", f.Name.Text, a.Name).
				Helpf("add %s=... or declare it optional: %s: %s?", f.Name.Text, f.Name.Text, f.Type.Kind)
			return nil
		}
	}
	return k
}

func claimIndex(a *Auth, name string) int {
	for i, f := range a.Claims {
		if f.Name.Text == name {
			return i
		}
	}
	return -1
}

// claimValue converts the text of a claim to its declared type.
func claimValue(t *ast.Type, s string) (any, string) {
	var v any
	var err error
	switch t.Kind {
	case "string":
		if !printable(s) {
			return nil, "the value is not printable text"
		}
		return s, ""
	case "list":
		list := []string{}
		if s != "" {
			list = strings.Split(s, ",")
		}
		for _, e := range list {
			if e == "" || !printable(e) {
				return nil, "an element is empty or not printable text"
			}
		}
		return list, ""
	case "bool":
		v, err = strconv.ParseBool(s)
	case "int":
		v, err = strconv.ParseInt(s, 10, 64)
	case "uint":
		v, err = strconv.ParseUint(s, 10, 64)
	case "double":
		v, err = strconv.ParseFloat(s, 64)
	}
	if err != nil {
		return nil, strconv.Quote(s) + " is not of type " + t.Kind
	}
	return v, ""
}

func printable(s string) bool {
	for _, c := range s {
		if c < 0x20 || c == 0x7f || c == '\uFFFD' {
			return false
		}
	}
	return true
}
