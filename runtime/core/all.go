package core

import "slices"

// AllHeaders returns the request's headers as one map: names in lower case, in
// the order of their first occurrence, with all values of a name joined with a
// comma. Pseudo-headers, removed headers and credentials are left out. The two
// slices are new and lie on the Go heap; their strings are borrowed like all others.
func (r *Request) AllHeaders() (names, values []string) {
	names, values = make([]string, 0, len(r.headers)), make([]string, 0, len(r.headers))
	for i := range r.headers {
		key := r.headers[i].Key.String()
		if key == "" || key[0] == ':' || r.isRemoved(i) {
			continue
		}
		if key = r.lower(key); !slices.Contains(names, key) && !r.secret(key) {
			value, _ := r.HeaderNamed(key)
			names, values = append(names, key), append(values, value)
		}
	}
	return names, values
}

// AllHeaders returns the answer's headers as one map, as Request.AllHeaders
// does.
func (p *Response) AllHeaders() (names, values []string) {
	for i, n := 0, p.size(); i < n; i++ {
		key, _ := p.at(i)
		if key == "" || key[0] == ':' {
			continue
		}
		if key = p.lower(key); !slices.Contains(names, key) {
			value, _ := p.HeaderNamed(key)
			names, values = append(names, key), append(values, value)
		}
	}
	return names, values
}

// lower returns a header's name in lower case: itself if it is so already.
func (s *Scratch) lower(name string) string {
	upper := false
	for i := 0; i < len(name); i++ {
		upper = upper || name[i] >= 'A' && name[i] <= 'Z'
	}
	if !upper {
		return name
	}
	b := s.Room(len(name))
	for i := range b {
		c := name[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		b[i] = c
	}
	return text(b)
}
