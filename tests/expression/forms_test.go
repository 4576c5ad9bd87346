package expression

import (
	"strings"

	"moec.dev/moec/compiler/types"
)

// form is a way to write an expression of a type, when its arguments are.
type form struct {
	text string
	args []*types.Type
}

// forms are the operators and functions whose types are fixed, by result: a
// text with a hole an argument, a |, the arguments' types. Those that hold for
// any type are written by generics.
var forms = func() map[string][]form {
	out := map[string][]form{}
	result := ""
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		if name, ok := strings.CutSuffix(line, ":"); ok {
			result = parse(name).String()
			continue
		}
		// The last one: || is an operator.
		i := strings.LastIndex(line, "|")
		f := form{text: strings.TrimSpace(line[:i])}
		for _, a := range strings.Split(line[i+1:], ";") {
			f.args = append(f.args, parse(a))
		}
		if len(f.args) != strings.Count(f.text, hole) {
			panic(line)
		}
		out[result] = append(out[result], f)
	}
	return out
}()

const table = `
bool:
(@ && @) | bool; bool
(@ && @) | bool; bool
(@ || @) | bool; bool
(@ || @) | bool; bool
!(@) | bool
bool(@) | string
bool(@) | bool
@.contains(@) | string; string
@.startsWith(@) | string; string
@.endsWith(@) | string; string
@.matches('^[a-c]+$') | string
@.matches('b') | string
matches(@, '(?i)É|^\\d{2}') | string
@.matches(@) | string; string
matches(@, @) | string; string
(@ < @) | dyn; dyn
(@ <= @) | dyn; dyn
(@ > @) | dyn; dyn
(@ >= @) | dyn; dyn
isIP(@) | string
isCIDR(@) | string
ip.isCanonical(@) | string
@.isGlobalUnicast() | net.IP
@.isLinkLocalMulticast() | net.IP
@.isLinkLocalUnicast() | net.IP
@.isLoopback() | net.IP
@.isUnspecified() | net.IP
@.isMask() | net.CIDR
@.containsIP(@) | net.CIDR; net.IP
@.containsIP(@) | net.CIDR; string
@.containsCIDR(@) | net.CIDR; net.CIDR
@.containsCIDR(@) | net.CIDR; string
math.isNaN(@) | double
math.isInf(@) | double
math.isFinite(@) | double
in_cidr(@, '10.0.0.0/8') | string
in_cidr(@, ['192.0.2.0/24', '2001:db8::/32']) | string
int:
(@ + @) | int; int
(@ - @) | int; int
(@ * @) | int; int
(@ / @) | int; int
(@ % @) | int; int
-(@) | int
int(@) | int
int(@) | uint
int(@) | double
int(@) | string
int(@) | timestamp
int(@) | duration
int_or(@, @) | string; int
size(@) | string
@.size() | string
size(@) | bytes
@.size() | bytes
@.indexOf(@) | string; string
@.indexOf(@, @) | string; string; int
@.lastIndexOf(@) | string; string
@.lastIndexOf(@, @) | string; string; int
@.getDate() | timestamp
@.getDayOfMonth() | timestamp
@.getDayOfWeek() | timestamp
@.getDayOfYear() | timestamp
@.getFullYear() | timestamp
@.getHours() | timestamp
@.getMilliseconds() | timestamp
@.getMinutes() | timestamp
@.getMonth() | timestamp
@.getSeconds() | timestamp
@.getDate('-08:00') | timestamp
@.getDayOfMonth('Asia/Kolkata') | timestamp
@.getDayOfWeek('America/New_York') | timestamp
@.getDayOfYear('Pacific/Auckland') | timestamp
@.getFullYear('+13:45') | timestamp
@.getHours('Europe/Berlin') | timestamp
@.getMilliseconds('UTC') | timestamp
@.getMinutes('+05:30') | timestamp
@.getMonth('Australia/Lord_Howe') | timestamp
@.getSeconds('America/St_Johns') | timestamp
@.getDate(zone) | timestamp
@.getDayOfMonth(zone) | timestamp
@.getDayOfWeek(zone) | timestamp
@.getDayOfYear(zone) | timestamp
@.getFullYear(zone) | timestamp
@.getHours(zone) | timestamp
@.getMilliseconds(zone) | timestamp
@.getMinutes(zone) | timestamp
@.getMonth(zone) | timestamp
@.getSeconds(zone) | timestamp
@.getHours() | duration
@.getMinutes() | duration
@.getSeconds() | duration
@.getMilliseconds() | duration
@.family() | net.IP
@.prefixLength() | net.CIDR
math.abs(@) | int
math.sign(@) | int
math.greatest(@, @) | int; int
math.greatest(@) | int
math.greatest(@) | list(int)
math.greatest(@, @, @) | int; int; int
math.least(@, @) | int; int
math.least(@) | int
math.least(@) | list(int)
math.least([@, @, @]) | int; int; int
math.bitAnd(@, @) | int; int
math.bitOr(@, @) | int; int
math.bitXor(@, @) | int; int
math.bitNot(@) | int
math.bitShiftLeft(@, @) | int; int
math.bitShiftRight(@, @) | int; int
uint:
(@ + @) | uint; uint
(@ - @) | uint; uint
(@ * @) | uint; uint
(@ / @) | uint; uint
(@ % @) | uint; uint
uint(@) | int
uint(@) | uint
uint(@) | double
uint(@) | string
math.abs(@) | uint
math.sign(@) | uint
math.greatest(@, @) | uint; uint
math.greatest(@) | uint
math.least(@) | uint
math.greatest(@) | list(uint)
math.least(@, @) | uint; uint
math.least(@) | list(uint)
math.bitAnd(@, @) | uint; uint
math.bitOr(@, @) | uint; uint
math.bitXor(@, @) | uint; uint
math.bitNot(@) | uint
math.bitShiftLeft(@, @) | uint; int
math.bitShiftRight(@, @) | uint; int
double:
(@ + @) | double; double
(@ - @) | double; double
(@ * @) | double; double
(@ / @) | double; double
-(@) | double
double(@) | int
double(@) | uint
double(@) | double
double(@) | string
math.abs(@) | double
math.sign(@) | double
math.ceil(@) | double
math.floor(@) | double
math.round(@) | double
math.trunc(@) | double
math.sqrt(@) | int
math.sqrt(@) | uint
math.sqrt(@) | double
math.greatest(@, @) | double; double
math.greatest(@) | double
math.least(@) | double
math.greatest(@) | list(double)
math.greatest(@, @, @) | double; double; double
math.least(@, @) | double; double
math.least(@) | list(double)
string:
(@ + @) | string; string
(@ + @) | string; string
string(@) | bool
string(@) | int
string(@) | uint
string(@) | double
string(@) | string
string(@) | bytes
string(@) | duration
string(@) | timestamp
string(@) | net.IP
string(@) | net.CIDR
@.charAt(@) | string; int
@.lowerAscii() | string
@.upperAscii() | string
@.trim() | string
@.reverse() | string
@.replace(@, @) | string; string; string
@.replace(@, @, @) | string; string; string; int
@.substring(@) | string; int
@.substring(@, @) | string; int; int
@.join() | list(string)
@.join(@) | list(string); string
strings.quote(@) | string
base64.encode(@) | bytes
base64.encodeUrl(@) | bytes
json.encode(@) | dyn
'%s'.format([@]) | dyn
'%d %x %X %o %b'.format([@, @, @, @, @]) | int; int; uint; int; uint
'%s-%s-%s'.format([@, @, @]) | string; timestamp; duration
'%s,%s,%s'.format([@, @, @]) | list(int); map(string, int); double
'%x%X%b'.format([@, @, @]) | string; bytes; bool
'%f|%.3f|%e|%.0e'.format([@, @, @, @]) | double; double; double; double
'%d%f%e%s'.format([@, @, @, @]) | dyn; dyn; dyn; dyn
'%s %s'.format(@) | list(dyn)
@.format([@]) | string; dyn
bytes:
(@ + @) | bytes; bytes
bytes(@) | string
bytes(@) | bytes
base64.decode(@) | string
base64.decodeUrl(@) | string
duration:
(@ + @) | duration; duration
(@ - @) | duration; duration
(@ - @) | timestamp; timestamp
duration(@) | string
duration(@) | duration
timestamp:
(@ + @) | timestamp; duration
(@ + @) | duration; timestamp
(@ - @) | timestamp; duration
timestamp(@) | string
timestamp(@) | int
timestamp(@) | timestamp
type:
type(@) | bool
type(@) | list(int)
type(@) | int?
type(@) | type
type(@) | net.IP
type(@) | dyn
type(@) | dyn
net.IP:
ip(@) | string
@.ip() | net.CIDR
net.CIDR:
cidr(@) | string
@.masked() | net.CIDR
list(string):
@.split(@) | string; string
@.split(@, @) | string; string; int
list(int):
lists.range(@ % 7) | int
list(dyn):
@.flatten(@) | list(dyn); int
dyn:
(@ + @) | dyn; dyn
(@ - @) | dyn; dyn
(@ * @) | dyn; dyn
(@ / @) | dyn; dyn
(@ % @) | dyn; dyn
-(@) | dyn
math.greatest(@, @) | int; double
math.greatest(@, @) | int; uint
math.greatest(@, @) | uint; int
math.greatest(@, @) | uint; double
math.greatest(@, @) | double; int
math.greatest(@, @) | double; uint
math.greatest(@, @) | dyn; dyn
math.greatest(@, @) | int; dyn
math.least(@, @) | int; double
math.least(@, @) | int; uint
math.least(@, @) | uint; int
math.least(@, @) | uint; double
math.least(@, @) | double; int
math.least(@, @) | double; uint
math.least(@, @) | dyn; dyn
math.least(@, @) | int; dyn
math.greatest(@, @, @) | int; uint; double
math.least(@, @, @, @) | dyn; uint; double; int
math.greatest(@) | list(dyn)
math.least(@) | list(dyn)
math.least(@) | dyn
math.abs(@) | dyn
@[@] | dyn; dyn
@[@] | dyn; string
@[@] | dyn; int
@.f | dyn
dyn?:
json.parse(json.encode(@)) | dyn
@[?@] | dyn; dyn
@[?@] | dyn; string
@[?@] | dyn; int
@.?f | dyn
@.?f | dyn
@.?f | dyn?
@[?@] | dyn?; dyn
`
