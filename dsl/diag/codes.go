package diag

// The table of codes. Append only: a code never changes its meaning. The
// hundreds group by what is wrong: 01 syntax, 02 names and structure, 03 types
// and expressions, 04 not supported yet, 05 warnings, 06 files and data,
// 07 routes, 08 tests, 09 tools and building.
var (
	Syntax            = Code{"M0101", Error, "syntax error"}
	UnclosedBracket   = Code{"M0102", Error, "bracket is never closed"}
	UnclosedString    = Code{"M0103", Error, "string is never closed"}
	BadCharacter      = Code{"M0104", Error, "character that means nothing here"}
	UnclosedBlock     = Code{"M0105", Error, "block is never closed"}
	BadLiteral        = Code{"M0106", Error, "literal of the wrong form"}
	MissingExpression = Code{"M0107", Error, "expression expected"}
	UnknownStatement  = Code{"M0108", Error, "unknown statement"}
	MisplacedRule     = Code{"M0109", Error, "statement does not belong in this block"}

	BadName          = Code{"M0201", Error, "name not allowed"}
	DuplicateName    = Code{"M0202", Error, "name declared twice"}
	UnknownName      = Code{"M0203", Error, "name not declared"}
	UnnamedRule      = Code{"M0204", Error, "rule needs a name"}
	LetCycle         = Code{"M0205", Error, "let depends on itself"}
	DuplicateSetting = Code{"M0206", Error, "said twice"}
	NoAccess         = Code{"M0207", Error, "route neither public nor authenticated"}
	PublicAndAuth    = Code{"M0208", Error, "route both public and authenticated"}
	NoMatch          = Code{"M0209", Error, "route without match"}
	TwoEndings       = Code{"M0210", Error, "route with two endings"}
	UnknownMember    = Code{"M0211", Error, "unknown member"}
	MissingMember    = Code{"M0212", Error, "required member missing"}
	SamePlace        = Code{"M0213", Error, "two auths read one place"}
	WrongKind        = Code{"M0214", Error, "name of another kind"}
	EmptyBundle      = Code{"M0215", Error, "bundle without routes"}
	ShadowOnly       = Code{"M0220", Error, "block whose allows are all in shadow"}
	ScopeTarget      = Code{"M0221", Error, "scope on the wrong things"}
	BadArgument      = Code{"M0222", Error, "arguments do not fit the policy"}
	BadImport        = Code{"M0223", Error, "import of no module"}

	BadTarget        = Code{"M0230", Error, "target of a redirect or rewrite is malformed"}
	NoLastForward    = Code{"M0231", Error, "no forward without a condition"}
	BadShares        = Code{"M0232", Error, "shares do not make a whole"}
	NothingForwarded = Code{"M0233", Error, "rule of a forwarded request where nothing is forwarded"}
	BadDelivery      = Code{"M0234", Error, "timeout or retry that Envoy cannot keep"}
	EnvoyLacks       = Code{"M0239", Error, "Envoy's configuration lacks what the bundle needs"}
	BadLimit         = Code{"M0240", Error, "limit that cannot be"}
	LimitTwice       = Code{"M0241", Error, "one limit twice on a request"}
	AnnounceSize     = Code{"M0242", Error, "more limits announced than answers can say"}
	BadTableFile     = Code{"M0250", Error, "file that cannot hold the table"}
	TwoSharings      = Code{"M0256", Error, "two rules say which sites may read an answer"}
	PolicyCycle      = Code{"M0260", Error, "policy that uses itself"}
	PolicySize       = Code{"M0261", Error, "policy that comes to too many rules"}
	ReadOtherwise    = Code{"M0265", Error, "the library would read a reloaded file otherwise"}

	BadExpression   = Code{"M0301", Error, "expression does not check"}
	WrongType       = Code{"M0302", Error, "expression of the wrong type"}
	WrongPhase      = Code{"M0303", Error, "value not known in this phase"}
	UnknownCapture  = Code{"M0304", Error, "capture not in every match"}
	OwnedHeader     = Code{"M0305", Error, "header owned by the bundle"}
	ForbiddenHeader = Code{"M0306", Error, "header that cannot be written"}
	HeaderConflict  = Code{"M0307", Error, "two unconditional sets of one header"}
	BadHeaderName   = Code{"M0308", Error, "not a header name"}
	BadHeaderValue  = Code{"M0309", Error, "value cannot be sent in a header"}
	BadStatus       = Code{"M0310", Error, "status not allowed here"}
	AmbiguousID     = Code{"M0311", Error, "subject without its method"}
	AnonymousUse    = Code{"M0312", Error, "identity may be anonymous"}
	SkipNotAllowed  = Code{"M0313", Error, "on error skip not allowed here"}
	BadRegex        = Code{"M0314", Error, "bad regular expression"}
	TooComplex      = Code{"M0315", Error, "expression too large"}
	MayFail         = Code{"M0316", Error, "expression may fail at run time"}
	BadZone         = Code{"M0317", Error, "bad time zone"}
	OverBudget      = Code{"M0318", Error, "rule costs more than the budget"}
	BadKey          = Code{"M0340", Error, "key that limits cannot count by"}
	BadCost         = Code{"M0341", Error, "cost or rate that no bucket has"}
	BadTableValue   = Code{"M0350", Error, "value in a table of the wrong type"}
	NotConstant     = Code{"M0355", Error, "argument that must be constant"}
	BadSharing      = Code{"M0356", Error, "argument of cors.allow that browsers would not accept"}
	CredentialRead  = Code{"M0365", Error, "credential read by a rule"}

	NotYet     = Code{"M0401", Error, "not supported yet"}
	NotYetExpr = Code{"M0402", Error, "expression not supported yet"}

	ClientAllow     = Code{"M0501", Warning, "client input alone satisfies the rule"}
	Unanchored      = Code{"M0502", Warning, "regular expression is not anchored"}
	JoinedHeader    = Code{"M0503", Warning, "compared with a joined header"}
	RawPath         = Code{"M0504", Warning, "decision on the raw path"}
	FallsToPublic   = Code{"M0505", Warning, "false condition falls to a public route"}
	UnusedName      = Code{"M0506", Warning, "declared and not used"}
	ConstantOutcome = Code{"M0507", Warning, "condition is constant"}
	EmptyScope      = Code{"M0520", Warning, "scope covers nothing"}
	PartScope       = Code{"M0521", Warning, "scope covers part of a route"}

	ClientForward = Code{"M0530", Warning, "client alone chooses the cluster"}
	OpenRedirect  = Code{"M0531", Warning, "client can choose where a redirect goes"}
	RedirectLoop  = Code{"M0532", Warning, "redirect to https of https requests"}
	UnsafeRetry   = Code{"M0533", Warning, "retry may do a thing twice"}
	EnvoyLoose    = Code{"M0539", Warning, "Envoy's configuration is less strict than the bundle expects"}

	ClientKey    = Code{"M0540", Warning, "client chooses the key of a limit"}
	NullOrigin   = Code{"M0555", Warning, "origin that anybody can have"}
	ScopeSwitch  = Code{"M0570", Warning, "client can step out of a scope"}
	Unencoded    = Code{"M0571", Warning, "client can write a query into a computed target"}
	UselessAllow = Code{"M0572", Warning, "comment that silences nothing"}

	NoPolicy       = Code{"M0601", Error, "no policy files"}
	UnreadableFile = Code{"M0602", Error, "file cannot be read"}
	BadData        = Code{"M0603", Error, "data file is malformed"}
	NotText        = Code{"M0604", Error, "file is not UTF-8 text"}
	TooLarge       = Code{"M0605", Error, "file too large"}

	BadTemplate    = Code{"M0701", Error, "path template is malformed"}
	BadHost        = Code{"M0702", Error, "host pattern is malformed"}
	BadMethod      = Code{"M0703", Error, "not a method"}
	AmbiguousRoute = Code{"M0704", Error, "two routes match one request"}

	BadTest = Code{"M0801", Error, "test cannot run"}

	InternalError = Code{"M0901", Error, "internal error"}
	MissingTool   = Code{"M0902", Error, "tool missing"}
	BuildFailed   = Code{"M0903", Error, "build failed"}
	BadUsage      = Code{"M0904", Error, "bad command line"}
)

// All returns every code in the order of the table. A test compares the two.
func All() []Code {
	return []Code{
		Syntax, UnclosedBracket, UnclosedString, BadCharacter, UnclosedBlock, BadLiteral,
		MissingExpression, UnknownStatement, MisplacedRule,
		BadName, DuplicateName, UnknownName, UnnamedRule, LetCycle, DuplicateSetting,
		NoAccess, PublicAndAuth, NoMatch, TwoEndings, UnknownMember, MissingMember,
		SamePlace, WrongKind, EmptyBundle,
		ShadowOnly, ScopeTarget, BadArgument, BadImport,
		BadTarget, NoLastForward, BadShares, NothingForwarded, BadDelivery, EnvoyLacks,
		BadLimit, LimitTwice, AnnounceSize, BadTableFile, TwoSharings,
		PolicyCycle, PolicySize, ReadOtherwise,
		BadExpression, WrongType, WrongPhase, UnknownCapture, OwnedHeader, ForbiddenHeader,
		HeaderConflict, BadHeaderName, BadHeaderValue, BadStatus, AmbiguousID, AnonymousUse,
		SkipNotAllowed, BadRegex, TooComplex, MayFail, BadZone,
		OverBudget,
		BadKey, BadCost, BadTableValue, NotConstant, BadSharing, CredentialRead,
		NotYet, NotYetExpr,
		ClientAllow, Unanchored, JoinedHeader, RawPath, FallsToPublic, UnusedName,
		ConstantOutcome,
		EmptyScope, PartScope,
		ClientForward, OpenRedirect, RedirectLoop, UnsafeRetry, EnvoyLoose,
		ClientKey, NullOrigin,
		ScopeSwitch, Unencoded, UselessAllow,
		NoPolicy, UnreadableFile, BadData, NotText, TooLarge,
		BadTemplate, BadHost, BadMethod, AmbiguousRoute,
		BadTest,
		InternalError, MissingTool, BuildFailed, BadUsage,
	}
}
