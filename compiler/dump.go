package compiler

// dumpNames are the products that people ask for, by the stage that makes them.
var dumpNames = map[string]string{"ir": "opt", "go": "gen"}

// Dumps are the names under which products can be shown: those that people
// use, and those of the stages.
func Dumps() []string {
	names := sortedNames(dumpNames)
	for _, s := range Stages {
		if s.Dump != nil {
			names = append(names, s.Name)
		}
	}
	return names
}

// FindDump returns the stage whose product has that name; ok is false when
// there is none to show.
func FindDump(name string) (stage Stage, ok bool) {
	if as, known := dumpNames[name]; known {
		name = as
	}
	for _, s := range Stages {
		if s.Name == name && s.Dump != nil {
			return s, true
		}
	}
	return Stage{}, false
}
