package interp

import (
	"fmt"
	"math/big"
	"math/rand"
	"testing"
	"time"

	"moec.dev/moec/compiler/scenario"
)

// limitedTo is a request to a limited route at a time, with a cost.
func limitedTo(path string, at time.Duration, headers ...string) scenario.Request {
	r := request("GET", path, headers...)
	r.Clock = at
	return r
}

// Everything that was let pass obeys the law, and what was refused could not
// have passed: over no stretch of time are more tokens taken than the burst and
// what the rate gives.
func TestBucketsKeepTheLaw(t *testing.T) {
	const count, burst, period = 7, 4, int64(time.Minute)
	i := New(compiled(t, `route a { match "/a"; public; limit l 7/min burst 4 key "all" cost int_or(header("x-cost"), 1); forward to "a" }`))
	type taking struct{ at, cost int64 }
	r := rand.New(rand.NewSource(1))
	var taken []taking
	now := int64(0)
	for range 2000 {
		now += []int64{0, 1, period / count, period/count + 1, period, r.Int63n(period), r.Int63n(period / count)}[r.Intn(7)]
		cost := int64(r.Intn(burst + 1))
		worst, sum := new(big.Int).Mul(big.NewInt(cost-burst), big.NewInt(period)), cost
		for k := len(taken) - 1; k >= 0 && now-taken[k].at < 10*period; k-- {
			sum += taken[k].cost
			need := big.NewInt((sum - burst) * period)
			need.Sub(need, big.NewInt(count*(now-taken[k].at)))
			if need.Cmp(worst) > 0 {
				worst = need
			}
		}
		o, err := i.Send("b", limitedTo("/a", time.Duration(now), "x-cost", fmt.Sprint(cost)))
		if err != nil {
			t.Fatal(err)
		}
		if want := worst.Sign() <= 0; o.Forward != want {
			t.Fatalf("at %d a cost of %d: passed %v, the law says %v", now, cost, o.Forward, want)
		}
		if o.Forward {
			taken = append(taken, taking{now, cost})
			continue
		}
		wait := (worst.Int64() + count*int64(time.Second) - 1) / (count * int64(time.Second))
		if h := o.Response.Headers; len(h) == 0 || h[len(h)-1] != (scenario.Header{Name: "retry-after", Value: fmt.Sprint(wait)}) {
			t.Fatalf("at %d: %v, want retry-after %d", now, h, wait)
		}
	}
}

// No two tuples of different parts are written alike, and values that are equal
// in CEL are one.
func TestKeyParts(t *testing.T) {
	b := compiled(t, `
route a { match "/a"; public; limit l 1/d key header("a"), header("b"); forward to "a" }
route d { match "/d"; public; limit l 1/d key 0.0 * double(int_or(header("a"), 1)); forward to "a" }
`)
	i := New(b)
	for _, c := range []struct {
		path, a, b string
		pass       bool
	}{
		{"/a", "x", "string 1 x;", true}, {"/a", "string 1 x;", "x", true}, {"/a", "x;string 1 x", "x", true}, {"/a", "x", "x;string 1 x", true},
		{"/a", "x", "string 1 x;", false}, {"/d", "1", "", true}, {"/d", "-1", "", false},
	} {
		o, err := i.Send("b", limitedTo(c.path, 0, "a", c.a, "b", c.b))
		if err != nil || o.Forward != c.pass {
			t.Errorf("%+v: %+v %v", c, o, err)
		}
	}
}
