package rights

import (
	"fmt"
	"slices"
	"strings"

	"github.com/casestream/casestream/api/session"
)

// Picture writes out every cell that a book opens, a line to each, in a fixed order: right, role, relation, state, and
// what is shown. What has no line is refused; what closes is said in the first lines.
func Picture(b Book) string {
	var lines []string
	for _, rule := range b.Rules {
		for _, role := range rule.Roles {
			for _, relation := range rule.Relations {
				for _, state := range rule.States {
					lines = append(lines, line(rule, role, relation, state))
				}
			}
		}
	}
	slices.Sort(lines)
	for _, closes := range b.Closes {
		lines = slices.Insert(lines, 0, fmt.Sprintf("closes | %s", closes))
	}
	return strings.Join(lines, "\n") + "\n"
}

func line(rule Rule, role session.Role, relation Relation, state State) string {
	part := "all"
	if rule.Gives.OwnOnly {
		part = "own entries"
	}
	return strings.Join([]string{string(rule.Right), string(role), relation.String(), string(state), part, string(rule.Gives.Shows), string(rule.Gives.Asked)}, " | ")
}
