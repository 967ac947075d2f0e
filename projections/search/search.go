// Package search answers before an intake whether someone is known: by name, and by what tells people of one name apart.
// It finds whole names and numbers, and never a part of one. What of them is shown to whom is not decided here.
//
// The index holds no words, only signs: a keyed digest of each name, number and year of birth. The key is one among the
// others, and who has the index without the keys can find out nothing with it. A sign stays when details are amended: who
// was known under a name once is found by it.
package search

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"unicode/utf8"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Projection makes signs of what is said of clients. It is kept in a database of its own.
type Projection struct{ Keys sealed.Keys }

func (Projection) Name() string { return "search" }
func (Projection) Version() int { return 1 }

func (Projection) Tables() []projections.Table {
	return []projections.Table{{
		Name: "search_sign",
		Columns: `sign   TEXT NOT NULL,
			client TEXT NOT NULL,
			PRIMARY KEY (sign, client)`,
		Key:     2,
		Ordered: true,
		Indexes: []string{"client"},
	}}
}

// Apply opens what is said, makes signs of it and lets go of it. Of someone who was forgotten it drops them all.
func (p Projection) Apply(tx *readdb.Tx, batch []projections.Fact) error {
	for _, f := range batch {
		var err error
		switch fact := f.Event.(type) {
		case events.ClientRegistered:
			err = p.sign(tx, f.Stream, fact.Details)
		case events.ClientDetailsAmended:
			err = p.sign(tx, f.Stream, fact.Details)
		default:
			if client, ok := projections.Forgets(f.Recorded); ok {
				err = tx.Exec(`DELETE FROM search_sign@ WHERE client = $1`, client.String())
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p Projection) sign(tx *readdb.Tx, stream string, details events.Details) error {
	_, client, ok := events.SplitStream(stream)
	if !ok {
		return nil
	}
	known, err := p.open(tx.Context(), stream, details)
	if errors.Is(err, sealed.ErrForgotten) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("opening what is to be found by: %w", err)
	}
	signs, err := signer(tx.Context(), p.Keys)
	if err != nil {
		return err
	}
	for _, sign := range signs.of(client, known) {
		if err := tx.Exec(`INSERT INTO search_sign@ (sign, client) VALUES ($1, $2) ON CONFLICT (sign, client) DO NOTHING`, sign, client.String()); err != nil {
			return err
		}
	}
	return nil
}

// known is what someone can be found by.
type known struct {
	names, phones, numbers []string
	years                  []string // in which they may have been born
}

// about is how far an estimated year of birth may be off.
const about = 2

func (p Projection) open(ctx context.Context, stream string, details events.Details) (k known, err error) {
	read := func(value sealed.Text) string {
		said, failed := value.Open(ctx, p.Keys, stream)
		err = errors.Join(err, failed)
		return said
	}
	k.names = append(Names(read(details.Name)), Names(read(details.OtherNames))...)
	k.phones = append(Phones(read(details.Phone)), Phones(read(details.Guardian.Phone))...)
	if number := Number(read(details.IDNumber)); utf8.RuneCountInString(number) >= leastNumber {
		k.numbers = []string{number}
	}
	if year, notOne := strconv.Atoi(Year(read(details.Birth))); notOne == nil {
		off := 0
		if details.BirthEstimated {
			off = about
		}
		for y := year - off; y <= year+off; y++ {
			k.years = append(k.years, strconv.Itoa(y))
		}
	}
	return k, err
}

// owner is whose key signs are made with. It is among the others, so that it is kept, backed up and wrapped anew with them.
const owner = "search"

// signs makes them.
type signs struct{ key *sealed.Key }

func signer(ctx context.Context, keys sealed.Keys) (signs, error) {
	key, err := keys.Sealing(ctx, owner)
	if err != nil {
		return signs{}, fmt.Errorf("the key of the search: %w", err)
	}
	return signs{key}, nil
}

// What a sign is of. A year of birth is signed together with the client: of equal years nobody can tell that they are.
const (
	aName   = "name"
	aPhone  = "phone"
	aNumber = "id_number"
	aYear   = "year"
)

func (s signs) make(pieces ...string) string {
	all := make([][]byte, len(pieces))
	for i, piece := range pieces {
		all[i] = []byte(piece)
	}
	return base64.RawURLEncoding.EncodeToString(s.key.Digest(all...))
}

// born is the sign of a year of a client; of no year, that any is known.
func (s signs) born(client uuid.UUID, year string) string {
	return s.make(aYear, client.String(), year)
}

func (s signs) of(client uuid.UUID, k known) (all []string) {
	for what, texts := range map[string][]string{aName: k.names, aPhone: k.phones, aNumber: k.numbers} {
		for _, text := range texts {
			all = append(all, s.make(what, text))
		}
	}
	for i, year := range k.years {
		if i == 0 {
			all = append(all, s.born(client, ""))
		}
		all = append(all, s.born(client, year))
	}
	return all
}
