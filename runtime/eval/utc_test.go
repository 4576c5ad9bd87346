package eval

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var inUTC = map[string]struct {
	direct, library func(time.Time) int64
}{
	"getHours":        {HourUTC, func(t time.Time) int64 { return int64(t.UTC().Hour()) }},
	"getMinutes":      {MinuteUTC, func(t time.Time) int64 { return int64(t.UTC().Minute()) }},
	"getSeconds":      {SecondUTC, func(t time.Time) int64 { return int64(t.UTC().Second()) }},
	"getMilliseconds": {MillisecondUTC, func(t time.Time) int64 { return int64(t.UTC().Nanosecond() / 1e6) }},
	"getDayOfWeek":    {WeekdayUTC, func(t time.Time) int64 { return int64(t.UTC().Weekday()) }},
}

func TestGettersInUTC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := moments.Draw(t, "at")
		if rapid.Bool().Draw(t, "far") {
			at = time.Unix(rapid.Int64Range(-1<<62, 1<<62).Draw(t, "s"), 0)
		}
		at = at.In(time.FixedZone("", rapid.IntRange(-86399, 86399).Draw(t, "offset")))
		for name, g := range inUTC {
			if got, want := g.direct(at), g.library(at); got != want {
				t.Fatalf("%s of %v: %d, the library %d", name, at, got, want)
			}
		}
	})
	for _, at := range []time.Time{{}, time.Now(), time.Unix(0, -1), time.Unix(-day, 0), time.Unix(lastSecond, 999999999)} {
		for name, g := range inUTC {
			if got, want := g.direct(at), g.library(at); got != want {
				t.Errorf("%s of %v: %d, the library %d", name, at, got, want)
			}
		}
	}
}

func TestGettersAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := moments.Draw(t, "at")
		for name, g := range inUTC {
			same(t, "t1."+name+"()", vars{"t1": at}, g.direct(at), None)
		}
	})
}

func BenchmarkGettersInUTC(b *testing.B) {
	at, n := time.Unix(1790000000, 5).UTC(), int64(0)
	for name, g := range inUTC {
		b.Run(name+"/direct", func(b *testing.B) {
			for b.Loop() {
				n += g.direct(at)
			}
		})
		b.Run(name+"/library", func(b *testing.B) {
			for b.Loop() {
				n += g.library(at)
			}
		})
	}
}
