package events

import (
	"encoding/json"
	"fmt"
)

// Said is a whole entry inside another fact, under the name and in the shape that it would have on its own;
// old shapes are upcast like any other.
type Said struct{ Entry }

type said struct {
	Type   string          `json:"type"`
	Schema int             `json:"schema"`
	Data   json.RawMessage `json:"data"`
}

func (s Said) MarshalJSON() ([]byte, error) {
	if s.Entry == nil {
		return nil, fmt.Errorf("an amendment says nothing")
	}
	data, schema, err := Encode(s.Entry)
	if err != nil {
		return nil, err
	}
	return json.Marshal(said{Type: s.Entry.Type(), Schema: schema, Data: data})
}

func (s *Said) UnmarshalJSON(data []byte) error {
	var on said
	if err := json.Unmarshal(data, &on); err != nil {
		return err
	}
	event, err := Decode(on.Type, on.Schema, on.Data)
	if err != nil {
		return err
	}
	entry, ok := event.(Entry)
	if !ok {
		return fmt.Errorf("%s is not an entry", on.Type)
	}
	s.Entry = entry
	return nil
}
