package eval

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// byLibrary is StringToTimestamp by the library's parser alone.
func byLibrary(s string) (time.Time, Err) {
	t, err := time.Parse(time.RFC3339, s)
	if !rfc3339(s) || err != nil {
		return time.Time{}, BadConversion
	}
	return inCalendar(t, None)
}

func TestPlainTimestamps(t *testing.T) {
	written := rapid.Custom(func(t *rapid.T) string {
		year := rapid.OneOf(rapid.IntRange(0, 9999), rapid.SampledFrom([]int{0, 1, 4, 100, 400, 1900, 1970, 2000, 2024, 2100, 9999})).Draw(t, "year")
		field := func(name string, most int) int {
			return rapid.OneOf(rapid.IntRange(0, most), rapid.IntRange(1, 1), rapid.IntRange(most-2, most+1)).Draw(t, name)
		}
		return fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d%s%s", year, field("month", 12), field("day", 31), field("hour", 23), field("minute", 59), field("second", 59),
			rapid.OneOf(rapid.Just(""), rapid.StringMatching(`\.[0-9]{0,12}`)).Draw(t, "fraction"),
			rapid.OneOf(rapid.Just("Z"), rapid.Just("z"), rapid.StringMatching(`[+-][0-2][0-9]:[0-6][0-9]`), rapid.SampledFrom([]string{"", "+00:00", "-00:00", "+0100", "+01:0x", "ZZ", "+1:00:00"})).Draw(t, "zone"))
	})
	plain := 0
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(written, written, numerals).Draw(t, "s")
		got, err := StringToTimestamp(s)
		want, wantErr := byLibrary(s)
		if err != wantErr || !got.Equal(want) || got.Format(time.RFC3339Nano) != want.Format(time.RFC3339Nano) {
			t.Fatalf("%q: %v %v, the library %v %v", s, got, err, want, wantErr)
		}
		if _, ok := plainTimestamp(s); ok {
			plain++
		}
	})
	if plain == 0 {
		t.Error("none was plain")
	}
}

func TestEveryDay(t *testing.T) {
	for at := time.Unix(firstSecond, 0).UTC(); at.Year() < 2500; at = at.AddDate(0, 0, 1) {
		if got, ok := plainTimestamp(at.Format(time.RFC3339)); !ok || got != at {
			t.Fatalf("%v: %v %v", at, got, ok)
		}
	}
}

func TestPlainDurations(t *testing.T) {
	texts := rapid.OneOf(
		rapid.StringMatching(`([0-9]{1,4}(h|m|s|ms)){1,4}`),
		rapid.StringMatching(`([0-9]{0,20}(h|m|s|ms|us|ns|)){1,3}`),
		rapid.SampledFrom([]string{"2562047h47m16s", "2562047h47m17s", "2562048h", "9223372036s854ms", "9223372036s855ms", "2562047h2562047h", "1mss", "1sm", "5", "h", "0", "0s", "1s1", "1.5s", "-1s", "+1s", "01h"}),
		numerals)
	rapid.Check(t, func(t *rapid.T) {
		s := texts.Draw(t, "s")
		got, err := StringToDuration(s)
		want, bad := time.ParseDuration(s)
		if got != want || (err == None) != (bad == nil) {
			t.Fatalf("%q: %v %v, the library %v %v", s, got, err, want, bad)
		}
	})
}

func TestPlainTimesDoNotAllocate(t *testing.T) {
	n := time.Duration(0)
	allocates(t, "times", func() {
		at, _ := StringToTimestamp("2026-02-28T23:59:59.123Z")
		in, _ := StringToTimestamp("2026-02-28T23:59:59+02:00")
		d, _ := StringToDuration("1h30m")
		n += at.Sub(in) + d
	})
	if n == 0 {
		t.Error("no time")
	}
}

func BenchmarkTimeTexts(b *testing.B) {
	n := time.Duration(0)
	for name, s := range map[string]string{"utc": "2026-02-28T23:59:59Z", "fraction": "2026-02-28T23:59:59.123456Z", "offset": "2026-02-28T23:59:59+02:00"} {
		b.Run(name+"/direct", func(b *testing.B) {
			for b.Loop() {
				t, _ := StringToTimestamp(s)
				n += time.Duration(t.Nanosecond())
			}
		})
		b.Run(name+"/library", func(b *testing.B) {
			for b.Loop() {
				t, _ := byLibrary(s)
				n += time.Duration(t.Nanosecond())
			}
		})
	}
	b.Run("duration/direct", func(b *testing.B) {
		for b.Loop() {
			d, _ := StringToDuration("1h30m")
			n += d
		}
	})
	b.Run("duration/library", func(b *testing.B) {
		for b.Loop() {
			d, _ := time.ParseDuration("1h30m")
			n += d
		}
	})
}
