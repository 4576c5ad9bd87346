package core

// What a bundle may ask of one request at most. The compiler refuses more.
const (
	MaxSlots   = 32 // request headers that rules read
	MaxQueries = 16 // query parameters that rules read as one value
	MaxCookies = 16 // cookies that rules read as one value
	MaxValues  = 64 // values of a query parameter that rules read as a list

	MaxCredentials = 64 // places of credentials
)

// Spec is what every request of a bundle needs to know. Generated code fills
// it in with constants and calls Prepare once; it is never written again.
type Spec struct {
	Bundle  string
	Details Details
	// Headers are the request headers that rules read, in lower case; a name's
	// index is its slot.
	Headers []string
	// Queries and Cookies are read as one value: a request with two of one is
	// not canonical. Their index is their slot.
	Queries []string
	Cookies []string
	// Lists are the query parameters that rules read as lists: their values must
	// be readable, and at most MaxValues each.
	Lists []string
	// Removed are the names that some rule removes from requests; one that ends
	// in * is a prefix. What may not come as a header may not come as a trailer.
	Removed []string
	// Owned are the request headers that only the bundle writes, in lower case.
	Owned []string
	// Credentials are taken out of forwarded requests.
	Credentials []Credential
	// Replies are the bodies of answers whose rule has none of its own.
	Replies []Reply
	// Normalize rewrites paths that have one safe reading.
	Normalize bool
	// UnmatchedStatus is the answer where no route matches; 0 means 404.
	UnmatchedStatus uint32

	folded                                   []string    // Owned, with dashes for underscores
	lengths                                  uint64      // bit n: some name has n bytes; bit 63: 63 or more
	heads                                    [128]uint16 // bucket -> 1 + index in names
	names                                    []spelling
	origin, requestedMethod, requestedFields int // slots, where Headers has them

	queryTokens  bool // a credential travels in the query
	cookieTokens bool // a credential travels in a cookie
}

// Details are the names under which the fixed steps answer.
type Details struct{ Canonical, Unmatched, Method, Body, Undecided string }

// Place says where in a request a credential travels.
type Place uint8

// The places.
const (
	InHeader Place = iota
	InQuery
	InCookie
)

// Credential is one place in which clients of the bundle send a secret.
type Credential struct {
	Place Place
	Name  string
}

// Reply is the body of the bundle's own answers of one status.
type Reply struct {
	Status uint32
	Body   string
	JSON   bool
}

// spelling is a header name that Open must notice. One name can have several.
type spelling struct {
	text string
	next uint16 // 1 + index of the next in the bucket
	slot int16  // of nameRead; of nameCredential the credential; else -1
	kind nameKind
}

type nameKind uint8

const (
	nameRead nameKind = iota
	nameOwned
	nameCredential
	nameAuthorization
	nameContentType
	nameCookie
)

// clusterHeader carries the chosen cluster to the host's router.
const clusterHeader = "x-moe-cluster"

// Prepare builds the lookup tables and returns s. It panics on more names than
// the limits allow, which the compiler has refused before.
func (s *Spec) Prepare() *Spec {
	if len(s.Headers) > MaxSlots || len(s.Queries) > MaxQueries || len(s.Cookies) > MaxCookies || len(s.Credentials) > MaxCredentials {
		panic("core: bundle " + s.Bundle + " reads more names than a request can hold")
	}
	if s.UnmatchedStatus == 0 {
		s.UnmatchedStatus = 404
	}
	for i, name := range s.Headers {
		s.note(name, nameRead, i)
		switch name {
		case headerOrigin:
			s.origin = i
		case headerRequestedMethod:
			s.requestedMethod = i
		case headerRequestedFields:
			s.requestedFields = i
		}
	}
	s.note(clusterHeader, nameOwned, -1)
	for _, name := range s.Owned {
		s.folded = append(s.folded, foldedName(name))
		s.note(foldedName(name), nameOwned, -1)
	}
	for i, c := range s.Credentials {
		switch c.Place {
		case InHeader:
			s.note(c.Name, nameCredential, i)
		case InQuery:
			s.queryTokens = true
		case InCookie:
			s.cookieTokens = true
		}
	}
	s.note("authorization", nameAuthorization, -1)
	s.note("content-type", nameContentType, -1)
	if len(s.Cookies) > 0 || s.cookieTokens {
		s.note("cookie", nameCookie, -1)
	}
	return s
}

func (s *Spec) note(name string, kind nameKind, slot int) {
	if name == "" {
		panic("core: bundle " + s.Bundle + " names a header that has no name")
	}
	s.lengths |= 1 << min(len(name), 63)
	head := &s.heads[bucket(name)]
	s.names = append(s.names, spelling{text: name, next: *head, slot: int16(slot), kind: kind})
	*head = uint16(len(s.names))
}

// bucket looks at four things of a name only: most names of a request are
// nobody's, and the comparison that follows is exact. Names that are equal
// when folded share a bucket.
func bucket(name string) uint8 {
	n := len(name)
	return (uint8(n)*5 + folds[name[0]] + folds[name[n-1]]*3 + folds[name[n>>1]]*7) & 127
}

// folds maps a byte of a header name to lower case and the underscore to a
// dash, since servers behind us may take one for the other.
var folds = func() (t [256]uint8) {
	for i := range t {
		t[i] = lowers[i]
	}
	t['_'] = '-'
	return t
}()

// lowers maps ASCII letters to lower case.
var lowers = func() (t [256]uint8) {
	for i := range t {
		t[i] = uint8(i)
	}
	for c := 'A'; c <= 'Z'; c++ {
		t[c] = uint8(c) + 'a' - 'A'
	}
	return t
}()

func foldedName(name string) string {
	b := make([]byte, len(name))
	for i := range b {
		b[i] = folds[name[i]]
	}
	return string(b)
}

// named reports whether a received name is the given one, which is in lower
// case.
func named(received, name string) bool {
	if len(received) != len(name) {
		return false
	}
	for i := 0; i < len(name); i++ {
		if lowers[received[i]] != name[i] {
			return false
		}
	}
	return true
}

// startsWith reports whether a received name starts with a prefix in lower
// case.
func startsWith(received, prefix string) bool {
	return len(received) >= len(prefix) && named(received[:len(prefix)], prefix)
}

// looksLike is named with the underscore counted as a dash; name is folded.
func looksLike(received, name string) bool {
	if len(received) != len(name) {
		return false
	}
	for i := 0; i < len(name); i++ {
		if folds[received[i]] != name[i] {
			return false
		}
	}
	return true
}

// control reports whether a header steers the host itself and so may not come
// from a client. The two exceptions are written by the host.
func control(received string) bool {
	const prefix = "x-envoy-"
	if len(received) < len(prefix) || received[2]|0x20 != 'e' || !looksLike(received[:len(prefix)], prefix) {
		return false
	}
	return !named(received, "x-envoy-external-address") && !named(received, "x-envoy-internal")
}
