package bell

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/casestream/casestream/events"
)

// mail is news that nobody has taken yet, coalesced: it holds little, however much is put into it.
type mail struct {
	ready chan struct{} // holds one when there is something to take

	mu       sync.Mutex
	byStream bool
	highest  events.Position
	newest   map[string]News
	much     bool // more streams than it remembers
}

// remembered is of how many streams a mail remembers the newest news. Of more it says only how far they go.
const remembered = 256

func newMail(on Subject) *mail {
	return &mail{ready: make(chan struct{}, 1), byStream: on == Views, newest: map[string]News{}}
}

func (m *mail) put(news ...News) {
	m.mu.Lock()
	for _, n := range news {
		m.keep(n)
	}
	m.mu.Unlock()
	select {
	case m.ready <- struct{}{}:
	default: // somebody was told already, and has not come yet
	}
}

func (m *mail) keep(n News) {
	m.highest = max(m.highest, n.Position)
	key := ""
	if m.byStream {
		key = n.Stream
	}
	switch before, known := m.newest[key]; {
	case m.much:
	case known && n.Position < before.Position:
	case !known && len(m.newest) == remembered:
		m.much = true
		clear(m.newest)
	default:
		m.newest[key] = n
	}
}

// take empties the mail. There is always something: at least the zero News.
func (m *mail) take() []News {
	m.mu.Lock()
	defer m.mu.Unlock()
	news := make([]News, 0, len(m.newest)+1)
	for _, n := range m.newest {
		news = append(news, n)
	}
	if len(news) == 0 {
		news = append(news, News{Position: m.highest})
	}
	slices.SortFunc(news, func(a, b News) int {
		switch {
		case a.Position < b.Position:
			return -1
		case a.Position > b.Position:
			return 1
		}
		return 0
	})
	clear(m.newest)
	m.highest, m.much = 0, false
	return news
}

// deliver takes what came over the wire. What it cannot read still means that there is news.
func (m *mail) deliver(data []byte) {
	var news []News
	if json.Unmarshal(data, &news) != nil {
		news = nil
	}
	m.put(news...)
}
