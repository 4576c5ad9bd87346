package files

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// KeyFile is a file of keys: sha256:<hex> SUBJECT [group,group...]
// [name=value ...], one a line. Its messages name the line and show nothing of
// it: a key that was put there by mistake must not get into a log.
type KeyFile struct {
	digests strings.Builder
	lines   []keyLine
	claims  []Field
	err     error
	name    string
}

type keyLine struct {
	number  int
	subject string
	groups  []string
	claims  []string
	has     []bool
}

// ReadKeys reads a file of keys whose lines may have the claims. A file without
// keys is one, too: whoever has emptied it wants everybody refused.
func ReadKeys(name, text string, claims []Field) *KeyFile {
	k := &KeyFile{claims: claims, name: name}
	seen := map[string]bool{}
	for i, line := range strings.Split(strings.TrimPrefix(text, byteOrderMark), "\n") {
		words := keyWords(strings.TrimSuffix(line, "\r"))
		if len(words) == 0 {
			continue
		}
		k.lines = append(k.lines, keyLine{number: i + 1, claims: make([]string, len(claims)), has: make([]bool, len(claims))})
		digits, ok := strings.CutPrefix(words[0], "sha256:")
		digest, err := hex.DecodeString(digits)
		switch {
		case !ok || err != nil || len(digest) != 32:
			k.fail("a key's line begins with sha256: and 64 hex digits")
		case seen[string(digest)]:
			k.fail("the same key stands twice")
		default:
			seen[string(digest)] = true
			k.digests.Write(digest)
			k.line(words[1:])
		}
	}
	return k
}

// keyWords returns the words of a line; # begins a comment.
func keyWords(line string) []string {
	var words []string
	for i := 0; i < len(line); {
		switch line[i] {
		case ' ', '\t':
			i++
		case '#':
			return words
		default:
			j := i
			for j < len(line) && line[j] != ' ' && line[j] != '\t' {
				j++
			}
			words = append(words, line[i:j])
			i = j
		}
	}
	return words
}

func (k *KeyFile) fail(what string) { k.failAt(len(k.lines)-1, what) }

func (k *KeyFile) failAt(i int, what string) {
	if k.err == nil {
		k.err = errors.New("line " + strconv.Itoa(k.lines[i].number) + ", " + k.name + ": " + what)
	}
}

// line reads what stands behind the digest.
func (k *KeyFile) line(words []string) {
	l := &k.lines[len(k.lines)-1]
	if len(words) == 0 || strings.Contains(words[0], "=") {
		k.fail("the key has no subject")
		return
	}
	if !printable(words[0]) {
		k.fail("a subject is printable text")
	}
	l.subject = words[0]
	rest := words[1:]
	if len(rest) > 0 && !strings.Contains(rest[0], "=") {
		l.groups = strings.Split(rest[0], ",")
		for _, g := range l.groups {
			if g == "" || !printable(g) {
				k.fail("an empty group name")
			}
		}
		rest = rest[1:]
	}
	for _, w := range rest {
		name, value, ok := strings.Cut(w, "=")
		at := -1
		for i := range k.claims {
			if k.claims[i].Name == name {
				at = i
			}
		}
		switch {
		case !ok:
			k.fail("groups stand once, joined with commas; what follows is name=value")
			return
		case at < 0:
			k.fail("a claim that the auth does not declare")
			return
		case l.has[at]:
			k.fail("claim " + name + " stands twice")
			return
		}
		l.claims[at], l.has[at] = value, true
	}
	for i := range k.claims {
		if !l.has[i] && !k.claims[i].Optional {
			k.fail("the key lacks claim " + k.claims[i].Name)
		}
	}
}

func printable(s string) bool {
	for _, c := range s {
		if c == utf8.RuneError || !unicode.IsPrint(c) {
			return false
		}
	}
	return true
}

// Err is the first thing that is wrong with the file.
func (k *KeyFile) Err() error { return k.err }

// Len is the number of keys.
func (k *KeyFile) Len() int { return len(k.lines) }

// Digests are the keys' SHA-256 digests, one behind the other; "" when the file
// is wrong.
func (k *KeyFile) Digests() string {
	if k.err != nil {
		return ""
	}
	return k.digests.String()
}

// Subject is who has the i-th key.
func (k *KeyFile) Subject(i int) string { return k.lines[i].subject }

// Groups are the groups of the i-th key.
func (k *KeyFile) Groups(i int) []string { return k.lines[i].groups }

// Has reports whether the i-th key has a claim.
func (k *KeyFile) Has(i, claim int) bool { return k.lines[i].has[claim] }

// Text is a claim of the i-th key.
func (k *KeyFile) Text(i, claim int) string {
	s := k.lines[i].claims[claim]
	if !printable(s) {
		k.unlike(i, claim, "printable text")
	}
	return s
}

// List is a claim of the i-th key that is texts joined with commas.
func (k *KeyFile) List(i, claim int) []string {
	s := k.lines[i].claims[claim]
	if s == "" {
		return []string{}
	}
	list := strings.Split(s, ",")
	for _, e := range list {
		if e == "" || !printable(e) {
			k.unlike(i, claim, "list of printable texts")
		}
	}
	return list
}

// Bool is a claim of the i-th key.
func (k *KeyFile) Bool(i, claim int) bool {
	v, err := strconv.ParseBool(k.lines[i].claims[claim])
	if err != nil {
		k.unlike(i, claim, "bool")
	}
	return v
}

// Int is a claim of the i-th key.
func (k *KeyFile) Int(i, claim int) int64 {
	v, err := strconv.ParseInt(k.lines[i].claims[claim], 10, 64)
	if err != nil {
		k.unlike(i, claim, "int")
	}
	return v
}

// Uint is a claim of the i-th key.
func (k *KeyFile) Uint(i, claim int) uint64 {
	v, err := strconv.ParseUint(k.lines[i].claims[claim], 10, 64)
	if err != nil {
		k.unlike(i, claim, "uint")
	}
	return v
}

// Double is a claim of the i-th key.
func (k *KeyFile) Double(i, claim int) float64 {
	v, err := strconv.ParseFloat(k.lines[i].claims[claim], 64)
	if err != nil {
		k.unlike(i, claim, "double")
	}
	return v
}

func (k *KeyFile) unlike(i, claim int, want string) {
	k.failAt(i, "claim "+k.claims[claim].Name+" is no "+want)
}
