package eval

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"moec.dev/moec/runtime/core"
)

// getters are the functions of timestamps by the names that CEL has for them.
var getters = map[string]struct {
	in func(time.Time, string) (int64, Err)
	at func(time.Time, *time.Location) int64
}{
	"getFullYear": {FullYearIn, FullYearAt}, "getMonth": {MonthIn, MonthAt}, "getDayOfYear": {DayOfYearIn, DayOfYearAt},
	"getDayOfMonth": {DayOfMonthIn, DayOfMonthAt}, "getDate": {DateIn, DateAt}, "getDayOfWeek": {DayOfWeekIn, DayOfWeekAt},
	"getHours": {HoursIn, HoursAt}, "getMinutes": {MinutesIn, MinutesAt}, "getSeconds": {SecondsIn, SecondsAt}, "getMilliseconds": {MillisecondsIn, MillisecondsAt},
}

var zoneTexts = rapid.OneOf(
	rapid.SampledFrom([]string{"UTC", "", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "US/Central", "Australia/Lord_Howe", "Nowhere/At_All", "utc", "../etc/passwd", "/etc/passwd", "Europe", "Local"}),
	rapid.StringMatching(`[+-]?[0-9]{1,2}:[0-9]{1,2}`),
	rapid.StringMatching(`[+-]?[0-9x]{0,2}:[+-]?[0-9]{0,3}:?`),
	rapid.SampledFrom([]string{":", "-00:30", "+00:30", "-0:00", "--1:00", "1:-0", "1:+5", "23:59", "-23:59", "24:00", "é:1"}),
)

func TestZonesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at, zone := moments.Draw(t, "at"), zoneTexts.Draw(t, "zone")
		loc, bad := ParseZone(zone)
		for name, g := range getters {
			got, err := g.in(at, zone)
			same(t, "t1."+name+"(s1)", vars{"t1": at, "s1": zone}, got, err)
			if bad != err || err == None && g.at(at, loc) != got {
				t.Fatalf("%s of %v in %q: %d %v", name, at, zone, got, bad)
			}
		}
	})
}

func TestKnownZonesDoNotAllocate(t *testing.T) {
	at, n := time.Unix(1e9, 0).UTC(), int64(0)
	allocates(t, "zones", func() {
		for _, zone := range []string{"Europe/Berlin", "UTC", "+05:45", "-8:30"} {
			h, _ := HoursIn(at, zone)
			n += h + 1
		}
	})
	if n == 0 {
		t.Error("no hours")
	}
}

func TestDurationsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(ints.Draw(t, "d"))
		if rapid.Bool().Draw(t, "near") {
			unit := rapid.SampledFrom([]time.Duration{time.Hour, time.Minute, time.Second, time.Millisecond}).Draw(t, "unit")
			d = d/unit*unit + time.Duration(rapid.Int64Range(-2, 2).Draw(t, "off"))
		}
		for expr, got := range map[string]int64{"p1.getHours()": HoursOf(d), "p1.getMinutes()": MinutesOf(d), "p1.getSeconds()": SecondsOf(d), "p1.getMilliseconds()": MillisecondsOf(d)} {
			same(t, expr, vars{"p1": d}, got, None)
		}
		same(t, "string(p1)", vars{"p1": d}, DurationToString(memory(), d), None)
	})
}

func TestTimestampTextsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := moments.Draw(t, "at")
		same(t, "string(t1)", vars{"t1": at}, TimestampToString(memory(), at), None)
		s := numerals.Draw(t, "s")
		read, err := StringToTimestamp(s)
		text := ""
		if err == None {
			text = TimestampToString(memory(), read) // in the zone that it was written in
		}
		same(t, "string(timestamp(s1))", vars{"s1": s}, text, err)
	})
}

func TestTimeTextsDoNotAllocate(t *testing.T) {
	frame := core.Frame{Arena: &make([]byte, core.ArenaSize)[0]}
	s := core.NewScratch(&frame)
	at, n := time.Unix(1e9, 5).UTC(), 0
	allocates(t, "time texts", func() {
		frame.ArenaLen = 0
		n += len(TimestampToString(&s, at)) + len(DurationToString(&s, 1234567))
	})
	if n == 0 {
		t.Error("no text")
	}
}
