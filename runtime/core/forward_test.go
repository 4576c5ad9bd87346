package core

import (
	"strconv"
	"testing"
)

func TestForward(t *testing.T) {
	k := get("/?a=1&token=s&b=2&%74oken&", "x-api-key", "s", "X_User", "evil", "x-moe-cluster", "evil",
		"cookie", "a=1; key=s; b=2", "cookie", "key=t", "cookie", " c=3")
	// Two cookies of a name that is read once are refused; read none here.
	spec := (&Spec{Bundle: "b", Owned: []string{"x-user"}, Credentials: shop.Credentials}).Prepare()
	var r Request
	if !r.Open(k.f, spec) {
		t.Fatal("not canonical")
	}
	r.Forward("orders", "b.orders")
	r.Done()
	if k.f.Verdict != VerdictContinue || k.f.Flags != FlagReroute || k.f.Label.view() != "b.orders" {
		t.Errorf("verdict %d, flags %d, label %q", k.f.Verdict, k.f.Flags, k.f.Label.view())
	}
	k.wantActions(t, "remove X_User", "remove x-moe-cluster", "remove x-api-key", "set :path=/?a=1&b=2&",
		"remove cookie", "add cookie=a=1; b=2", "add cookie= c=3", "set x-moe-cluster=orders")
}

func TestForwardOfAPlainRequestChangesOneHeader(t *testing.T) {
	k := get("/?a=1&b", "cookie", "a=1")
	r := open(t, k)
	r.Forward("orders", "shop.orders")
	k.wantActions(t, "set x-moe-cluster=orders")

	k.again()
	r = open(t, k)
	r.Forward("", "shop.orders")
	if k.wantActions(t); k.f.Flags != 0 || k.f.Verdict != VerdictContinue {
		t.Error("the host's own route stands")
	}
}

func TestStrippedPaths(t *testing.T) {
	for path, want := range map[string]string{
		"/a?token=s": "/a", "/a?token": "/a", "/a?token=s&x": "/a?x", "/a?x&token=": "/a?x", "/a?&token=s": "/a", "/a?&&token=s": "/a?&", "/a?TOKEN=s": "", "/a": "", "/a?": "", "/a?tok%65n=1": "/a",
	} {
		k := get(path)
		r := open(t, k)
		r.Forward("", "")
		if want == "" {
			k.wantActions(t)
		} else {
			k.wantActions(t, "set :path="+want)
		}
	}
}

func TestStrippedCookies(t *testing.T) {
	for line, want := range map[string]string{
		"key=s": "", "key=s; a=b": "a=b", "a=b; key=s": "a=b", "a=b;key=s ; c": "a=b; c", "a=b ; key = \"s\";;": "a=b ;;",
	} {
		k := get("/", "cookie", line)
		open(t, k).Forward("", "")
		if want == "" {
			k.wantActions(t, "remove cookie")
		} else {
			k.wantActions(t, "remove cookie", "add cookie="+want)
		}
	}
}

func TestKeptCredentials(t *testing.T) {
	k := get("/?token=s", "x-api-key", "s", "cookie", "key=s", "x-user", "evil")
	r := open(t, k)
	r.KeepCredentials()
	r.Forward("c", "l")
	k.wantActions(t, "remove x-user", "set x-moe-cluster=c")
}

func TestHeaderRulesOfARequest(t *testing.T) {
	k := get("/", "x-a", "1", "X-Internal-B", "2", "x-internal-c", "3", "x-user", "evil", "x-api-key", "s")
	r := open(t, k)
	r.Forward("", "")
	r.RemoveHeader("x-a")
	r.RemoveHeader("x-none")
	r.RemoveHeaderPrefix("x-internal-")
	ok := r.SetHeader("d", "x-user", "u") && r.SetHeader("d", "x-gone", "") && r.SetHeader("d", "x-twice", "1") && r.SetHeader("d", "x-twice", "") &&
		r.SetHeaderIfAbsent("d", "x-a", "absent") && r.SetHeaderIfAbsent("d", "x-a", "second") && r.SetHeaderIfAbsent("d", "x-api-key", "stripped") &&
		r.SetHeaderIfAbsent("d", "x-user", "no") && r.SetHeaderIfAbsent("d", "scheme", "") && r.AddHeader("d", "x-user", "v") && r.AddHeader("d", "x-user", "")
	r.SetHeaderStatic("x-const", "c")
	if !ok {
		t.Error("refused")
	}
	k.wantActions(t, "remove x-user", "remove x-api-key", "remove x-a", "remove X-Internal-B", "remove x-internal-c", "set x-user=u",
		"set x-twice=1", "remove x-twice", "set x-a=absent", "set x-api-key=stripped", "add x-user=v", "set x-const=c")
}

func TestHeaderIfAbsentSeesTheRequest(t *testing.T) {
	k := get("/", "Accept-Language", "")
	r := open(t, k)
	r.Forward("", "")
	r.SetHeaderIfAbsent("d", "accept-language", "en")
	k.wantActions(t)
}

func TestBadValuesRefuse(t *testing.T) {
	for _, value := range []string{"a\rb", "a\n", "\x00"} {
		for name, rule := range map[string]func(*Request) bool{
			"set":    func(r *Request) bool { return r.SetHeader("moe.shop.r.set", "x-a", value) },
			"absent": func(r *Request) bool { return r.SetHeaderIfAbsent("moe.shop.r.set", "user-agent", value) },
			"add":    func(r *Request) bool { return r.AddHeader("moe.shop.r.set", "x-a", value) },
		} {
			k := get("/", "user-agent", "curl")
			r := open(t, k)
			r.Forward("c", "l")
			r.WantResponse(3)
			if rule(r) {
				t.Errorf("%s of %q passed", name, value)
			}
			k.wantReply(t, 400, "moe.shop.r.set", "bad request\n")
			if k.wantActions(t, "add content-type=text/plain"); k.f.Flags != 0 {
				t.Error("flags of a refused request")
			}
		}
	}
}

func TestValuesAreKept(t *testing.T) {
	// What the host lends may be gone when the action is carried out.
	value := []byte("lent")
	k := get("/", "user-agent", text(value))
	r := open(t, k)
	r.Forward("", "")
	r.SetHeader("d", "x-user", r.Header(0))
	copy(value, "gone")
	k.wantActions(t, "set x-user=lent")
}

func TestTooManyActionsDeny(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Forward("c", "l")
	for i := range MaxActions {
		r.AddHeader("d", "x-"+strconv.Itoa(i), "v")
	}
	r.Done()
	k.wantReply(t, 500, "moe.shop.undecided", "internal server error\n")
}

func TestWantResponse(t *testing.T) {
	k := get("/")
	r := open(t, k)
	r.Forward("c", "l")
	r.WantResponse(7)
	if k.f.Flags != FlagReroute|FlagResponse || k.f.Route != 7 {
		t.Error(k.f.Flags, k.f.Route)
	}
}
