package main

// local says how the native chain limits.
type local int

const (
	unlimited local = iota
	perClient       // as the bundle does
	together        // one bucket for all, which is less and cheaper
)

// nativeFilters do what front/front.moe says, each as cheaply as it can: the
// client's name comes from api_key_auth as a header, rbac judges by it, and
// header_mutation has left only what api_key_auth did not do.
func nativeFilters(limit local) []any {
	var credentials []any
	for _, c := range clients() {
		credentials = append(credentials, object{"key": c.key, "client": c.name})
	}
	header := func(name, how, value string) object {
		return object{"header": object{"name": name, "string_match": object{how: value}}}
	}
	set := func(name, value, action string) object {
		return object{"append": object{"header": object{"key": name, "value": value}, "append_action": action}}
	}
	chain := []any{
		extension("api_key_auth", "api_key_auth.v3.ApiKeyAuth", object{
			"credentials": credentials,
			"key_sources": []any{object{"header": "x-api-key"}},
			"forwarding":  object{"header": "x-user", "hide_credentials": true},
		}),
		extension("rbac", "rbac.v3.RBAC", object{"rules": object{"action": "ALLOW", "policies": object{"orders": object{
			"permissions": []any{object{"and_rules": object{"rules": []any{
				object{"or_rules": object{"rules": []any{header(":method", "exact", "GET"), header(":method", "exact", "POST")}}},
				object{"not_rule": header("user-agent", "prefix", "BadBot/")},
			}}}},
			"principals": []any{header("x-user", "prefix", "client-")},
		}}}}),
	}
	if limit != unlimited {
		chain = append(chain, localRateLimit(limit))
	}
	return append(chain,
		extension("header_mutation", "header_mutation.v3.HeaderMutation", object{"mutations": object{
			"request_mutations":  []any{set("accept-language", "en", "ADD_IF_ABSENT"), object{"remove": "x-internal-trace"}},
			"response_mutations": []any{set("cache-control", "no-store", "OVERWRITE_IF_EXISTS_OR_ADD")},
		}}),
		router())
}

// localRateLimit never refuses here: the price of letting pass is measured.
func localRateLimit(limit local) object {
	always := object{"default_value": object{"numerator": 100, "denominator": "HUNDRED"}}
	bucket := object{"max_tokens": 1000000, "tokens_per_fill": 1000000, "fill_interval": "1s"}
	config := object{"stat_prefix": "limit", "token_bucket": bucket, "filter_enabled": always, "filter_enforced": always}
	if limit == perClient {
		config["rate_limits"] = []any{object{"actions": []any{
			object{"request_headers": object{"header_name": "x-user", "descriptor_key": "user"}},
		}}}
		// An entry without a value has a bucket for each.
		config["descriptors"] = []any{object{"entries": []any{object{"key": "user"}}, "token_bucket": bucket}}
		config["max_dynamic_descriptors"] = 1000
	}
	return extension("local_ratelimit", "local_ratelimit.v3.LocalRateLimit", config)
}
