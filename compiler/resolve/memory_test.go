package resolve

import (
	"testing"

	"moec.dev/moec/runtime/limit"
)

func TestMemoryIsTheRuntimes(t *testing.T) {
	for _, keys := range []int{1, 32, 33, 127, 128, 129, 1000, defaultKeys, 1 << 20, maxKeys} {
		rate := &Limit{Count: 5, Keys: keys}
		if got, want := rate.Memory(), limit.Memory(limit.Params{Count: 5, Keys: keys}); got != want {
			t.Errorf("a rate of %d keys: %d, the runtime has %d", keys, got, want)
		}
		held := &Limit{Concurrency: 5, Keys: keys}
		if got, want := held.Memory(), limit.Memory(limit.Params{Concurrency: 5, Keys: keys}); got != want {
			t.Errorf("a concurrency of %d keys: %d, the runtime has %d", keys, got, want)
		}
	}
	if limit.MaxCount != maxCount || limit.MaxKeys != maxKeys || limit.DefaultKeys != defaultKeys {
		t.Error("the runtime has other bounds")
	}
}
