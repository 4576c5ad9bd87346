package core

import "strings"

// Cookie is the value of the cookie in a slot, "" when absent.
func (r *Request) Cookie(slot int) string { return r.cookies[slot] }

// HasCookie reports whether the cookie in a slot is there.
func (r *Request) HasCookie(slot int) bool { return r.hasCooky&(1<<slot) != 0 }

// readCookies reads the cookies that the bundle reads as one value; false when
// one is there twice.
func (r *Request) readCookies() bool {
	if !r.cookie || len(r.spec.Cookies) == 0 {
		return true
	}
	for i := range r.headers {
		if r.isRemoved(i) || !named(r.headers[i].Key.String(), "cookie") {
			continue
		}
		rest, more := r.headers[i].Value.String(), true
		for more {
			var piece string
			piece, rest, more = cut(rest, ';')
			name, value, ok := cookiePair(piece)
			if ok && !r.takeCookie(name, value) {
				return false
			}
		}
	}
	return true
}

func (r *Request) takeCookie(name, value string) bool {
	for slot, wanted := range r.spec.Cookies {
		if name != wanted {
			continue
		}
		if r.HasCookie(slot) {
			return false
		}
		r.hasCooky |= 1 << slot
		r.cookies[slot] = value
	}
	return true
}

// cookiePair reads name=value; surrounding blanks and quotes do not count.
func cookiePair(piece string) (name, value string, ok bool) {
	at := strings.IndexByte(piece, '=')
	if at < 0 {
		return "", "", false
	}
	name, value = trimBlanks(piece[:at]), trimBlanks(piece[at+1:])
	if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
		value = value[1 : n-1]
	}
	return name, value, true
}

func trimBlanks(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for s != "" && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// stripCookies writes the cookie headers anew without the cookies that carry
// credentials, if there is one. All lines are copied: the first action frees
// the memory of the host's.
func (r *Request) stripCookies() {
	found := false
	for i := range r.headers {
		found = found || r.isCookie(i) && r.hasTokenCookie(r.headers[i].Value.String())
	}
	if !found {
		return
	}
	r.push(OpRemove, "cookie", "")
	for i := range r.headers {
		if !r.isCookie(i) {
			continue
		}
		line := r.headers[i].Value.String()
		if r.hasTokenCookie(line) {
			line = r.withoutTokenCookies(line)
		} else {
			line = r.Copy(line)
		}
		if line != "" {
			r.push(OpAdd, "cookie", line)
		}
	}
}

func (r *Request) isCookie(i int) bool {
	return !r.isRemoved(i) && named(r.headers[i].Key.String(), "cookie")
}

func (r *Request) isTokenCookie(piece string) bool {
	name, _, ok := cookiePair(piece)
	if !ok {
		return false
	}
	for i := range r.spec.Credentials {
		if c := &r.spec.Credentials[i]; c.Place == InCookie && c.Name == name {
			return true
		}
	}
	return false
}

func (r *Request) hasTokenCookie(line string) bool {
	for more := true; more; {
		var piece string
		piece, line, more = cut(line, ';')
		if r.isTokenCookie(piece) {
			return true
		}
	}
	return false
}

func (r *Request) withoutTokenCookies(line string) string {
	out := r.Room(len(line))
	if out == nil {
		return ""
	}
	at, first := 0, true
	for more := true; more; {
		var piece string
		piece, line, more = cut(line, ';')
		if r.isTokenCookie(piece) {
			continue
		}
		if !first {
			out[at] = ';'
			at++
		}
		first = false
		at += copy(out[at:], piece)
	}
	return trimBlanks(text(out[:at]))
}
