package main

// clusters are those that the bundle forwards to.
var clusters = []string{"orders", "catalog-v1", "catalog-v2", "backoffice"}

// The keys of policies/shop/robots.keys, of which that file has the digests.
const (
	keyOf7   = "x-api-key: demo-key-of-robot-7"
	keyOfOps = "x-api-key: demo-key-of-ops"
)

var promises = []promise{
	{what: "GET /orders/7 with robot 7's key", path: "/orders/7", lines: []string{keyOf7},
		status: 200, by: "shop.orders", cluster: "orders",
		line:     "GET /v2/orders/7 HTTP/1.1",
		received: []string{"x-user: robots:7"}, hidden: []string{"x-api-key", "x-moe-cluster"}},
	{what: "GET /orders/7 with a forged x-user", path: "/orders/7", lines: []string{keyOf7, "x-user: robots:1"},
		status: 200, by: "shop.orders", cluster: "orders", received: []string{"x-user: robots:7"}},
	{what: "HEAD /orders/7 with robot 7's key", method: "HEAD", path: "/orders/7", lines: []string{keyOf7},
		status: 200, by: "shop.orders", cluster: "orders"},
	{what: "GET /orders/8 with robot 7's key", path: "/orders/8", lines: []string{keyOf7},
		status: 403, by: "shop.orders.owner"},
	{what: "GET /orders/8 with the key of ops", path: "/orders/8", lines: []string{keyOfOps},
		status: 200, by: "shop.orders", cluster: "orders"},
	{what: "GET /orders/7 without a key", path: "/orders/7",
		status: 401, by: "shop.orders.auth", answered: []string{"x-frame-options: DENY"}},
	{what: "GET /orders/7 with a wrong key", path: "/orders/7", lines: []string{"x-api-key: guess"},
		status: 401, by: "shop.orders.auth"},
	{what: "GET /orders/7 as BadBot", path: "/orders/7", lines: []string{keyOf7, "user-agent: BadBot/1.0"},
		status: 403, by: "shop.orders.bots"},
	{what: "a gRPC call without a key", method: "POST", path: "/orders/7", lines: []string{"content-type: application/grpc", "content-length: 0"},
		status: 200, by: "shop.orders.auth", answered: []string{"grpc-status: 16"}},
	{what: "DELETE /orders/7", method: "DELETE", path: "/orders/7", lines: []string{keyOf7},
		status: 405, by: "shop.method", answered: []string{"allow: GET, HEAD, POST"}},
	{what: "POST /orders/7, too large", method: "POST", path: "/orders/7", lines: []string{keyOf7, "content-length: 70000"},
		status: 413, by: "shop.body"},
	{what: "GET /catalog/shoes, the new one", path: "/catalog/shoes", lines: []string{"x-canary: always"},
		status: 200, by: "shop.catalog", cluster: "catalog-v2", answered: []string{"x-frame-options: DENY"}},
	{what: "GET /shop/shoes, an old address", path: "/shop/shoes",
		status: 308, by: "shop.old_shop.redirect", answered: []string{"location: /catalog/shoes"}},
	{what: "GET /admin/users, from outside", path: "/admin/users", lines: []string{"cookie: staff=demo-key-of-staff-9"},
		status: 403, by: "shop.inside.outside"},
	{what: "GET /healthz", path: "/healthz",
		status: 200, by: "shop.health.respond"},
	{what: "GET /nowhere", path: "/nowhere",
		status: 404, by: "shop.unmatched"},
	{what: "GET /catalog/%2e%2e/orders/7", path: "/catalog/%2e%2e/orders/7",
		status: 400, by: "shop.canonical"},
	{what: "GET /catalog//shoes", path: "/catalog//shoes",
		status: 400, by: "shop.canonical"},
	{what: "GET /catalog/a%2fb", path: "/catalog/a%2fb",
		status: 400, by: "shop.canonical"},
}
