package events

import (
	"encoding/base64"
	"strconv"
	"time"

	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/google/uuid"
)

// appendJSON appends the bytes that the library would make of who, when and why. They are made for every fact, so it is done
// without reflection.
func (m *Meta) appendJSON(to []byte) (_ []byte, err error) {
	to = appendID(append(to, `{"event_id":`...), m.EventID)
	to = appendID(append(to, `,"command_id":`...), m.CommandID)
	if m.Correlation != uuid.Nil {
		to = appendID(append(to, `,"correlation":`...), m.Correlation)
	}
	if m.Causation != uuid.Nil {
		to = appendID(append(to, `,"causation":`...), m.Causation)
	}
	if to, err = appendText(append(to, `,"actor":`...), m.Actor); err != nil {
		return nil, err
	}
	if m.OnBehalfOf != "" {
		if to, err = appendText(append(to, `,"on_behalf_of":`...), m.OnBehalfOf); err != nil {
			return nil, err
		}
	}
	if m.Agency != "" {
		if to, err = appendText(append(to, `,"agency":`...), m.Agency); err != nil {
			return nil, err
		}
	}
	if to, err = appendTime(append(to, `,"occurred_at":`...), m.OccurredAt); err != nil {
		return nil, err
	}
	if to, err = appendTime(append(to, `,"recorded_at":`...), m.RecordedAt); err != nil {
		return nil, err
	}
	if len(m.CommandDigest) > 0 {
		to = base64.StdEncoding.AppendEncode(append(to, `,"command_digest":"`...), m.CommandDigest)
		to = append(to, '"')
	}
	return append(strconv.AppendInt(append(to, `,"schema":`...), int64(m.Schema), 10), '}'), nil
}

func appendID(to []byte, id uuid.UUID) []byte {
	return append(append(append(to, '"'), id.String()...), '"')
}

func appendTime(to []byte, t time.Time) ([]byte, error) {
	to, err := t.AppendText(append(to, '"'))
	return append(to, '"'), err
}

// appendText appends the id of an actor or agency. One that would have to be escaped is for the library.
func appendText(to []byte, s string) ([]byte, error) {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&':
			escaped, err := jsonv1.Marshal(s)
			return append(to, escaped...), err
		}
	}
	return append(append(append(to, '"'), s...), '"'), nil
}
