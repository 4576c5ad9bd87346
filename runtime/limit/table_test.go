package limit

import (
	"runtime"
	"testing"
	"time"
	"unsafe"
)

func one(l *Limiter, k Key, now, cost int64) (Request, Result) {
	rs := [1]Request{{Limiter: l, Key: k, Cost: cost}}
	res := Take(now, rs[:])
	return rs[0], res
}

func TestSizes(t *testing.T) {
	if n := unsafe.Sizeof(slot{}); n != slotBytes {
		t.Errorf("a slot has %d bytes", n)
	}
	if n := unsafe.Sizeof(Limiter{}) + unsafe.Sizeof(holds{}); n > limiterBytes {
		t.Errorf("a limiter has %d bytes", n)
	}
	if n := unsafe.Sizeof(hold{}); int(n) != holdBytes(1) {
		t.Errorf("a place has %d bytes", n)
	}
}

// At most as many keys as said; a busy bucket is never thrown out, an idle one
// makes room, and new keys without room share one bucket.
func TestEviction(t *testing.T) {
	const keys = 1000
	l := limiterOf(t, Params{Count: 1, Period: time.Second, Burst: 10, Keys: keys})
	now := int64(1e12)
	for n := range int64(keys) {
		one(l, key(n), now, 10) // each is empty for ten seconds
	}
	if s := l.Stats(); s.Keys != keys || s.Evicted != 0 || s.Overflowed != 0 {
		t.Fatalf("after as many keys as there may be: %+v", s)
	}
	admitted := 0
	for n := range int64(100) {
		if _, res := one(l, key(keys+n), now, 1); res.Admitted() {
			admitted++
		}
	}
	if s := l.Stats(); admitted != 10 || s.Keys != keys || s.Evicted != 0 || s.Overflowed != 100 {
		t.Fatalf("%d new keys passed where they share a bucket of 10: %+v", admitted, s)
	}
	// Half of them are busy for longer; the others are full in ten seconds.
	for n := range int64(keys / 2) {
		if _, res := one(l, key(2*n), now+9e9, 9); !res.Admitted() {
			t.Fatalf("key %d is not as it was", 2*n)
		}
	}
	now += 11e9
	for n := range int64(keys / 2) {
		if r, res := one(l, key(10*keys+n), now, 10); !res.Admitted() || r.slot == &l.table.overflow {
			t.Fatalf("new key %d of %d: admitted %v, overflow %v", n, keys/2, res.Admitted(), r.slot == &l.table.overflow)
		}
		if n > keys/4 {
			break // beyond, a search may well find no idle bucket
		}
	}
	for n := range int64(keys / 2) {
		if r, res := one(l, key(2*n), now, 4); res.Admitted() || r.Remaining() != 2 {
			t.Fatalf("key %d has lost its state: %d remain", 2*n, r.Remaining())
		}
	}
	if s := l.Stats(); s.Keys > keys || s.Evicted < keys/4 {
		t.Errorf("%+v", s)
	}
}

// Below the highest number of keys all of them have a bucket of their own.
func TestEveryKeyHasABucket(t *testing.T) {
	l := limiterOf(t, Params{Count: 1, Period: day})
	for n := range int64(DefaultKeys) {
		if r, res := one(l, key(n), 1, 1); !res.Admitted() || r.Remaining() != 0 {
			t.Fatalf("key %d is not new", n)
		}
	}
	if s := l.Stats(); s.Keys+int(s.Overflowed) != DefaultKeys || s.Overflowed > 20 {
		t.Errorf("%+v", s)
	}
}

// Ten million keys in the memory that is printed.
func TestTenMillionKeys(t *testing.T) {
	if testing.Short() {
		t.Skip("ten million keys")
	}
	heap := func() int {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	before := heap()
	p := Params{Count: 100, Period: time.Minute, Burst: 20}
	l := limiterOf(t, p)
	for n := range int64(10_000_000) {
		one(l, key(n), n*5000, 1) // a bucket is full again 120,000 keys later
	}
	if grown := heap() - before; grown > Memory(p) {
		t.Errorf("%d bytes more, and %d were printed", grown, Memory(p))
	}
	if s := l.Stats(); s.Keys != DefaultKeys || s.Evicted == 0 || s.Overflowed == 0 {
		t.Errorf("%+v", s)
	}
	runtime.KeepAlive(l)
	if Memory(p) != 1024+6_406_144 {
		t.Errorf("the default table takes %d bytes", Memory(p))
	}
}
