package dynmod

import (
	"strings"
	"testing"

	"moec.dev/moec/runtime/obs"
)

// A panic in what decides nothing is told, and ends there.
func TestFence(t *testing.T) {
	var said []string
	obs.SetSink(func(_ obs.Level, line string) { said = append(said, line) })
	t.Cleanup(func() { obs.SetSink(log) })
	func() {
		defer fence("a trial")
		panic("boom")
	}()
	if len(said) != 1 || !strings.Contains(said[0], "a trial is left out: panic: boom") {
		t.Errorf("said %q", said)
	}
}
