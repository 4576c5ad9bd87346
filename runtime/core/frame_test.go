package core

import (
	"runtime"
	"strings"
	"testing"
	"unsafe"
)

// fake plays the host: a frame, its arena, and the memory that it borrows.
type fake struct {
	f     *Frame
	arena []byte
}

func borrow(s string) Bytes {
	return Bytes{P: unsafe.Pointer(unsafe.StringData(s)), N: uintptr(len(s))}
}

// newFake makes a frame of names and values in turn.
func newFake(headers ...string) *fake {
	k := &fake{f: &Frame{Route: -1}, arena: make([]byte, ArenaSize)}
	k.f.Arena = &k.arena[0]
	k.setHeaders(headers...)
	return k
}

func (k *fake) setHeaders(headers ...string) {
	fields := make([]Field, len(headers)/2+1)[:len(headers)/2]
	for i := range fields {
		fields[i] = Field{borrow(headers[2*i]), borrow(headers[2*i+1])}
	}
	k.f.Headers, k.f.NHeaders = unsafe.SliceData(fields), uintptr(len(fields))
}

// get is a request for a path on shop.example.com.
func get(path string, headers ...string) *fake {
	return newFake(append([]string{":method", "GET", ":authority", "shop.example.com", ":path", path, ":scheme", "https"}, headers...)...)
}

// again lets a frame serve one more hook.
func (k *fake) again() {
	k.f.ArenaLen, k.f.Verdict, k.f.Status, k.f.Flags, k.f.NActions = 0, VerdictUnset, 0, 0, 0
	k.f.Body, k.f.Details, k.f.Label = Ref{}, Ref{}, Ref{}
}

// actions is a line an action.
func (k *fake) actions() string {
	var b strings.Builder
	for i := uint32(0); i < k.f.NActions; i++ {
		a := &k.f.Actions[i]
		b.WriteString([]string{"remove ", "set ", "add "}[a.Op] + a.Key.view())
		if a.Op != OpRemove {
			b.WriteString("=" + a.Value.view())
		}
		b.WriteString("\n")
	}
	runtime.KeepAlive(k)
	return b.String()
}

func (k *fake) wantActions(t *testing.T, want ...string) {
	t.Helper()
	w := strings.Join(want, "\n")
	if w != "" {
		w += "\n"
	}
	if got := k.actions(); got != w {
		t.Errorf("actions:\n%swant:\n%s", got, w)
	}
}

func (k *fake) wantReply(t *testing.T, status uint32, details, body string) {
	t.Helper()
	if k.f.Verdict != VerdictReply || k.f.Status != status || k.f.Details.view() != details || k.f.Body.view() != body {
		t.Errorf("verdict %d, status %d by %q, body %q; want %d by %q, body %q",
			k.f.Verdict, k.f.Status, k.f.Details.view(), k.f.Body.view(), status, details, body)
	}
}

// shop is a bundle that reads one of everything.
var shop = (&Spec{
	Bundle:  "shop",
	Details: Details{"moe.shop.canonical", "moe.shop.unmatched", "moe.shop.method", "moe.shop.body", "moe.shop.undecided"},
	Headers: []string{"user-agent", "x-tag", "x-api-key", "x_under"},
	Queries: []string{"q", "k y", "token"},
	Cookies: []string{"sid", "key"},
	Owned:   []string{"x-user", "x_group"},
	Credentials: []Credential{
		{InHeader, "x-api-key"}, {InQuery, "token"}, {InCookie, "key"},
	},
	Replies: []Reply{{404, `{"no":1}`, true}},
}).Prepare()

func open(t *testing.T, k *fake) *Request {
	t.Helper()
	r := new(Request)
	if !r.Open(k.f, shop) {
		t.Fatalf("not canonical: %d by %s", k.f.Status, k.f.Details.view())
	}
	return r
}

func TestViewOfARefRoundTrips(t *testing.T) {
	for _, s := range []string{"", "a", strings.Repeat("x", 5000)} {
		if got := ref(s).view(); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}
