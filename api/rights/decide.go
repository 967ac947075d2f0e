package rights

import (
	"slices"

	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events/sealed"
)

// Rules are a book, opened at every page at once.
type Rules struct {
	closes Relations
	cells  map[cell]Gives
	open   map[door]Relations // in which anything is given
}

// cell is one square of the table.
type cell struct {
	right    Right
	role     session.Role
	relation Relation
	state    State
}

type door struct {
	right Right
	role  session.Role
}

// New opens a book.
func New(b Book) *Rules {
	r := &Rules{closes: Of(b.Closes...), cells: make(map[cell]Gives), open: make(map[door]Relations)}
	for _, rule := range b.Rules {
		for _, role := range rule.Roles {
			r.open[door{rule.Right, role}] |= Of(rule.Relations...)
			for _, relation := range rule.Relations {
				for _, state := range rule.States {
					r.cells[cell{rule.Right, role, relation, state}] = rule.Gives
				}
			}
		}
	}
	return r
}

// Decision is the answer to whether someone may.
type Decision struct {
	May bool
	By  Relation // in which it is given
	Gives
}

// Whole tells that no other relation could give more.
func (d Decision) Whole() bool { return d.May && !d.OwnOnly }

// Shows tells whether a class is shown, to someone who asks with a purpose, or with none.
func (d Decision) Shows(class sealed.Class, purpose string) bool {
	return d.Gives.Shows.Has(class) || purpose != "" && d.Asked.Has(class)
}

// Decide is the one function that says who may. It answers for a role that stands in these relations to a case in this
// state; NoCase where none is spoken of.
func (r *Rules) Decide(right Right, role session.Role, has Relations, state State) Decision {
	if has&r.closes != 0 {
		return Decision{}
	}
	for relation := Assigned; relation <= None; relation++ {
		if !has.Has(relation) {
			continue
		}
		if gives, ok := r.cells[cell{right, role, relation, state}]; ok {
			return Decision{May: true, By: relation, Gives: gives}
		}
	}
	return Decision{}
}

// Opens tells whether a right is given to a role at all: in some relation, to some case. Whoever it is not given to need
// not be told which cases there are.
func (r *Rules) Opens(right Right, role session.Role) bool { return r.open[door{right, role}] != 0 }

// Common is what every cell of a right and a role gives: what the rows of a list show, in whatever relation each is in it.
func (r *Rules) Common(right Right, role session.Role) (common Decision) {
	for c, gives := range r.cells {
		switch {
		case c.right != right || c.role != role:
		case !common.May:
			common = Decision{May: true, By: None, Gives: gives}
		default:
			common.Gives.Shows, common.Asked = common.Gives.Shows.and(gives.Shows), common.Asked.and(gives.Asked)
			common.OwnOnly = common.OwnOnly || gives.OwnOnly
		}
	}
	return common
}

// Heeds tells whether a right is given to a role in one of some relations. Where not, nobody need look whether someone
// stands in them.
func (r *Rules) Heeds(right Right, role session.Role, some Relations) bool {
	return r.open[door{right, role}]&some != 0
}

// By lists the relations in which a right is given to a role. It is what a list looks for before Decide looks at each row.
func (r *Rules) By(right Right, role session.Role) (by []Relation) {
	for c := range r.cells {
		if c.right == right && c.role == role && !slices.Contains(by, c.relation) {
			by = append(by, c.relation)
		}
	}
	slices.Sort(by)
	return by
}
