package eval

import "time"

// Timestamps run from the year 1 to the year 9999, in seconds since 1970.
const (
	firstSecond = -62135596800
	lastSecond  = 253402300799
)

func inCalendar(t time.Time, err Err) (time.Time, Err) {
	if s := t.Unix(); err != None || s < firstSecond || s > lastSecond {
		return time.Time{}, Overflow
	}
	return t, None
}

// AddTime is timestamp + duration.
func AddTime(t time.Time, d time.Duration) (time.Time, Err) {
	return inCalendar(t.Add(d), None)
}

// SubTime is timestamp - duration.
func SubTime(t time.Time, d time.Duration) (time.Time, Err) {
	n, err := NegInt(int64(d))
	return inCalendar(t.Add(time.Duration(n)), err)
}

// SubTimes is timestamp - timestamp.
func SubTimes(a, b time.Time) (time.Duration, Err) {
	seconds, err := SubInt(a.Unix(), b.Unix())
	if err != None {
		return 0, Overflow
	}
	nanos, err := MulInt(seconds, int64(time.Second))
	if err != None {
		return 0, Overflow
	}
	d, err := AddInt(nanos, int64(a.Nanosecond())-int64(b.Nanosecond()))
	return time.Duration(d), err
}

// AddDuration is duration + duration.
func AddDuration(a, b time.Duration) (time.Duration, Err) {
	d, err := AddInt(int64(a), int64(b))
	return time.Duration(d), err
}

// SubDuration is duration - duration.
func SubDuration(a, b time.Duration) (time.Duration, Err) {
	d, err := SubInt(int64(a), int64(b))
	return time.Duration(d), err
}

// StringToDuration is duration(string): 1h30m, 250ms, -1.5s.
func StringToDuration(s string) (time.Duration, Err) {
	if d, ok := plainDuration(s); ok {
		return d, None
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, BadConversion
	}
	return d, None
}

// StringToTimestamp is timestamp(string), strictly RFC 3339: the library's
// parser alone would take a comma before the fraction and offsets of 99 hours.
func StringToTimestamp(s string) (time.Time, Err) {
	if t, ok := plainTimestamp(s); ok {
		return inCalendar(t, None)
	}
	if !rfc3339(s) {
		return time.Time{}, BadConversion
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return time.Time{}, BadConversion
	}
	return inCalendar(t, None)
}

// IntToTimestamp is timestamp(int): seconds since 1970.
func IntToTimestamp(seconds int64) (time.Time, Err) {
	if seconds < firstSecond || seconds > lastSecond {
		return time.Time{}, Overflow
	}
	return time.Unix(seconds, 0).UTC(), None
}

// rfc3339 holds the shape of a timestamp; which days a month has is left to
// the library's parser. In shape a d stands for a digit.
func rfc3339(s string) bool {
	const shape = "dddd-dd-ddTdd:dd:dd"
	if len(s) <= len(shape) || !shaped(s[:len(shape)], shape) ||
		s[11:13] > "23" || s[14:16] > "59" || s[17:19] > "60" {
		return false
	}
	rest := s[len(shape):]
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && digit(rest[n]) {
			n++
		}
		if n == 1 {
			return false
		}
		rest = rest[n:]
	}
	if rest == "Z" || rest == "z" {
		return true
	}
	const zone = "dd:dd"
	return len(rest) == 1+len(zone) && (rest[0] == '+' || rest[0] == '-') && shaped(rest[1:], zone) &&
		rest[1:3] <= "23" && rest[4:6] <= "59"
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func shaped(s, shape string) bool {
	for i := 0; i < len(shape); i++ {
		switch c := shape[i]; {
		case c == 'd':
			if !digit(s[i]) {
				return false
			}
		case s[i] != c && (c != 'T' || s[i] != 't'):
			return false
		}
	}
	return true
}
