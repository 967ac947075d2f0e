package casefile

import (
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Client is who a client is, as far as was known. Details are what was known last, not what held on a day: who someone
// is does not change with the day that is asked for.
type Client struct {
	Stream  string          `json:"stream"`
	Version int             `json:"version"`
	Since   events.Position `json:"since"` // of the fact that gave the details
	Details events.Details  `json:"details"`
	// Forgotten is the day from which there are only numbers, codes and days; Restricted, that it is kept and not worked with.
	Forgotten  string `json:"forgotten,omitempty"`
	Restricted bool   `json:"restricted,omitempty"`
}

// SealedIn is the stream in which the client's details were sealed.
func (c *Client) SealedIn() string { return c.Stream }

func client(s *stream) *Client {
	c := &Client{Stream: s.name, Version: s.version, Forgotten: s.forgotten, Restricted: s.restricted}
	for _, h := range s.entries.All() {
		switch fact := h.Now.(type) {
		case events.ClientRegistered:
			c.Details, c.Since = fact.Details, h.First.Position
		case events.ClientDetailsAmended:
			c.Details, c.Since = fact.Details, h.First.Position
		}
	}
	return c
}

// readClient is the client of a case; nil if nothing was known of it.
func readClient(tx *readdb.Tx, id uuid.UUID, at projections.Point) (*Client, error) {
	s, err := read(tx, events.Stream("client", id), at, nil)
	if err != nil || s.version == 0 {
		return nil, err
	}
	return client(s), nil
}
