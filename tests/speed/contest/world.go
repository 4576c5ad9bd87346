package contest

import (
	"math/rand/v2"
	"time"
)

var (
	methods = words("GET GET GET POST POST PUT DELETE PATCH HEAD OPTIONS")
	paths   = words(`/toy /toy /admin/toy /hi /hello /aloha /ciao /info /info/of/today /data/3 /exact /prefix/a/b /assets/suffix
		/grpc.reflection.v1.ServerReflection/ServerReflectionInfo /grpcbin.GRPCBin/DummyUnary /apis/apps/v1beta3/deployments/web
		/apis/apps/v1/deployments /greetings/12 /greetings/12 /greetings/5083 /greetings/you /foo /foo/bar /foobar /orders/7 /api/v2/orders/991/lines /api/v2/users
		/api/v1/users/4 /catalog/shoes/summer /`)
	hosts = words(`api.toystore.com api.toystore.com admin.toystore.com shop.example.com exact.com a.suffix.com b.c.suffix.com
		prefix.example.org www.example.com`)
	addresses = words(`10.1.2.3 10.2.7.200 10.2.255.1 10.40.3.9 10.130.4.4 10.96.12.1 10.77.0.1 172.16.9.1 172.24.3.17 172.30.1.1 192.168.0.17
		192.168.10.20 192.168.100.3 192.168.201.1 100.70.1.1 198.51.100.7 198.51.100.200 203.0.113.7 203.0.113.70 203.0.113.200 192.0.2.7 8.8.8.8 93.184.216.34
		2001:db8:10::7 2001:db8:24::1 2001:db8:1:2::aa 2001:db8:1:3::aa fd00:1:ffff::1 fd00:2:4::1 2a00:1450:4001::8a`)
	subjects = words(`cluster.local/ns/default/sa/curl cluster.local/ns/default/sa/httpbin cluster.local/ns/prod/sa/web cluster.local/ns/dev/sa/frontend
		system:serviceaccount:egress-test:client system:serviceaccount:egress-test:batch system:serviceaccount:default:client system:node:n1
		alice bob grace trent mallory somebody u-104958560606 u-88`)
	groups = words(`admin dev ops group1 group2 viewers billing finance oncall readers system:authenticated system:masters system:nodes`)
	agents = []string{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:133.0) Gecko/20100101 Firefox/133.0", "curl/8.5.0", "Go-http-client/2.0", "kube-probe/1.31"}
	images = words(`eu.foo.io/shop/web:1.4.2 eu.foo.io/shop/api:2.0 bar.io/tools/probe:7 bar.io/tools/probe:latest nginx:1.27 nginx
		docker.io/library/redis:7.4 busybox:latest ghcr.io/team/worker quay.io/org/agent:v3`)
)

// ordinary are the headers of every request: what rules read is among others.
var ordinary = [][2]string{{"accept", "application/json"}, {"accept-encoding", "gzip, deflate, br"}, {"accept-language", "en-GB,en;q=0.8"},
	{"content-type", "application/json"}, {"x-forwarded-proto", "https"}, {"cache-control", "no-cache"}}

// headers are what a header of a request holds, where a row reads it.
var headers = map[string]pool{
	"authorization":   formatted("Bearer eyJhbGciOiJFUzI1NiJ9.%d.%d", between(1e6, 1e12), between(1e6, 1e12)),
	"content-length":  mostly(5, between(0, 2000000), one("none", "-5")),
	"end-user":        one("jason", "", "paula"),
	"user-agent":      one(agents...),
	"version":         one("v1", "v2", "v3", "canary"),
	"x-forwarded-for": formatted("%s, 10.0.0.%d", one(addresses...), between(1, 250)),
	"x-groups": mostly(3, func(r *rand.Rand) any {
		return joined(chosen(r, 1, 6, append(words("free gold silver beta"), groups[:8]...)))
	}, one("free")),
	"x-grpc-test":  one("true", "false", ""),
	"x-header":     one("header", "header-prefix-a", "not-header", ""),
	"x-log-mtls":   one("true", "true", "false", ""),
	"x-request-id": mostly(3, formatted("%08x-%04x-4%03x-a%03x-%012x", between(0, 1<<32-1), between(0, 1<<16-1), between(0, 1<<12-1), between(0, 1<<12-1), between(0, 1<<48-1)), formatted("REQ-%d", between(1, 1e9))),
}

// queries and cookies are likewise values of one name.
var (
	queries = map[string]pool{"version": one("v1", "v2", "v3", "v4")}
	cookies = map[string]pool{"user": one("jason", "paula", "tim", "kim")}
)

// claims are those of a caller; nil leaves one out.
var claims = map[string]pool{
	"issuer":         one("https://accounts.google.com", "https://id.example.com"),
	"plan":           one[any]("gold", "silver", "bronze", "free", nil),
	"group":          one[any]("readers", "writers", "auditors", nil),
	"roles":          list(0, 4, "admin", "editor", "viewer", "auditor", "owner"),
	"email_verified": one[any](true, false, nil),
	"exp":            between(1767225600, 1767225600+172800),
	"nbf":            between(1767225600-3600, 1767225600+3600),
}

// params are the values of rows' parameters, by name.
var params = map[string]pool{
	"added":       mostly(3, list(1, 6, words("AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT")...), list(2, 5, words("CHOWN KILL SETUID NET_ADMIN SYS_ADMIN NET_RAW")...)),
	"address":     mostly(8, one(addresses...), one("127.0.0.1", "::1", "169.254.1.1", "224.0.0.1")),
	"addresses":   list(1, 3, words("37.10.11.53 153.10.20.1 37.10.11.53 153.10.20.1 8.8.8.8")...),
	"allowed":     table[[]string](1, 4, list(1, 4, words("low normal high batch realtime")...), words("default shop billing search batch")...),
	"annotations": mostly(3, table[string](1, 8, one("true", "90m", "7h30m", "12h", "45s"), words("pod.kubernetes.io/lifetime fluxcd.io/cow fluxcd.io/dog kubernetes.io/description prometheus.io/scrape prometheus.io/port team owner")...), table[string](1, 3, one("8h", "24h", "10m"), words("pod.kubernetes.io/lifetime fluxcd.io/cat team")...)),
	"containers":  many[map[string]string](1, 4, table[string](1, 4, one("128Mi", "256Mi"), words("requests.memory limits.memory requests.cpu limits.cpu")...)),
	"context":     mostly(2, table[int64](3, 3, one[int64](1000, 3000), words("runAsUser runAsGroup fsGroup")...), func(*rand.Rand) any { return map[string]int64{"runAsUser": 1000, "runAsGroup": 3000, "fsGroup": 2000} }),
	"created":     moment("2026-01-01T00:00:00Z", 24*time.Hour),
	"created_at":  formatted("20%d-0%d-1%dT0%d:3%d:00Z", between(20, 25), between(1, 9), between(0, 9), between(0, 9), between(0, 9)),
	"details":     table[string](2, 3, one("a", "b"), words("anna ben clara")...),
	"envars": many[map[string]string](1, 5, func(r *rand.Rand) any {
		return map[string]string{"name": text(one("MY_ENV", "PATH", "HOME"), r), "value": text(one("production", "staging", "test", "v1.2"), r)}
	}),
	"exclude": func(r *rand.Rand) any {
		return spaced(chosen(r, 2, 6, words("default shop billing search batch kube-system monitoring")))
	},
	"expired":         mostly(4, moment("2026-01-01T12:00:00Z", 48*time.Hour), one[any](nil)),
	"gids":            many[int64](1, 4, mostly(6, one[int64](100, 150, 200, 500, 599, 600), one[int64](99, 300, 1000))),
	"group":           one("coordination.k8s.io", "apps", "", "rbac.authorization.k8s.io", "batch", "networking.k8s.io"),
	"hosts":           list(1, 3, words("a.example.com b.example.com c.example.com d.example.com")...),
	"image":           one(images...),
	"images":          mostly(2, list(1, 5, images...), list(1, 3, images[:4]...)),
	"labels":          mostly(2, table[string](1, 4, one("v1.2.3", "web", "v1.2"), words("corp.org/version app team tier")...), func(*rand.Rand) any { return map[string]string{"app": "web", "corp.org/version": "v2.0.1"} }),
	"list1":           list(0, 2, "a", "b"),
	"list2":           list(0, 2, "c", "d"),
	"listeners":       many[string](2, 6, one(words("http https grpc tls metrics admin health tcp")...)),
	"match_type":      one("Exact", "PathPrefix", "RegularExpression"),
	"max_replicas":    between(5, 12),
	"max_unavailable": one("10%", "25%", "30%", "50%", "1", "2", "3", "5", "8"),
	"min_replicas":    between(1, 4),
	"names":           list(2, 3, "anna", "ben", "clara"),
	"namespace_name":  one(words("default shop billing search batch kube-system")...),
	"ports":           many[int64](1, 4, mostly(5, between(32000, 33000), one[int64](80, 443, 30080))),
	"priority":        one(words("low normal high batch realtime")...),
	"replicas":        between(1, 12),
	"repositories":    list(1, 4, words("web api probe nginx redis worker")...),
	"resource":        one("leases", "deployments", "pods", "roles", "ingresses"),
	"set1":            list(1, 4, words("a b c d e f g h")...),
	"set2":            list(1, 4, words("a b c d e f g h")...),
	"signer":          one("kubernetes.io/kube-apiserver-client", "kubernetes.io/kubelet-serving", "example.com/signer"),
	"state_counts":    table[int64](1, 4, between(0, 20), words("Available Progressing Failed Unknown Paused")...),
	"sysctls": many[map[string]string](1, 4, func(r *rand.Rand) any {
		return map[string]string{"name": "kernel.shm_rmid_forced", "value": text(one("1", "0", "1024", "1 2", "a+b"), r)}
	}),
	"tls":     many[[]string](1, 3, list(1, 3, words("a.example.com b.example.com c.example.com d.example.com")...)),
	"ttl":     func(r *rand.Rand) any { return time.Duration(r.IntN(48)) * time.Hour },
	"url":     one("https://github.com/fluxcd/flux2", "https://github.com/fluxcd/source-controller", "ssh://git@github.com:fluxcd/flux2", "https://github.com/other/flux2", "https://gitlab.com/fluxcd/flux2"),
	"usages":  list(1, 4, words("digital-signature key-encipherment client-auth server-auth")...),
	"value":   mostly(2, one("/", "/foo", "/foo/bar", "/a/long/path/of/some/segments", "/v1/users/7/orders"), one("foo", "/foo//bar", "/a/../b", "/a/./b", "/a%2fb", "/a#b", "/a/..", "/a/.")),
	"widgets": table[int64](1, 4, between(0, 20), words("x y z w")...),
}

// instead are the values that some rows get in place of those above, by row and
// name: where both outcomes or a failure would else be rare.
var instead = map[string]map[string]pool{
	"full_rule": {"method": one("GET", "POST", "HEAD", "PUT"), "host": one(words("exact.com a.suffix.com prefix.example.org www.example.com")...),
		"path": one(words("/exact /prefix/a/b /assets/suffix /other")...), "subject": one(append([]string{"cluster.local/ns/prod/sa/api"}, subjects[:5]...)...)},
	"in_long_list":     {"subject": one(words("ada alice barbara bob trent sophie margaret linus grace edsger zoe yuri xavier wanda victor ursula tom sam ruth quentin paul olga")...)},
	"issued_elsewhere": {"path": one(words("/info /info/of/today /data/3 /orders/7")...)},
	"greeting_path":    {"path": one(words("/greetings/1 /greetings/12 /greetings/5083 /greetings/you /greetings /hello/12")...)},
	"foo_by_post":      {"path": one(words("/foo /foo/bar /foo/bar/baz /foobar /orders/7")...), "method": one("POST", "POST", "GET")},
	"toy_by_get":       {"path": one("/toy", "/toy", "/admin/toy", "/toys")},
	"resource_name":    {"path": one(words("/posts/17 /pets/rex /orders/7 /api/v2/orders/991/lines /catalog/shoes/summer /users/anna/keys")...)},
	"older_path":       {"path": one(words("/api/v2/orders/991/lines /api/v2/users /api/v1/users/4 /catalog/shoes/summer /api/v2/users/7 /orders/7")...)},
	"no_reflection":    {"path": one(words("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo /grpcbin.GRPCBin/DummyUnary /grpcbin.GRPCBin/Index /toy")...)},
	"lifetime":         {"annotations": table[string](1, 4, one("90m", "7h30m", "12h", "45s", "24h"), words("pod.kubernetes.io/lifetime team.org/idle team.org/grace team.org/warn")...)},
	"within_half_a_day": {
		"now": moment("2025-01-01T00:00:00Z", 48*time.Hour)},
	"from_registries": {"images": mostly(2, list(1, 4, images...), list(1, 4, append([]string{"eu.foo.io/a:1", "bar.io/b:2"}, images[:4]...)...))},
}
