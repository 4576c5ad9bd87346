package syntax

// blockKind says what a pair of braces holds.
type blockKind uint8

const (
	noBlock      blockKind = iota
	fileBlock              // declarations: the whole file
	memberBlock            // bundle, auth
	fieldBlock             // claims
	routeBlock             // the three kinds of block that hold rules
	scopeBlock             //
	policyBlock            //
	testBlock              // test, repeat, hold
	pairBlock              // the headers of send and upstream
	shareBlock             // split
	assertBlock            // expect
	unknownBlock           // after a word that we do not know: skipped
)

// blockNames are what messages call the blocks.
var blockNames = map[blockKind]string{
	fileBlock: "the top of a file", memberBlock: "a bundle or auth", fieldBlock: "claims", routeBlock: "a route",
	scopeBlock: "a scope", policyBlock: "a policy", testBlock: "a test", pairBlock: "a list of headers",
	shareBlock: "a split", assertBlock: "an expect", unknownBlock: "this block",
}

// commas reports whether a comma separates the entries of the block.
func (k blockKind) commas() bool {
	return k == fieldBlock || k == pairBlock || k == shareBlock || k == assertBlock
}

// rules reports whether the block holds rules.
func (k blockKind) rules() bool { return k == routeBlock || k == scopeBlock || k == policyBlock }

// final reports whether a statement ends with such a block.
func (k blockKind) final() bool { return k != pairBlock && k != shareBlock }

// home is a set of blocks in which a word begins a statement.
type home uint8

const (
	inFile home = 1 << iota
	inRoute
	inScope
	inPolicy
	inTest
)

const inRules = inRoute | inScope | inPolicy

// words are the words that begin statements, and where.
var words = map[string]home{
	"bundle": inFile, "import": inFile, "let": inFile, "table": inFile | inTest, "secret": inFile,
	"auth": inFile | inRoute, "limit": inFile | inRules, "policy": inFile, "route": inFile, "scope": inFile,
	"test": inFile,

	"match": inRoute | inScope, "host": inRoute | inScope, "when": inRoute | inScope, "public": inRoute,
	"allow": inRules, "deny": inRules, "shadow": inRules, "set": inRules, "add": inRules, "remove": inRules,
	"use": inRules, "forward": inRoute, "redirect": inRoute, "respond": inRoute, "rewrite": inRoute,
	"timeout": inRoute, "retry": inRoute, "max_body": inRoute,

	"as": inTest, "sign": inTest, "send": inTest, "expect": inTest, "upstream": inTest, "choose": inTest,
	"repeat": inTest, "hold": inTest, "wait": inTest, "at": inTest,
}

// home returns the set that holds just this kind of block, 0 if its entries do
// not begin with a word of the table.
func (k blockKind) home() home {
	switch k {
	case fileBlock:
		return inFile
	case routeBlock:
		return inRoute
	case scopeBlock:
		return inScope
	case policyBlock:
		return inPolicy
	case testBlock:
		return inTest
	}
	return 0
}

// openers are the statements that cannot do without a block.
var openers = map[string]blockKind{
	"bundle": memberBlock, "policy": policyBlock, "route": routeBlock, "scope": scopeBlock, "test": testBlock,
	"repeat": testBlock, "hold": testBlock, "auth": memberBlock,
}

// opener returns the kind of block that a statement of k beginning with word
// must have.
func opener(k blockKind, word string) blockKind {
	if words[word]&k.home()&(inFile|inTest) == 0 {
		return noBlock
	}
	return openers[word]
}

// expressionWords are the words after which an expression, and so a brace of
// CEL, may begin.
var expressionWords = map[string]bool{
	"when": true, "key": true, "cost": true, "by": true, "to": true, "in": true, "as": true,
}
