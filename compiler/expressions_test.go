package compiler

// expressions has one of every function, operator and macro of CEL's standard
// library and of the extensions that policies may use, in each of its forms,
// and of what moe adds.
var expressions = []string{
	// Operators.
	`"a" + header("x") == "ab"`, `header("x").size() + 1 == 2`, `-n == -1`, `n - 1 == 0`, `n * 2 == 2`, `n / 2 == 0`, `n % 2 == 1`, `u + 1u == 2u`, `u - 1u == 0u`, `u * 2u == 2u`,
	`u / 2u == 0u`, `u % 2u == 1u`, `d + 1.5 == 2.5`, `-d == 1.0`, `d / 2.0 < 1.0`, `d * 2.0 - 1.0 >= 0.0`, `n < u`, `n <= d`, `u > d`, `d >= n`, `u < n`, `n == u`, `n == d`, `[1] + [2] == [n]`, `b"a" + bytes(s) == b"ab"`,
	`ts - ts < du`, `ts + du > ts`, `du + ts > ts`, `ts - du < ts`, `du + du > du`, `du - du == du`, `ts == ts`, `ts != ts`, `ts < ts`, `s < "b"`, `true < b`, `b"a" < bytes(s)`, `!b`, `b && b`, `b || b`,
	`b ? n == 1 : n == 2`, `[1, 2] == [n]`, `{"a": 1} == {"b": n}`, `null == null`, `n in [1, 2]`, `s in ["a"]`, `s in {"a": 1}`, `"a" in request.headers`, `ts in [ts]`, `[n] in [[1]]`, `d in [1.0]`, `n in [1.0]`, `n in [u]`,
	`[1, 2][n] == 1`, `{"a": 1}[s] == 1`, `{"a": 1}.a == 1`, `request.headers[s] == ""`, `request.headers["X-A"] == ""`, `request.headers.a == ""`, `request.headers[":path"] == ""`, `has(request.headers.a)`, `has({"a": 1}.a)`,
	`[[1]][0][0] == n`, `[s][0].size() == n`,
	// Optionals.
	`request.headers[?"a"].orValue("") == ""`, `request.headers.?a.orValue("") == ""`, `request.headers[?s].hasValue()`, `[1][?n].orValue(1) == 1`, `optional.of(n).orValue(1) == 1`, `optional.of(n).value() == 1`,
	`optional.none().hasValue()`, `optional.ofNonZeroValue(n).hasValue()`, `optional.of(n).or(optional.of(1)).value() == 1`, `optional.of(n) == optional.of(1)`, `optional.of(s).optMap(x, x + "a").orValue("") == ""`,
	`optional.of(s).optFlatMap(x, optional.of(x)).orValue("") == ""`, `[?optional.of(n)] == [1]`, `{?"a": optional.of(n)} == {"a": 1}`, `optional.of([n])[?0].orValue(1) == 1`, `optional.of(n).optMap(x, x).value() == 1`,
	`[optional.of(n)][0].hasValue()`, `optional.unwrap([optional.of(n)]) == [1]`, `[optional.of(n)].unwrapOpt() == [1]`, `[n].first().hasValue()`, `[n].last().hasValue()`, `optional.none().orValue(n) == 1`,
	// Conversions.
	`int(s) == 1`, `int(d) == 1`, `int(u) == 1`, `int(ts) == 1`, `int(n) == 1`, `int(du) == 1`, `uint(s) == 1u`, `uint(d) == 1u`, `uint(n) == 1u`, `uint(u) == 1u`, `double(s) == 1.0`, `double(n) == 1.0`, `double(u) == 1.0`, `double(d) == 1.0`,
	`bool(s)`, `bool(b)`, `string(n) == ""`, `string(u) == ""`, `string(d) == ""`, `string(b) == ""`, `string(s) == ""`, `string(ts) == ""`, `string(du) == ""`, `string(bytes(s)) == ""`, `bytes(s) == b""`, `bytes(b"a") == b"a"`,
	`duration(s) == du`, `duration("1h") == du`, `duration(du) == du`, `duration(n) == du`, `timestamp(s) == ts`, `timestamp("2026-01-01T00:00:00Z") == ts`, `timestamp(ts) == ts`, `timestamp(n) == ts`, `dyn(n) == 1`, `type(n) == int`, `type(n) == type(1)`,
	`int("1") == n`, `duration("x") == du`, `timestamp("x") == ts`, `duration("1000000h") > du`, `timestamp("9999-12-31T23:59:59Z") > ts`, `timestamp("0000-01-01T00:00:00Z") > ts`, `duration("100000000000s") > du`,
	// Text.
	`s.contains("a")`, `s.startsWith("a")`, `s.endsWith("a")`, `s.matches("^a$")`, `matches(s, "^a$")`, `s.matches("[")`, `s.matches(s)`, `size(s) == 1`, `s.size() == 1`, `size([n]) == 1`, `[n].size() == 1`, `size({"a": n}) == 1`, `size(b"a") == 1`, `bytes(s).size() == 1`,
	`s.charAt(0) == "a"`, `s.indexOf("a") == 1`, `s.indexOf("a", 1) == 1`, `s.lastIndexOf("a") == 1`, `s.lastIndexOf("a", 1) == 1`, `s.lowerAscii() == ""`, `s.upperAscii() == ""`, `s.replace("a", "b") == ""`, `s.replace("a", "b", 1) == ""`,
	`s.split(",") == ["a"]`, `s.split(",", 1) == ["a"]`, `s.substring(1) == ""`, `s.substring(1, 2) == ""`, `s.trim() == ""`, `s.reverse() == ""`, `[s].join() == ""`, `[s].join(",") == ""`, `s.format([n]) == ""`, `"%d".format([n]) == ""`, `strings.quote(s) == ""`,
	// Time.
	`ts.getFullYear() == 1`, `ts.getMonth() == 1`, `ts.getDate() == 1`, `ts.getDayOfMonth() == 1`, `ts.getDayOfWeek() == 1`, `ts.getDayOfYear() == 1`, `ts.getHours() == 1`, `ts.getMinutes() == 1`, `ts.getSeconds() == 1`, `ts.getMilliseconds() == 1`,
	`ts.getHours("Europe/Berlin") == 1`, `ts.getFullYear("+01:00") == 1`, `ts.getDayOfWeek(s) == 1`, `du.getHours() == 1`, `du.getMinutes() == 1`, `du.getSeconds() == 1`, `du.getMilliseconds() == 1`,
	// Macros.
	`[n].all(x, x == 1)`, `[n].exists(x, x == 1)`, `[n].exists_one(x, x == 1)`, `[n].existsOne(x, x == 1)`, `[n].filter(x, x == 1) == [1]`, `[n].map(x, x + 1) == [1]`, `[n].map(x, x > 1, x + 1) == [1]`, `request.headers.all(k, k == "")`, `request.headers.exists(k, v, v == "")`,
	`[n].all(i, x, i == x)`, `[n].exists(i, x, i == x)`, `[n].existsOne(i, x, i == x)`, `[n].transformList(i, x, i + x) == [1]`, `[n].transformList(i, x, i > 0, x) == [1]`, `[n].transformMap(i, x, x) == {0: 1}`, `{"a": n}.transformMap(k, v, v) == {"a": 1}`, `[n].transformMapEntry(i, x, {x: i}) == {1: 0}`,
	`[n].exists(x, [x].exists(y, y == x))`, `[n].map(x, [x]).size() == 1`, `[n].map(x, [x].map(x, x)).size() == 1`, `[n].exists(s, s == 1)`, `[[n]].exists(x, x.exists(y, y == n))`, `[s].map(x, x.size()).exists(x, x == 1)`, `[n].filter(x, 1 / x == 1).size() == 1`, `[n].map(x, 1 / x).size() == 1`, `[n].exists_one(x, 1 / x == 1)`,
	`cel.bind(x, n + 1, x == x)`, `cel.bind(x, s, x + x == "")`, `cel.bind(n, 1, n == 1)`, `[n].exists(n, n == 1)`, `[n].exists(len, len == 1)`, `[n].exists(string, string == 1)`, `[n].exists(func, func == 1)`, `[n].exists(r, r == n)`, `[n].exists(_x, _x == 1)`, `[n].exists(request, request == 1)`, `[n].exists(identity, identity == 1)`, `[n].exists(now, now == 1)`, `["a"].exists(path, path == "a")`,
	// Lists, sets, math, encoders, network.
	`[n].distinct() == [1]`, `[[n]].flatten() == [1]`, `[[n]].flatten(1) == [1]`, `lists.range(n) == [1]`, `[n].reverse() == [1]`, `[n].slice(0, 1) == [1]`, `[n].sort() == [1]`, `[n].sortBy(x, -x) == [1]`, `[n].contains(1)`,
	`sets.contains([n], [1])`, `sets.equivalent([n], [1])`, `sets.intersects([n], [1])`, `math.greatest(1, n) == 1`, `math.least(1, n) == 1`, `math.greatest([n]) == 1`, `math.abs(n) == 1`, `math.ceil(d) == 1.0`, `math.floor(d) == 1.0`, `math.round(d) == 1.0`, `math.trunc(d) == 1.0`, `math.sign(n) == 1`, `math.isNaN(d)`, `math.isInf(d)`, `math.isFinite(d)`, `math.sqrt(d) == 1.0`,
	`math.bitAnd(n, 1) == 1`, `math.bitOr(n, 1) == 1`, `math.bitXor(n, 1) == 1`, `math.bitNot(n) == 1`, `math.bitShiftLeft(n, 1) == 1`, `math.bitShiftRight(n, 1) == 1`,
	`base64.encode(bytes(s)) == ""`, `base64.decode(s) == b""`, `ip(s).family() == 4`, `ip(s) == ip("10.0.0.1")`, `isIP(s)`, `ip.isCanonical(s)`, `ip(s).isLoopback()`, `ip(s).isGlobalUnicast()`, `ip(s).isUnspecified()`, `ip(s).isLinkLocalUnicast()`, `ip(s).isLinkLocalMulticast()`,
	`cidr("10.0.0.0/8").containsIP(ip(s))`, `cidr(s).containsIP("10.0.0.1")`, `cidr(s).containsCIDR("10.0.0.0/8")`, `cidr(s).prefixLength() == 8`, `cidr(s).masked() == cidr(s)`, `cidr(s).ip() == ip(s)`, `isCIDR(s)`, `string(ip(s)) == ""`, `string(cidr(s)) == ""`, `ip("x").family() == 4`,
	// moe's own.
	`header("A") == ""`, `header(s) == ""`, `header("") == ""`, `header(":path") == ""`, `header("a b") == ""`, `header_values("a") == ["b"]`, `header_values("a")[0] == ""`, `query("q") == ""`, `query_values("q").size() == 1`, `cookie("c") == ""`, `cookie("") == ""`, `in_cidr(s, "10.0.0.0/8")`, `in_cidr(s, ["10.0.0.0/8", "::/0"])`,
	`in_cidr(s, s)`, `in_cidr(s, "x")`, `in_cidr(s, "10.1.0.0/8")`, `in_cidr(s, [])`, `in_cidr(s, [s])`, `in_cidr(s, b ? ["10.0.0.0/8"] : ["::/0"])`, `int_or(s, 1) == n`, `request.headers == request.headers`, `request.headers.size() == 1`, `[request.headers].size() == 1`, `cel.bind(h, request.headers, h["a"] == "")`, `(b ? request.headers : {"a": "b"})["a"] == ""`, `dyn(request.headers)["a"] == ""`, `request.headers.map(k, k).size() == 1`, `optional.of(request.headers).hasValue()`, `optional.of(request.headers)[?"a"].orValue("") == ""`, `response.headers == response.headers`,
	`request.path == ""`, `request.url_path == ""`, `request.raw_path == ""`, `request.host == ""`, `request.scheme == ""`, `request.method == ""`, `request.referer == ""`, `request.useragent == ""`, `request.query == ""`, `request.time == ts`, `request.id == ""`, `request.protocol == ""`, `request.size == 1`, `source.address == ""`, `source.ip == ""`, `source.net == ""`, `source.port == 1`, `destination.address == ""`, `destination.port == 1`,
	`connection.mtls`, `connection.requested_server_name == ""`, `connection.tls_version == ""`, `connection.subject_peer_certificate == ""`, `xds.route_name == ""`, `route.name == ""`, `now == ts`, `path.id == ""`, `path == path`, `identity.id == ""`, `identity.groups == ["a"]`, `identity.claims.plan == ""`, `identity == identity`, `request == request`,
	`f(1, "a")`, `f(n, s) && g()`, `f(1 / n, s)`, `f(1, f(1, "a") ? "a" : "b")`, `l == 1`, `f == 1`, `g`, `e == [1]`, `o.hasValue()`, `m == {"a": 1}`, `z == 1`, `y == 1`,
	// Literals.
	`9223372036854775807 == n`, `-9223372036854775808 == n`, `18446744073709551615u == u`, `1e308 == d`, `-0.0 == d`, `1e-320 == d`, `0x7fffffffffffffff == n`, `s == "\u00e9\U0001F389\n\t\x41\101"`, `s == r"\n"`, `s == '''a` + "\n" + `b'''`, `s == "\x00"`, `b"\xff" == bytes(s)`, `[] == [n]`, `{} == {"a": n}`, `[1, "a"] == [n]`, `[1, 2.0] == [n]`, `[null] == [null]`, `n == null`, `[[], [n]] == [[1]]`, `s == "\ud800"`,
	`true`, `false`, `1 == 1`, `1 / 0 == 1`, `[][0] == 1`, `int("x") == 1`, `9223372036854775807 + 1 == n`, `"a" == "b" || b`,
}
