package events

// Selective is a Store that spares a reader what it does not look at.
type Selective interface {
	Store
	// Of is the store for a reader of some categories of streams. To ReadAll and Follow, facts of others come in their
	// place as Unread, without their Meta.
	Of(categories ...string) Store
}

// Unread is a fact that the reader does not look at. It is in no catalogue, and cannot be written.
type Unread struct{ Name string }

// Type is the name on disk of what is there.
func (u Unread) Type() string { return u.Name }
