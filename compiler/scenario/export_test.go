package scenario

// NumberOrBool is for tests from outside.
var NumberOrBool = numberOrBool
