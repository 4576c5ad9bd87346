package eval

import "time"

// The getters of a timestamp in UTC, whatever zone it came with, by arithmetic
// alone: the library would work out the whole date.

// sinceSunday shifts seconds since 1970 so that they are positive for every
// year that Go's times have, and begin at midnight on a Sunday.
const (
	day         = 24 * 60 * 60
	centuries   = 146097 * day // 400 years: whole weeks
	sinceSunday = 700000000*centuries + 4*day
)

// HourUTC is t.getHours().
func HourUTC(t time.Time) int64 {
	return int64((uint64(t.Unix()) + sinceSunday) % day / 3600)
}

// MinuteUTC is t.getMinutes().
func MinuteUTC(t time.Time) int64 {
	return int64((uint64(t.Unix()) + sinceSunday) % 3600 / 60)
}

// SecondUTC is t.getSeconds().
func SecondUTC(t time.Time) int64 {
	return int64((uint64(t.Unix()) + sinceSunday) % 60)
}

// MillisecondUTC is t.getMilliseconds(), of the second.
func MillisecondUTC(t time.Time) int64 { return int64(t.Nanosecond() / 1e6) }

// WeekdayUTC is t.getDayOfWeek(); Sunday is 0.
func WeekdayUTC(t time.Time) int64 {
	return int64((uint64(t.Unix()) + sinceSunday) / day % 7)
}
