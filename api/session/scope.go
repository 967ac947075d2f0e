package session

import (
	"fmt"
	"slices"
	"strings"
)

// Scope is what a token is limited to, within what its role may; a program that fills a report needs no more than
// Numbers. Scopes add up. The zero Scope is no limit.
type Scope uint8

const (
	Read    Scope = 1 << iota // questions
	Write                     // commands
	Numbers                   // outcomes and reports, and what their codes mean
)

var scopeNames = []string{"read", "write", "numbers"}

// ParseScope reads names with a comma between. Nothing is no limit.
func ParseScope(names string) (s Scope, err error) {
	for _, name := range strings.FieldsFunc(names, func(c rune) bool { return c == ',' || c == ' ' }) {
		i := slices.Index(scopeNames, name)
		if i < 0 {
			return 0, fmt.Errorf("a scope is one of %s, or several with a comma between", strings.Join(scopeNames, ", "))
		}
		s |= 1 << i
	}
	return s, nil
}

// Allows tells whether any of some scopes is among these.
func (s Scope) Allows(any Scope) bool { return s == 0 || s&any != 0 }

func (s Scope) String() string {
	var names []string
	for i, name := range scopeNames {
		if s&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ",")
}
