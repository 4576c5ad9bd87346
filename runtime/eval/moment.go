package eval

import (
	"math"
	"time"
)

// plainTimestamp reads the timestamps that programs write: capital letters, a
// year from 1 on, no leap second. The others are for the library to judge.
func plainTimestamp(s string) (time.Time, bool) {
	const shape = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(shape) || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	hundreds, year := twoDigits(s[0], s[1]), twoDigits(s[2], s[3])
	month, date := twoDigits(s[5], s[6]), twoDigits(s[8], s[9])
	hour, minute, second := twoDigits(s[11], s[12]), twoDigits(s[14], s[15]), twoDigits(s[17], s[18])
	if hundreds > 99 || year > 99 || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	year += hundreds * 100
	if year == 0 || month-1 > 11 || date-1 >= daysIn(year, month) {
		return time.Time{}, false
	}
	years := int64(year - 1)
	days := years*365 + years/4 - years/100 + years/400 + int64(daysBefore[month-1]+date-1)
	if month > 2 && leap(year) {
		days++
	}
	nanos, rest := fraction(s[len(shape):])
	seconds := firstSecond + days*day + int64(hour*3600+minute*60+second)
	if rest == "Z" {
		return time.Unix(seconds, nanos).UTC(), true
	}
	if len(rest) != len("+dd:dd") || rest[0] != '+' && rest[0] != '-' || rest[3] != ':' {
		return time.Time{}, false
	}
	hour, minute = twoDigits(rest[1], rest[2]), twoDigits(rest[4], rest[5])
	if hour > 23 || minute > 59 {
		return time.Time{}, false
	}
	ahead := int(hour*3600 + minute*60)
	if rest[0] == '-' {
		ahead = -ahead
	}
	t := time.Unix(seconds-int64(ahead), nanos)
	if ahead == 0 {
		return t.UTC(), true
	}
	return t.In(time.FixedZone("", ahead)), true
}

// twoDigits is the number that two digits spell, or more than any.
func twoDigits(a, b byte) uint32 {
	tens, ones := uint32(a-'0'), uint32(b-'0')
	if tens > 9 || ones > 9 {
		return math.MaxUint32
	}
	return tens*10 + ones
}

// fraction reads the nanoseconds that a text begins with, if it does; digits
// beyond them are cut off. A point without digits is left in the rest.
func fraction(s string) (nanos int64, rest string) {
	if s[0] != '.' {
		return 0, s
	}
	i := 1
	for unit := int64(1e8); i < len(s) && digit(s[i]); i++ {
		nanos += int64(s[i]-'0') * unit
		unit /= 10
	}
	if i == 1 {
		return 0, s
	}
	return nanos, s[i:]
}

// daysBefore are the days of a year before each of its months.
var daysBefore = [13]uint32{0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365}

func daysIn(year, month uint32) uint32 {
	if month == 2 && leap(year) {
		return 29
	}
	return daysBefore[month] - daysBefore[month-1]
}

func leap(year uint32) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// plainDuration reads whole hours, minutes, seconds and milliseconds without a
// sign. The others are for the library to judge.
func plainDuration(s string) (time.Duration, bool) {
	total := int64(0)
	for i := 0; i < len(s); {
		n, start := int64(0), i
		for ; i < len(s) && digit(s[i]); i++ {
			if n = n*10 + int64(s[i]-'0'); n > math.MaxInt64/int64(time.Hour) {
				return 0, false
			}
		}
		if i == start || i == len(s) {
			return 0, false
		}
		unit := time.Duration(0)
		switch s[i] {
		case 'h':
			unit = time.Hour
		case 'm':
			if unit = time.Minute; i+1 < len(s) && s[i+1] == 's' {
				unit = time.Millisecond
				i++
			}
		case 's':
			unit = time.Second
		default:
			return 0, false
		}
		i++
		// Neither the product nor one sum can wrap around twice.
		if total += n * int64(unit); total < 0 {
			return 0, false
		}
	}
	return time.Duration(total), s != ""
}
