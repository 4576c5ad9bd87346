package syntax

import "testing"

func TestDeclarations(t *testing.T) {
	checkForms(t, fileBlock, []form{
		{`bundle shop { unmatched 404; paths refuse, trusted_hops 2 }`, `(Settings Name:shop Members:[(Member Name:unmatched Args:[(Arg Int:404)]) (Member Name:paths Args:[(Arg Word:refuse)]) (Member Name:trusted_hops Args:[(Arg Int:2)])])`},
		{`import "std/cors"`, `(Import Path:"std/cors")`},
		{`import "./lib" as lib`, `(Import Path:"./lib" As:lib)`},
		{`let a = x.y + 1`, `(Let Name:a Value:‹x.y + 1›)`},
		{"let a =\n  x &&\n  y\n  || z // last\n", "(Let Name:a Value:‹x &&\n  y\n  || z›)"},
		{`let f() = true`, `(Let Name:f Call Value:‹true›)`},
		{`let f(a: string, b: list(int)) = a in b`, `(Let Name:f Params:[(Field Name:a Type:(Type Kind:string)) (Field Name:b Type:(Type Kind:list Elem:(Type Kind:int)))] Call Value:‹a in b›)`},
		{`table t: map(string, { a: int, b: string? }) from file "t.csv" reload`, `(Table Name:t Type:(Type Kind:map Elem:(Type Kind:record Fields:[(Field Name:a Type:(Type Kind:int)) (Field Name:b Type:(Type Kind:string Optional))])) File:"t.csv" Reload)`},
		{"table t: { a: int\n  b: timestamp }? from file \"t.yaml\"", `(Table Name:t Type:(Type Kind:record Fields:[(Field Name:a Type:(Type Kind:int)) (Field Name:b Type:(Type Kind:timestamp))] Optional) File:"t.yaml")`},
		{`secret s from env "S"`, `(Secret Name:s Source:env Value:"S")`},
		{`secret s from file "s.txt"`, `(Secret Name:s Source:file Value:"s.txt")`},
		{`limit l = 100/min key identity.id`, `(LimitDecl Name:l Spec:(LimitSpec Rate:(Rate Count:100 Per:1m0s) Key:[‹identity.id›]))`},
		{`limit l = 5/s burst 20 key a, b ? c : d cost 1 + 1 max keys 1000 store redis on unavailable local announce`, `(LimitDecl Name:l Spec:(LimitSpec Rate:(Rate Count:5 Per:1s) Burst:20 Key:[‹a› ‹b ? c : d›] Cost:‹1 + 1› MaxKeys:1000 Store:redis Unavailable:local Announce))`},
		{`limit l = rate (f(a, b)) per min at most 100 burst (x * 2) key k`, `(LimitDecl Name:l Spec:(LimitSpec RateExpr:‹f(a, b)› RatePer:min AtMost:100 BurstExpr:‹x * 2› Key:[‹k›]))`},
		{`limit l = concurrency 5 key k`, `(LimitDecl Name:l Spec:(LimitSpec Concurrency:5 Key:[‹k›]))`},
		{`policy p { }`, `(Policy Name:p)`},
		{`policy p() { allow when true }`, `(Policy Name:p Rules:[(Allow When:‹true›)])`},
		{`policy p(a: string = "x", b: duration?) { deny d when a == b }`, `(Policy Name:p Params:[(Field Name:a Type:(Type Kind:string) Default:‹"x"›) (Field Name:b Type:(Type Kind:duration Optional))] Rules:[(Deny Name:d When:‹a == b›)])`},
		{`route r { match "/"; public }`, `(Route Name:r Rules:[(Match Template:"/") (Public)])`},
		{`scope s on a, b { }`, `(Scope Name:s On:[a b])`},
		{`scope s on all except a, b { }`, `(Scope Name:s On:[all] Except:[a b])`},
		{`scope s { match GET "/x"; deny when true }`, `(Scope Name:s Rules:[(Match Methods:[GET] Template:"/x") (Deny When:‹true›)])`},
		{`test "x" { }`, `(Test Title:"x")`},
	})
}

func TestMembers(t *testing.T) {
	checkForms(t, memberBlock, []form{
		{`issuer "https://x"`, `(Member Name:issuer Args:[(Arg Text:"https://x")])`},
		{`audience "a", "b"`, `(Member Name:audience Args:[(Arg Text:"a") (Arg Text:"b")])`},
		{`audience any`, `(Member Name:audience Args:[(Arg Word:any)])`},
		{`algorithms ES256, RS256, leeway 30s, max_body 64KiB`, `(Member Name:algorithms Args:[(Arg Word:ES256) (Arg Word:RS256)]) (Member Name:leeway Args:[(Arg Duration:30s)]) (Member Name:max_body Args:[(Arg Size:65536B)])`},
		{"algorithms ES256,\n  RS256", `(Member Name:algorithms Args:[(Arg Word:ES256) (Arg Word:RS256)])`},
		{"algorithms ES256,\nissuer \"x\",\n", `(Member Name:algorithms Args:[(Arg Word:ES256)]) (Member Name:issuer Args:[(Arg Text:"x")])`},
		{`keys from url "https://x/jwks" refresh 5m`, `(Member Name:keys Args:[(Arg Word:from) (Arg Word:url) (Arg Text:"https://x/jwks") (Arg Word:refresh) (Arg Duration:5m0s)])`},
		{"claims { plan: string?, tenant: string from \"https://x/t\"\n roles: list(string) from \"a.b\", test: int }", `(Member Name:claims Fields:[(Field Name:plan Type:(Type Kind:string Optional)) (Field Name:tenant Type:(Type Kind:string) From:"https://x/t") (Field Name:roles Type:(Type Kind:list Elem:(Type Kind:string)) From:"a.b") (Field Name:test Type:(Type Kind:int))])`},
		{`claims { }`, `(Member Name:claims Fields:[])`},
		{`components "@method", "@path", nonce required`, `(Member Name:components Args:[(Arg Text:"@method") (Arg Text:"@path")]) (Member Name:nonce Args:[(Arg Word:required)])`},
		{`trusted_hops 2`, `(Member Name:trusted_hops Args:[(Arg Int:2)])`},
	})
}
