package core

import "testing"

// shared is a cors.allow of two origins, as generated code has it.
var sharedAnswers [3][2]Action

var shared = CORS{
	Details: "moe.b.cors",
	Origins: []string{"https://a.example", "https://b.example"},
	Methods: []string{"GET", "PUT"},
	Fields:  []string{"x-a"},
	Permit:  []Change{{OpAdd, "access-control-allow-methods", "GET, PUT"}},
	Answers: [][]Action{sharedAnswers[0][:], sharedAnswers[1][:], sharedAnswers[2][:]},
}

func init() {
	Fix(sharedAnswers[0][:], Change{OpRemove, "access-control-allow-origin", ""}, Change{OpAdd, "vary", "origin"})
	Fix(sharedAnswers[1][:], Change{OpSet, "access-control-allow-origin", "https://a.example"}, Change{OpAdd, "vary", "origin"})
	Fix(sharedAnswers[2][:], Change{OpSet, "access-control-allow-origin", "https://b.example"}, Change{OpAdd, "vary", "origin"})
}

func corsSpec() *Spec {
	return (&Spec{Bundle: "b", Headers: []string{"x", "origin", "access-control-request-method", "access-control-request-headers"}}).Prepare()
}

// asking is a frame of an OPTIONS request.
func asking(headers ...string) *fake {
	return newFake(append([]string{":method", "OPTIONS", ":authority", "a", ":path", "/", ":scheme", "https"}, headers...)...)
}

func TestPermit(t *testing.T) {
	for _, c := range []struct {
		headers []string
		status  uint32
		actions string
	}{
		{[]string{"origin", "https://b.example", "access-control-request-method", "PUT", "access-control-request-headers", "X-A, x-a,"}, 204,
			"add access-control-allow-origin=https://b.example\nadd access-control-allow-methods=GET, PUT\nadd vary=origin\n"},
		{[]string{"origin", "https://b.example", "access-control-request-method", "HEAD"}, 204,
			"add access-control-allow-origin=https://b.example\nadd access-control-allow-methods=GET, PUT\nadd vary=origin\n"},
		{[]string{"origin", "https://b.example", "access-control-request-method", "POST"}, 403, "add content-type=text/plain\nadd vary=origin\n"},
		{[]string{"origin", "https://c.example", "access-control-request-method", "PUT"}, 403, "add content-type=text/plain\nadd vary=origin\n"},
		{[]string{"origin", "https://b.example", "access-control-request-method", "PUT", "access-control-request-headers", "x-a,x-b"}, 403,
			"add content-type=text/plain\nadd vary=origin\n"},
	} {
		k := asking(c.headers...)
		var r Request
		if !r.Open(k.f, corsSpec()) || !r.Asks() {
			t.Errorf("%q: is no preflight", c.headers)
			continue
		}
		r.AskAs()
		if r.MatchMethod() != c.headers[3] {
			t.Errorf("%q: matched as %s", c.headers, r.MatchMethod())
		}
		r.Permit(&shared)
		r.ShareOwn()
		if k.f.Status != c.status || k.actions() != c.actions {
			t.Errorf("%q: %d\n%s", c.headers, k.f.Status, k.actions())
		}
	}
	for _, headers := range [][]string{{"origin", "https://a.example"}, {"access-control-request-method", "GET"}, {"origin", "x", "access-control-request-method", ""}, {}} {
		var r Request
		if !r.Open(asking(headers...).f, corsSpec()) || r.Asks() {
			t.Errorf("%q is a preflight", headers)
		}
	}
}

func TestShare(t *testing.T) {
	spec := corsSpec()
	for origin, want := range map[string]string{
		"https://a.example": "add access-control-allow-origin=https://a.example\nadd vary=origin\n",
		"https://x.example": "add vary=origin\n",
	} {
		k := get("/", "origin", origin)
		var r Request
		if !r.Open(k.f, spec) {
			t.Fatal("not canonical")
		}
		r.Share(&shared)
		if k.f.Before.N != 2 {
			t.Errorf("%s: %d changes are left with the host", origin, k.f.Before.N)
		}
		r.ReplyExact("moe.b.r", 200, "", false)
		r.ShareOwn()
		if k.actions() != want {
			t.Errorf("%s: %s", origin, k.actions())
		}
		if n := testing.AllocsPerRun(100, func() { k.again(); r.Share(&shared) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}
