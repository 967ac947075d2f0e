package disclosure

// K is how many people must share everything by which a row could be recognised.
const K = 10

// Trait is something by which a person could be recognised, such as their age. Levels say it of each row, from fine to
// coarse; at the last it should be the same of everybody.
type Trait struct {
	Name   string
	Levels [][]string
}

// Coarsen finds how coarsely each trait must be told so that every row shares all of them with at least K people: the
// level of each trait, and how many people the smallest class then has. Rows of the same person count once. It tells
// as much as it can: of all ways that do, one with the fewest steps, and of those one that is coarse in what comes
// first. No row is left out, because a row that is missing tells of someone too; not ok: there are too few people.
func Coarsen(person []string, traits []Trait) (levels []int, smallest int, ok bool) {
	most := 0
	for _, trait := range traits {
		most += len(trait.Levels) - 1
	}
	for steps := range most + 1 {
		levels = make([]int, len(traits))
		if smallest, ok = coarsen(person, traits, levels, 0, steps); ok {
			return levels, smallest, true
		}
	}
	return nil, 0, false
}

// coarsen tries every way to spend the steps on the traits from one on.
func coarsen(person []string, traits []Trait, levels []int, from, steps int) (smallest int, ok bool) {
	if from == len(traits) {
		if steps > 0 {
			return 0, false
		}
		smallest = smallestClass(person, traits, levels)
		return smallest, smallest >= K
	}
	for level := min(steps, len(traits[from].Levels)-1); level >= 0; level-- {
		levels[from] = level
		if smallest, ok = coarsen(person, traits, levels, from+1, steps-level); ok {
			return smallest, true
		}
	}
	return 0, false
}

// smallestClass is how many people the smallest class has; 0 if there is nobody.
func smallestClass(person []string, traits []Trait, levels []int) int {
	classes := make(map[string]map[string]bool)
	for row, who := range person {
		class := ""
		for i, trait := range traits {
			class += trait.Levels[levels[i]][row] + "\x00"
		}
		if classes[class] == nil {
			classes[class] = make(map[string]bool)
		}
		classes[class][who] = true
	}
	smallest := 0
	for _, people := range classes {
		if smallest == 0 || len(people) < smallest {
			smallest = len(people)
		}
	}
	return smallest
}
