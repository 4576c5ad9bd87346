package eval

import (
	"strings"
	"time"
)

// The getters of a timestamp come in two forms: ...At with a zone that was
// looked up before, and ...In with the text of a zone.

func inZone(t time.Time, zone string, get func(time.Time, *time.Location) int64) (int64, Err) {
	// An offset needs no location to be made.
	if hours, minutes, ok := strings.Cut(zone, ":"); ok {
		d, err := offset(hours, minutes)
		if err != None {
			return 0, err
		}
		return get(t.Add(d), time.UTC), None
	}
	loc, err := ParseZone(zone)
	if err != None {
		return 0, err
	}
	return get(t, loc), None
}

// FullYearAt is t.getFullYear(zone).
func FullYearAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Year()) }

// FullYearIn is FullYearAt with the text of a zone.
func FullYearIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, FullYearAt) }

// MonthAt is t.getMonth(zone), from 0.
func MonthAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Month() - 1) }

// MonthIn is MonthAt with the text of a zone.
func MonthIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, MonthAt) }

// DayOfYearAt is t.getDayOfYear(zone), from 0.
func DayOfYearAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).YearDay() - 1) }

// DayOfYearIn is DayOfYearAt with the text of a zone.
func DayOfYearIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, DayOfYearAt) }

// DayOfMonthAt is t.getDayOfMonth(zone), from 0.
func DayOfMonthAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Day() - 1) }

// DayOfMonthIn is DayOfMonthAt with the text of a zone.
func DayOfMonthIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, DayOfMonthAt) }

// DateAt is t.getDate(zone), from 1.
func DateAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Day()) }

// DateIn is DateAt with the text of a zone.
func DateIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, DateAt) }

// DayOfWeekAt is t.getDayOfWeek(zone), Sunday is 0.
func DayOfWeekAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Weekday()) }

// DayOfWeekIn is DayOfWeekAt with the text of a zone.
func DayOfWeekIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, DayOfWeekAt) }

// HoursAt is t.getHours(zone).
func HoursAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Hour()) }

// HoursIn is HoursAt with the text of a zone.
func HoursIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, HoursAt) }

// MinutesAt is t.getMinutes(zone).
func MinutesAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Minute()) }

// MinutesIn is MinutesAt with the text of a zone.
func MinutesIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, MinutesAt) }

// SecondsAt is t.getSeconds(zone).
func SecondsAt(t time.Time, loc *time.Location) int64 { return int64(t.In(loc).Second()) }

// SecondsIn is SecondsAt with the text of a zone.
func SecondsIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, SecondsAt) }

// MillisecondsAt is t.getMilliseconds(zone) of the second.
func MillisecondsAt(t time.Time, loc *time.Location) int64 {
	return int64(t.In(loc).Nanosecond() / 1e6)
}

// MillisecondsIn is MillisecondsAt with the text of a zone.
func MillisecondsIn(t time.Time, zone string) (int64, Err) { return inZone(t, zone, MillisecondsAt) }
