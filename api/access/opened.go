package access

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
)

// Opened is what was opened for one reader while an answer was written: in which streams, of which classes. What it says
// comes from the sealed values themselves, so nobody can forget to declare it. The zero Opened is nothing.
//
// It also remembers the names and addresses of clients, for the rules of the unusual (Marks), as long as the answer is
// made and no longer: none of them is ever written down.
type Opened struct {
	streams map[string]classes

	last     string // the stream that was opened last, which most values follow
	lastHas  classes
	names    []string
	dwelling []string
}

// classes is a set of them.
type classes uint8

var inOrder = []sealed.Class{sealed.Identity, sealed.Clinical, sealed.Disclosure}

func setOf(class sealed.Class) classes { return 1 << (slices.Index(inOrder, class) + 1) }

func (c classes) list() (all []sealed.Class) {
	for _, class := range inOrder {
		if c&setOf(class) != 0 {
			all = append(all, class)
		}
	}
	return all
}

// Value is a sealed value, whatever is in it.
type Value interface {
	Class() sealed.Class
	Field() string
}

// Saw notes that a value was opened that had been sealed in a stream. said is what it says, as JSON.
func (o *Opened) Saw(stream string, value Value, said []byte) {
	set := setOf(value.Class())
	if o.streams == nil {
		o.streams = make(map[string]classes)
	}
	if stream != o.last || o.lastHas&set == 0 {
		o.last, o.lastHas = stream, o.streams[stream]|set
		o.streams[stream] = o.lastHas
	}
	if set != setOf(sealed.Identity) || !strings.HasPrefix(stream, "client-") {
		return
	}
	switch value.Field() {
	case "name", "other_names", "guardian/name":
		o.names = append(o.names, text(said))
	case "address":
		o.dwelling = append(o.dwelling, text(said))
	}
}

func text(said []byte) string {
	var words string
	_ = json.Unmarshal(said, &words)
	return words
}

// Nothing tells that nothing was opened.
func (o *Opened) Nothing() bool { return len(o.streams) == 0 }

// Shown lists what was opened as the read log keeps it: the same for the same set, streams of the same classes together.
func (o *Opened) Shown() []events.Shown {
	if o.Nothing() {
		return nil
	}
	alike := make(map[classes][]string)
	for stream, set := range o.streams {
		alike[set] = append(alike[set], stream)
	}
	shown := make([]events.Shown, 0, len(alike))
	for set, streams := range alike {
		slices.Sort(streams)
		shown = append(shown, events.Shown{Classes: set.list(), Streams: streams})
	}
	slices.SortFunc(shown, func(a, b events.Shown) int { return cmp.Compare(a.Streams[0], b.Streams[0]) })
	return shown
}

// One is the one case or client that was opened by itself, as its stream; empty where nothing was, or where it was a list.
func (o *Opened) One() string {
	var cases, clients []string
	for stream := range o.streams {
		switch category, _, _ := strings.Cut(stream, "-"); category {
		case "case":
			cases = append(cases, stream)
		case "client":
			clients = append(clients, stream)
		}
	}
	switch {
	case len(cases) == 1 && len(clients) <= 1:
		return cases[0]
	case len(cases) == 0 && len(clients) == 1:
		return clients[0]
	}
	return ""
}
