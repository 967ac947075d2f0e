package esdbtest_test

import "github.com/EventStore/EventStore-Client-Go/v4/esdb"

// deleting asks in order: each heading is the life of one stream.
var deleting = []topic{
	{"delete a stream of two events", []question{
		{"at revision 9", func(a *asker) string { return a.two().delete(a.S, esdb.Revision(9)) }},
		{"at revision 1", func(a *asker) string { return a.two().delete(a.S, esdb.Revision(1)) }},
		{"again, Any", func(a *asker) string { return a.hidden().delete(a.S, esdb.Any{}) }},
		{"again, StreamExists", func(a *asker) string { return a.hidden().delete(a.S, esdb.StreamExists{}) }},
		{"then a tombstone", func(a *asker) string { return a.hidden().tombstone(a.S, esdb.Any{}) }},
		{"tombstone at revision 9", func(a *asker) string { return a.two().tombstone(a.S, esdb.Revision(9)) }},
		{"tombstone at revision 1", func(a *asker) string { return a.two().tombstone(a.S, esdb.Revision(1)) }},
		{"tombstone twice", func(a *asker) string { return a.dead().tombstone(a.S, esdb.Any{}) }},
		{"delete after a tombstone", func(a *asker) string { return a.dead().delete(a.S, esdb.Any{}) }},
	}},
	{"delete a stream that does not exist", []question{
		{"StreamExists", func(a *asker) string { return a.delete(a.S, esdb.StreamExists{}) }},
		{"Any", func(a *asker) string { return a.delete(a.S, esdb.Any{}) }},
		{"NoStream", func(a *asker) string { return a.delete(a.S, esdb.NoStream{}) }},
		{"tombstone, Any", func(a *asker) string { return a.tombstone(a.S, esdb.Any{}) }},
		{"append after that tombstone", func(a *asker) string {
			a.tombstone(a.S, esdb.Any{})
			return a.append(a.S, esdb.Any{}, some(1)...)
		}},
	}},
}

// two gives the stream two events.
func (a *asker) two() *asker {
	a.given(a.S, some(2)...)
	return a
}

// hidden is two, deleted.
func (a *asker) hidden() *asker {
	a.two().delete(a.S, esdb.Any{})
	return a
}

// dead is two with a tombstone.
func (a *asker) dead() *asker {
	a.two().tombstone(a.S, esdb.Any{})
	return a
}
