package interp

import (
	"slices"
	"strconv"
	"strings"
)

// normalized rewrites a raw path that has one safe reading, and returns others
// as they are: whether they are canonical is asked afterwards.
func normalized(raw string) string {
	path, query, hasQuery := strings.Cut(raw, "?")
	if !strings.HasPrefix(path, "/") {
		return raw
	}
	plain, ok := plainly(path)
	if !ok || !everywhereSound(plain) {
		return raw
	}
	dotsFirst, ok := withoutDotSegments(plain)
	if !ok {
		return raw
	}
	slashesFirst, ok := withoutDotSegments(singleSlashes(plain))
	if !ok || singleSlashes(dotsFirst) != slashesFirst || reachesIntoNothing(plain) {
		return raw // two readings
	}
	if hasQuery {
		return slashesFirst + "?" + query
	}
	return slashesFirst
}

// plainly decodes the escapes of characters that need none, once, and writes
// the others with digits in upper case; false where one is malformed.
func plainly(path string) (string, bool) {
	var out strings.Builder
	for path != "" {
		before, rest, found := strings.Cut(path, "%")
		out.WriteString(before)
		if !found {
			break
		}
		c, ok := escape("%" + rest)
		if !ok {
			return "", false
		}
		if unreserved(c) {
			out.WriteByte(c)
		} else {
			out.WriteString("%" + strings.ToUpper(strconv.FormatUint(256+uint64(c), 16)[1:]))
		}
		path = rest[2:]
	}
	return out.String(), true
}

// everywhereSound reports whether nothing stands in a path that is refused
// wherever it stands, also where a dot segment would take it away: each segment
// by itself could be a path.
func everywhereSound(path string) bool {
	for _, s := range strings.Split(path, "/") {
		if s != "" && s != "." && s != ".." && badPath("/"+s) != "" {
			return false
		}
	}
	return true
}

// singleSlashes takes empty segments out.
func singleSlashes(path string) string {
	for strings.Contains(path, "//") {
		path = strings.ReplaceAll(path, "//", "/")
	}
	return path
}

// withoutDotSegments is RFC 3986 section 5.2.4, which leaves empty segments
// alone; false for a path that leaves the root.
func withoutDotSegments(path string) (string, bool) {
	var kept []string
	segments := strings.Split(path[1:], "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".":
		case "..":
			if len(kept) == 0 {
				return "", false
			}
			kept = kept[:len(kept)-1]
		default:
			kept = append(kept, s)
			continue
		}
		if last {
			kept = append(kept, "")
		}
	}
	return "/" + strings.Join(kept, "/"), true
}

// reachesIntoNothing reports whether some .. takes back an empty segment: what
// it takes back depends on whether repeated slashes are one.
func reachesIntoNothing(path string) bool {
	var kept []string
	for _, s := range strings.Split(path[1:], "/") {
		switch {
		case s == ".":
		case s != "..":
			kept = append(kept, s)
		case len(kept) > 0 && slices.Index(kept[len(kept)-1:], "") == 0:
			return true
		case len(kept) > 0:
			kept = kept[:len(kept)-1]
		}
	}
	return false
}
