package limit

import (
	"testing"
	"time"
	"unsafe"
)

// A configuration that replaces another goes on with its buckets.
func TestGetKeepsState(t *testing.T) {
	p := Params{Count: 5, Period: time.Minute, Keys: 10}
	get := func(bundle, name string, p Params) *Limiter {
		l, err := Get(bundle, name, p)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := get("b1", "n", p)
	one(l, key(1), 0, 5)
	p.Burst = 5 // what 0 stands for
	if again := get("b1", "n", p); again != l {
		t.Error("the same parameters are another limiter")
	} else if _, res := one(again, key(1), 0, 1); res.Admitted() {
		t.Error("an update has filled the bucket")
	}
	q := p
	q.Count = 6
	for _, other := range []*Limiter{get("b2", "n", p), get("b1", "m", p), get("b1", "n", q)} {
		if other == l {
			t.Error("another limit is the same limiter")
		}
	}
	if n := len(All("b1")); n != 3 {
		t.Errorf("%d limiters of the bundle", n)
	}
	if l.Name() != "n" || l.Params().Burst != 5 {
		t.Errorf("%s %+v", l.Name(), l.Params())
	}
}

func TestGetRefuses(t *testing.T) {
	for name, p := range map[string]Params{
		"nothing":         {},
		"two kinds":       {Count: 1, Concurrency: 1, Period: time.Second},
		"no period":       {Count: 1},
		"odd period":      {Count: 1, Period: 7 * time.Second},
		"negative":        {Count: -1, Period: time.Second},
		"large count":     {Count: MaxCount + 1, Period: time.Second},
		"large highest":   {AtMost: MaxCount + 1, Period: time.Second},
		"large burst":     {Count: 1, Burst: MaxCount + 1, Period: time.Second},
		"negative keys":   {Count: 1, Period: time.Second, Keys: -1},
		"many keys":       {Count: 1, Period: time.Second, Keys: MaxKeys + 1},
		"held rate":       {Count: 1, Period: time.Second, Held: 1},
		"many held":       {Concurrency: 1, Held: MaxHeld + 1},
		"burst at once":   {Concurrency: 1, Burst: 1},
		"period at once":  {Concurrency: 1, Period: time.Second},
		"negative burst":  {Count: 1, Burst: -1, Period: time.Second},
		"negative places": {Concurrency: 1, Held: -1},
	} {
		if _, err := Get("refused", name, p); err == nil {
			t.Errorf("%s: %+v is accepted", name, p)
		}
	}
	if len(All("refused")) != 0 {
		t.Error("what is refused is kept")
	}
}

// A line of the cache holds two slots and no slot lies on two lines.
func TestSlotsAreAligned(t *testing.T) {
	l := limiterOf(t, Params{Count: 1, Period: time.Second})
	if at := uintptr(unsafe.Pointer(&l.table.slots[0])); at%slotBytes != 0 {
		t.Errorf("the table begins at %x", at)
	}
}
