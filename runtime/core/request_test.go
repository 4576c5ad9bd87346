package core

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestHeadersOfARequest(t *testing.T) {
	r := open(t, get("/a/b?q=1",
		"user-agent", "curl", "x-tag", "a", "X-Tag", "", "x-tag", "b",
		"X_User", "evil", "x-user", "evil", "x-group", "evil", "x-moe-cluster", "evil", "x_moe-cluster", "evil",
		"x-envoy-retry-on", "evil", "X_ENVOY_upstream", "evil", "x-envoy-internal", "true", "x-envoy-external-address", "1.2.3.4",
		"x-under", "no", "x_under", "yes"))
	if r.Header(0) != "curl" || r.Header(1) != "a,,b" || r.Header(1) != "a,,b" || r.HeaderCount(1) != 3 || r.Header(3) != "yes" {
		t.Errorf("%q %q %d %q", r.Header(0), r.Header(1), r.HeaderCount(1), r.Header(3))
	}
	if got := []string{r.HeaderValue(1, 0), r.HeaderValue(1, 1), r.HeaderValue(1, 2), r.HeaderValue(1, 3), r.HeaderValue(1, -1)}; !slices.Equal(got, []string{"a", "", "b", "", ""}) {
		t.Errorf("values %q", got)
	}
	if got := r.HeaderValues(1, []string{"x"}); !slices.Equal(got, []string{"x", "a", "", "b"}) || len(r.HeaderValues(2, nil)) != 0 {
		t.Errorf("values %q", got)
	}
	if r.HasHeader(2) || r.Header(2) != "" {
		t.Error("x-api-key is not there")
	}
	for name, want := range map[string]string{"user-agent": "curl", "x-tag": "a,,b", "x-envoy-internal": "true", "x-under": "no"} {
		if got, ok := r.HeaderNamed(name); got != want || !ok {
			t.Errorf("%s: %q %v", name, got, ok)
		}
	}
	for _, name := range []string{"", ":path", "X-Tag", "x-user", "x_user", "x-group", "x-moe-cluster", "x-envoy-retry-on", "x-none"} {
		if got, ok := r.HeaderNamed(name); ok {
			t.Errorf("%s is %q", name, got)
		}
	}
	if r.Method() != "GET" || r.Path() != "/a/b?q=1" || r.URLPath() != "/a/b" || r.RawQuery() != "q=1" || r.Scheme() != "https" {
		t.Errorf("%q %q %q %q %q", r.Method(), r.Path(), r.URLPath(), r.RawQuery(), r.Scheme())
	}
}

func TestEmptyHeaderIsThere(t *testing.T) {
	r := open(t, get("/", "x-api-key", ""))
	if !r.HasHeader(2) || r.HeaderCount(2) != 1 {
		t.Error("an empty header is one")
	}
}

func TestQueries(t *testing.T) {
	r := open(t, get("/?x=1&q=a%20b+c&&k+y=%C3%A9&q2=3"))
	if r.Query(0) != "a b c" || r.Query(1) != "é" || !r.HasQuery(0) || r.HasQuery(2) || r.Query(2) != "" {
		t.Errorf("%q %q", r.Query(0), r.Query(1))
	}
	if r := open(t, get("/?q")); !r.HasQuery(0) || r.Query(0) != "" {
		t.Error("a parameter without a value is there")
	}
	for _, query := range []string{"q=1&q=2", "q&q", "q=1&%71=2", "q=%", "q=%zz", "q=%ff", "q=%0a", "q=%7F", "q=\xff", "k%20y=1&k+y=1"} {
		k := get("/?" + query)
		if r := new(Request); r.Open(k.f, shop) {
			t.Errorf("%q passed", query)
		}
		k.wantReply(t, 400, "moe.shop.canonical", "bad request\n")
	}
	// Others may be twice and as odd as they like.
	r = open(t, get("/?z=1&z=%zz&z=%32&%zz=1&z"))
	if got := r.QueryValues("z", nil); !slices.Equal(got, []string{"1", "2", ""}) {
		t.Errorf("%q", got)
	}
}

func TestCookies(t *testing.T) {
	r := open(t, get("/", "cookie", ` a=b; sid = "x=y" ;SID=z; flag`, "cookie", "key="))
	if r.Cookie(0) != "x=y" || !r.HasCookie(1) || r.Cookie(1) != "" {
		t.Errorf("%q %q", r.Cookie(0), r.Cookie(1))
	}
	for _, headers := range [][]string{{"cookie", "sid=1; sid=1"}, {"cookie", "sid=1", "cookie", "sid=2"}} {
		if r := new(Request); r.Open(get("/", headers...).f, shop) {
			t.Errorf("%q passed", headers)
		}
	}
}

func TestAttributes(t *testing.T) {
	k := get("/")
	k.f.Attributes[0] = Attribute{Text: borrow("1.2.3.4:5"), Known: 1}
	k.f.Attributes[1] = Attribute{Int: 443, Known: 1}
	k.f.Attributes[2] = Attribute{Int: 1, Known: 1}
	k.f.Attributes[3] = Attribute{Text: borrow("stale"), Int: 7}
	k.f.Now = time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC).UnixNano()
	r := open(t, k)
	if r.Attribute(0) != "1.2.3.4:5" || r.AttributeInt(1) != 443 || !r.AttributeBool(2) || r.Attribute(3) != "" || r.AttributeInt(3) != 0 || r.AttributeBool(3) || r.HasAttribute(3) {
		t.Error("attributes")
	}
	if got := r.FormatTime(r.Now()); got != "2026-01-02T03:04:05.000000006Z" {
		t.Error(got)
	}
}

func TestAddresses(t *testing.T) {
	for in, want := range map[string]struct {
		ip, net string
		port    int64
	}{
		"1.2.3.4:5":              {"1.2.3.4", "1.2.3.4", 5},
		"1.2.3.4":                {"1.2.3.4", "1.2.3.4", 0},
		"[2001:db8::1:2:3:4]:80": {"2001:db8::1:2:3:4", "2001:db8::/64", 80},
		"2001:db8:0:1::":         {"2001:db8:0:1::", "2001:db8:0:1::/64", 0},
		"[::ffff:1.2.3.4]:5":     {"1.2.3.4", "1.2.3.4", 5},
		"[fe80::1%eth0]:65536":   {"fe80::1", "fe80::/64", 0},
		"::ffff:102:304":         {"::ffff:102:304", "1.2.3.4", 0},
		"":                       {"", "", 0},
		"/run/pipe":              {"/run/pipe", "", 0},
		"[":                      {"[", "", 0},
		"a:b":                    {"a", "", 0},
	} {
		r := open(t, get("/"))
		if ip, port, net := AddressIP(in), AddressPort(in), r.SourceNet(in); ip != want.ip || port != want.port || net != want.net {
			t.Errorf("%q: %q %d %q, want %v", in, ip, port, net, want)
		}
	}
}

func TestFormatsAgreeWithCEL(t *testing.T) {
	r := open(t, get("/"))
	for _, v := range []float64{0, -0.0, 1, 1.5, -2.25, 1e6, 1e20, 1e21, 123456789, 1e-4, 1e-5, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.Inf(-1), math.NaN()} {
		if got, want := r.FormatDouble(v), fmt.Sprintf("%g", v); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		r.f.ArenaLen = 0
		if v := rapid.Float64().Draw(t, "d"); r.FormatDouble(v) != fmt.Sprintf("%g", v) {
			t.Fatal(r.FormatDouble(v))
		}
		if v := rapid.Int64().Draw(t, "i"); r.FormatInt(v) != fmt.Sprint(v) {
			t.Fatal(v)
		}
		if v := rapid.Uint64().Draw(t, "u"); r.FormatUint(v) != fmt.Sprint(v) {
			t.Fatal(v)
		}
	})
	if r.FormatBool(true) != "true" || r.FormatBool(false) != "false" || r.FormatDuration(1500*time.Millisecond) != "1.5s" || r.FormatDuration(math.MinInt64) != "-9223372036.854776s" {
		t.Error(r.FormatDuration(math.MinInt64))
	}
}

func TestConcatAndOverflow(t *testing.T) {
	r := open(t, get("/"))
	if r.Concat2("a", "b") != "ab" || r.Concat2("", "b") != "b" || r.Concat2("a", "") != "a" || r.Concat3("a", "", "c") != "ac" || r.Concat("a", "b", "c", "d") != "abcd" || r.Concat() != "" || r.Copy("") != "" {
		t.Error("concatenation")
	}
	big := strings.Repeat("x", ArenaSize/2+1)
	if r.Copy(big) != big {
		t.Error("half an arena fits")
	}
	if r.Copy(big) != "" || r.Concat2("a", "b") != "" || r.Concat3("a", "b", "c") != "" || r.Concat("a") != "" || r.Copy("x") != "" {
		t.Error("nothing may be built after an overflow")
	}
	r.Forward("c", "shop.r")
	r.Done()
	if r.f.Verdict != VerdictReply || r.f.Status != 500 || r.f.Flags&FlagFault == 0 {
		t.Error("an overflow must deny")
	}
}
