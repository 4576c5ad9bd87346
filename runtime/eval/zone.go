package eval

import (
	"strings"
	"sync/atomic"
	"time"

	"moec.dev/moec/runtime/core"
)

// maxZones is how many names of zones are remembered: more than there are.
const maxZones = 1024

// zones are those looked up before, as the library would read a file for each.
// The map is never written to: a new one takes its place.
var zones atomic.Pointer[map[string]*time.Location]

// ParseZone is the zone of a name, as the time zone database has it, or of an
// offset of hours and minutes: "+01:00", "-8:30".
func ParseZone(zone string) (*time.Location, Err) {
	hours, minutes, ok := strings.Cut(zone, ":")
	if ok {
		d, err := offset(hours, minutes)
		if err != None {
			return nil, err
		}
		return time.FixedZone("", int(d/time.Second)), None
	}
	known := zones.Load()
	if known != nil {
		if loc := (*known)[zone]; loc != nil {
			return loc, None
		}
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil, BadZone
	}
	// The name may lie in memory that is borrowed.
	remembered := map[string]*time.Location{strings.Clone(zone): loc}
	if known != nil && len(*known) < maxZones {
		for name, l := range *known {
			remembered[name] = l
		}
	}
	zones.Store(&remembered)
	return loc, None
}

// offset is how far local time is ahead of UTC. A sign of the hours counts for
// the minutes too.
func offset(hours, minutes string) (time.Duration, Err) {
	h, err := StringToInt(hours)
	m, bad := StringToInt(minutes)
	if err != None || bad != None || h < -23 || h > 23 || m < 0 || m > 59 {
		return 0, BadZone
	}
	if hours[0] == '-' {
		m = -m
	}
	return time.Duration(h*60+m) * time.Minute, None
}

// The getters of a duration count all of it, in whole units. They go by way of a
// double, which rounds up what is all but a unit in centuries, as cel-go has it.

// HoursOf is d.getHours().
func HoursOf(d time.Duration) int64 { return int64(d.Hours()) }

// MinutesOf is d.getMinutes().
func MinutesOf(d time.Duration) int64 { return int64(d.Minutes()) }

// SecondsOf is d.getSeconds().
func SecondsOf(d time.Duration) int64 { return int64(d.Seconds()) }

// MillisecondsOf is d.getMilliseconds().
func MillisecondsOf(d time.Duration) int64 { return d.Milliseconds() }

// TimestampToString is string(timestamp).
func TimestampToString(s *core.Scratch, t time.Time) string { return s.FormatTime(t) }

// DurationToString is string(duration): seconds and an s.
func DurationToString(s *core.Scratch, d time.Duration) string { return s.FormatDuration(d) }
