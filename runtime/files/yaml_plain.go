package files

import (
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// indicators begin forms of YAML that are no plain texts.
const indicators = "[]{},#&*!|>%@`?"

// strange says what of a line other readers of YAML may take otherwise than
// this one, or "".
func strange(line string) string {
	for i, c := range line {
		switch {
		case c == '\t':
			if strings.IndexByte(line, '#') != 0 {
				return "a tab stands here: write blanks, or \\t in double quotes"
			}
		case unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || c == '\ufeff' || c == '\ufffe' || c == '\uffff' || c == unicode.ReplacementChar && !strings.HasPrefix(line[i:], "\ufffd"):
			return "a control character stands here, or a line break of another kind: write it as an escape in double quotes"
		}
	}
	return ""
}

// plain writes a word without quotes: null, or what the type says of it where it
// looks like a bool or a number, or else a text.
func (y *yamlReader) plain(s string) {
	switch {
	case s == "~" || s == "null" || s == "Null" || s == "NULL":
		y.out.WriteString("null")
	case s == "" || strings.Contains(s, ": ") || strings.HasSuffix(s, ":") || s[0] == '-' && (len(s) == 1 || strings.IndexByte(" ,[]{}", s[1]) >= 0):
		y.fail("a text with a colon or a dash in it needs quotes")
	case bareWord(s):
		y.out.WriteString(s) // the decoder knows whether it fits
	default:
		writeQuoted(&y.out, s)
	}
}

// bareWord reports whether YAML takes a word for something else than a text.
func bareWord(s string) bool {
	switch s {
	case "true", "True", "TRUE", "false", "False", "FALSE", "~", "null", "Null", "NULL", "<<",
		".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
		return true
	}
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || (digits[0] < '0' || digits[0] > '9') && digits[0] != '.' {
		return false
	}
	for _, form := range []string{"2006-1-2", "2006-1-2T15:4:5.999999999Z07:00", "2006-1-2t15:4:5.999999999Z07:00", "2006-1-2 15:4:5.999999999"} {
		if _, err := time.Parse(form, s); err == nil {
			return true
		}
	}
	n := strings.ReplaceAll(digits, "_", "")
	if _, err := strconv.ParseFloat(n, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return true
	}
	if len(n) > 2 && n[0] == '0' && strings.IndexByte("bBoOxX", n[1]) >= 0 { // behind a prefix some readers take a sign
		n = "0x" + strings.TrimLeft(n[2:], "+-")
	}
	_, err := strconv.ParseUint(n, 0, 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}
