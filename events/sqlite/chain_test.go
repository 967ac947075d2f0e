package sqlite

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

// The example was computed once, by other means (testdata/chain.py), and is never edited: it is what others verify with.
func TestTheChainIsAsDocumented(t *testing.T) {
	text, err := os.ReadFile("testdata/chain.json")
	if err != nil {
		t.Fatal(err)
	}
	var example struct {
		Log    uuid.UUID `json:"log"`
		Start  string    `json:"start"`
		Events []struct {
			Position uint64 `json:"position"`
			Stream   string `json:"stream"`
			Version  int    `json:"version"`
			Type     string `json:"type"`
			Meta     string `json:"meta"`
			Data     string `json:"data"`
			Hash     string `json:"hash"`
		} `json:"events"`
	}
	if err := json.Unmarshal(text, &example); err != nil {
		t.Fatal(err)
	}
	hash := chainStart(example.Log)
	if got := hex.EncodeToString(hash[:]); got != example.Start {
		t.Errorf("the chain starts with %s, want %s", got, example.Start)
	}
	var scratch []byte
	for _, e := range example.Events {
		hash, scratch = chain(scratch, hash, e.Stream, row{
			position: events.Position(e.Position), version: e.Version, name: e.Type, meta: e.Meta, data: e.Data,
		})
		if got := hex.EncodeToString(hash[:]); got != e.Hash {
			t.Errorf("the hash of version %d is %s, want %s", e.Version, got, e.Hash)
		}
	}
	if len(example.Events) < 2 {
		t.Error("the example links nothing")
	}
}
