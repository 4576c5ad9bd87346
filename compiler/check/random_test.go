package check

import (
	"strings"

	celtypes "cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"pgregory.net/rapid"
)

func optional(present bool, v any) ref.Val {
	if !present {
		return celtypes.OptionalNone
	}
	return celtypes.OptionalOf(celtypes.DefaultTypeAdapter.NativeToValue(v))
}

// forms are expressions of each type; a word in capitals stands for one of its
// type. Most of them can fail for some values.
var forms = map[string][]string{
	"BOOL": {"b", "true", "INT == INT", "INT != INT", "INT < INT", "INT <= INT", "INT > INT", "INT >= INT", "!(BOOL)", "(BOOL && BOOL)", "(BOOL || BOOL)", "(BOOL && BOOL && BOOL)",
		"STR == STR", "STR != STR", "STR < STR", "STR.contains(STR)", "STR.startsWith(STR)", "STR.endsWith(STR)", "STR in STRMAP", "has(STRMAP.a)", `has(mx.b)`, "INT in INTLIST", "STR in STRLIST",
		"INT in mi", "size(INTLIST) > INT", "size(STR) > INT", "size(STR) >= INT", "size(STRLIST) == INT", "INTLIST != []", `STR != ""`, "OPT.hasValue()", "isIP(STR)", "isCIDR(STR)", "DBL < DBL", "DBL == DBL", "math.isNaN(DBL)", "math.isFinite(DBL)",
		"UINT < UINT", "UINT == INT", "TIME < TIME", "DUR > DUR", "type(DYN) == int", "type(DYN) == string", "type(DYN) == map", "type(DYN) == list", "type(DYN) == double", "type(DYN) == bool", "type(DYN) == type(STR)", "DYN == DYN", "DYN == INT", "DYN in lx", "STR in DYN", "has(x.a)", "DYN < DYN", "DYN && BOOL", "DYN",
		"INTLIST.all(i, INT > i)", "INTLIST.exists(i, BOOL)", "INTLIST.exists_one(i, INT == i)", "INTLIST.all(j, i, INTLIST[j] == i)", "l.all(j, i, l[j] == i)", "STRMAP.exists(key, STRMAP[key] == INT)", "m.exists(key, m[key] == INT)", "m.all(key, v, m[key] == v)", "STRLIST.exists(w, w.size() > INT)", "[1, 2].exists(i, 10 / i > INT)",
		"lists.range(INT).exists(j, l[j] == 1)", "lists.range(size(l)).all(j, l[j] > 0)", "bool(STR)", "IP.isLoopback()", "cidr(STR).containsIP(STR)", `cidr("10.0.0.0/8").containsIP(STR)`, "CIDR.containsIP(IP)", "in_cidr(STR, \"10.0.0.0/8\")", "ip.isCanonical(STR)", "sets.contains(INTLIST, INTLIST)", "cel.bind(q, INT, q > 0 && 10 / q > 1)", "cel.bind(q, INTLIST, q[0] == INT)", "(BOOL ? BOOL : BOOL)", "STR.matches(\"^a\")", "BYTES == BYTES", "optional.of(INT).hasValue(INT)", "x.a == 1", "x[0] == 1", "mx.a.b == 1", "mx[STR] == INT", "i == INT"},
	"INT": {"n", "k", "source.port", "0", "1", "2", "-1", "10", "size(STR)", "size(INTLIST)", "size(STRLIST)", "(INT + INT)", "(INT - INT)", "(INT * INT)", "(INT / INT)", "(INT % INT)", "-(INT)", "l[INT]", "INTLIST[INT]", "ll[0][INT]", "m[STR]", `m["a"]`, "m.a", "m.key", "STRMAP[STR]", "ml.a[0]", `ml[STR][INT]`, "OPT.value()", "OPT.orValue(INT)", "m[?STR].value()", "m[?STR].orValue(INT)", "l[?INT].value()",
		"l.first().value()", "int(STR)", "int(DBL)", "int(UINT)", "int(TIME)", "int(DUR)", "int_or(STR, INT)", "STR.indexOf(STR)", `STR.indexOf(",")`, "STR.indexOf(STR, INT)", "STR.lastIndexOf(STR)", "STR.lastIndexOf(STR, INT)", "math.abs(INT)", "math.sign(INT)", "math.greatest(INT, INT)", "math.least(INT, INT)", "math.greatest(INTLIST)", "math.least([INT, INT, INT])", "math.bitAnd(INT, INT)", "math.bitShiftLeft(INT, INT)", "math.bitShiftRight(INT, INT)", "math.bitNot(INT)",
		"TIME.getHours()", "TIME.getFullYear(\"+02:00\")", "DUR.getSeconds()", "DUR.getMilliseconds()", "IP.family()", "CIDR.prefixLength()", "(BOOL ? INT : INT)", "cel.bind(q, INT, q + q)", "i", "int(DYN)", "size(DYN)", "size(STR.split(\",\"))", "[1, 2, 3][INT]", "{\"a\": 1, \"b\": 2}[STR]", "{1: 2}[INT]", "size(s) - 1", "size(l) - 1", "size(BYTES)", "n % size(l)"},
	"STR": {"s", "t", `"a"`, `"ab"`, `""`, `","`, `"b"`, `"10.0.0.1"`, "source.ip", `request.headers["a"]`, "request.headers.key", "mi[INT]", "(STR + STR)", "STR.charAt(INT)", "STR.substring(INT)", "STR.substring(INT, INT)", "s.substring(s.indexOf(t))", `s.substring(s.indexOf(",") + INT)`, `s.substring(s.indexOf("ab") + INT)`, `s.substring(s.indexOf(",") + 1)`, "s.substring(0, s.indexOf(t))", "s.substring(0, math.least(size(s), INT))", "s.substring(size(s) - INT)", "s.charAt(size(s) - 1)", "STR.replace(STR, STR)", "STR.replace(STR, STR, INT)", "STR.lowerAscii()", "STR.trim()", "STR.reverse()",
		"STRLIST[INT]", "ls[0]", "s.split(\",\")[0]", "s.split(\",\")[1]", "STR.split(STR)[INT]", "STRLIST.join()", "STRLIST.join(STR)", `"%d %s".format([INT, STR])`, `"%s".format([DYN])`, `"%x".format([BYTES])`, `"%.2f".format([DBL])`, "string(INT)", "string(DBL)", "string(BYTES)", "string(TIME)", "string(DUR)", "string(BOOL)", "string(IP)", "string(DYN)", "os.value()", "os.orValue(STR)", "os.optMap(w, w + STR).value()", "(BOOL ? STR : STR)", "json.encode(INT)", "json.encode(DBL)", "json.encode(DYN)", "json.encode([STR])", "strings.quote(STR)", "base64.encode(BYTES)", "cel.bind(w, STR, w.substring(1))", "w"},
	"DBL":     {"d", "1.5", "0.0", "(DBL + DBL)", "(DBL * DBL)", "(DBL / DBL)", "-(DBL)", "double(INT)", "double(UINT)", "double(STR)", "math.greatest(DBL, DBL)", "math.least(DBL, DBL)", "math.greatest(ld)", "math.sqrt(DBL)", "math.floor(DBL)", "math.abs(DBL)", "ld[INT]", "(BOOL ? DBL : DBL)"},
	"UINT":    {"u", "1u", "0u", "7u", "(UINT + UINT)", "(UINT - UINT)", "(UINT * UINT)", "(UINT / UINT)", "(UINT % UINT)", "uint(INT)", "uint(DBL)", "uint(STR)", "math.abs(UINT)", "math.bitShiftLeft(UINT, INT)", "(BOOL ? UINT : UINT)"},
	"TIME":    {"ts", "now", `timestamp("2026-01-01T00:00:00Z")`, "(TIME + DUR)", "(DUR + TIME)", "(TIME - DUR)", "timestamp(INT)", "timestamp(STR)"},
	"DUR":     {"du", `duration("1h")`, "(DUR + DUR)", "(DUR - DUR)", "(TIME - TIME)", "(now - TIME)", "duration(STR)"},
	"BYTES":   {"by", `b"a"`, "bytes(STR)", "base64.decode(STR)", "(BYTES + BYTES)"},
	"IP":      {"ip(STR)", "ip(source.ip)", `ip("10.0.0.1")`, "CIDR.ip()"},
	"CIDR":    {"cidr(STR)", `cidr("10.0.0.0/8")`, "CIDR.masked()"},
	"INTLIST": {"l", "[INT]", "[INT, INT]", "ll[INT]", "ml.a", "ml[STR]", "(INTLIST + INTLIST)", "INTLIST.map(i, INT)", "INTLIST.map(i, BOOL, INT)", "INTLIST.filter(i, BOOL)", "INTLIST.filter(i, i != 0).map(i, 10 / i)", "INTLIST.slice(INT, INT)", "l.slice(0, INT)", "INTLIST.sort()", "INTLIST.sortBy(i, INT)", "INTLIST.distinct()", "INTLIST.reverse()", "lists.range(INT)", "ll.flatten()", "(BOOL ? INTLIST : INTLIST)", "[?OPT, INT]", "m.map(key, m[key])", "INTLIST.transformList(j, i, i + j)", "STRLIST.map(w, w.size())", "INTLIST.map(i, i != 0, 10 / i)"},
	"STRLIST": {"ls", "[STR]", "STR.split(STR)", "STR.split(\",\")", "STR.split(STR, INT)", "STRLIST.map(w, STR)", "INTLIST.map(i, STR)", "STRLIST.filter(w, BOOL)", "STRMAP.map(key, key)", "STRLIST.sort()", "INTLIST.map(i, mi[i])", "mi.map(key, mi[key])"},
	"STRMAP":  {"m", `{"a": INT}`, `{STR: INT}`, "{STR: INT, \"b\": INT}", "{?\"a\": OPT}", "STRLIST.transformMapEntry(j, w, {w: j})", "m.transformMap(key, v, INT)", "(BOOL ? m : STRMAP)"},
	"OPT":     {"o", "optional.of(INT)", "optional.none()", "m[?STR]", "m.?a", "l[?INT]", "INTLIST.first()", "l.last()", "OPT.or(OPT)", "o.optMap(i, INT)", "o.optFlatMap(i, OPT)", "(BOOL ? OPT : OPT)", "optional.of(m)[STR]", "optional.ofNonZeroValue(INT)"},
	"DYN":     {"x", "y", "dyn(INT)", "dyn(STR)", "lx[INT]", "mx.a", "mx[STR]", "x.a", "x[INT]", "x[STR]", "[INT, STR][INT]", "(BOOL ? dyn(INT) : DYN)", "DYN + DYN", "-DYN", "math.greatest(INT, DBL)", "dyn(null)", "mx.?a.orValue(STR)", "x.?a", "x[?0]"},
}

// leaves is how many forms of each type come first that hold no other.
const most = 5

// random writes an expression of any type.
func random(r *rapid.T) string {
	kinds := []string{"BOOL", "BOOL", "BOOL", "INT", "STR", "DBL", "UINT", "TIME", "DUR", "BYTES", "INTLIST", "STRLIST", "STRMAP", "OPT", "DYN"}
	return fill(r, rapid.SampledFrom(kinds).Draw(r, "kind"), rapid.IntRange(1, most).Draw(r, "depth"))
}

func fill(r *rapid.T, kind string, depth int) string {
	options := forms[kind]
	if depth <= 0 {
		options = simple[kind]
	}
	form := rapid.SampledFrom(options).Draw(r, "form")
	var b strings.Builder
	for i := 0; i < len(form); {
		j := i
		for j < len(form) && form[j] >= 'A' && form[j] <= 'Z' {
			j++
		}
		inName := i > 0 && form[i-1] >= 'a' && form[i-1] <= 'z' // isIP
		if word := form[i:j]; forms[word] != nil && !inName {
			b.WriteString(fill(r, word, depth-1))
			i = j
			continue
		}
		j = max(j, i+1)
		b.WriteString(form[i:j])
		i = j
	}
	return b.String()
}

// simple are the forms that hold no other.
var simple = func() map[string][]string {
	out := map[string][]string{}
	for kind, list := range forms {
	next:
		for _, form := range list {
			for word := range forms {
				if strings.Contains(form, word) {
					continue next
				}
			}
			out[kind] = append(out[kind], form)
		}
	}
	return out
}()
