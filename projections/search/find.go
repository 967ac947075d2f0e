package search

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections/readdb"
	"github.com/google/uuid"
)

// Asked is what is said of somebody who may be known: a name, a telephone number or the number of a document. A birth
// tells those of one name apart.
type Asked struct{ Name, Birth, Phone, IDNumber string }

// Found is someone who is known, and what by: name, phone, id_number.
type Found struct {
	Client uuid.UUID
	By     []string
}

// ErrTooLittle: it is a surname, one character, or half a number.
var ErrTooLittle = errors.New("too little is said to search by")

const (
	leastName   = 2 // characters
	leastPhone  = 7 // digits
	leastNumber = 6 // letters and digits
)

// surnames of two characters: by themselves they are no whole name.
var surnames = []string{
	"欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟", "尉遲", "公孙", "公孫", "慕容", "令狐", "司徒", "司空",
	"夏侯", "南宫", "南宮", "长孙", "長孫", "宇文", "轩辕", "軒轅", "端木", "独孤", "獨孤", "呼延", "闻人", "聞人", "申屠", "太史", "澹台", "公冶",
}

// Enough refuses what says too little. Whatever is said must say enough, so that nobody takes it for compared.
func (a Asked) Enough() error {
	name, phone, number := Name(a.Name), Phone(a.Phone), Number(a.IDNumber)
	short := func(said string, least, length int) bool { return said != "" && length < least }
	switch {
	case a.Name == "" && a.Phone == "" && a.IDNumber == "",
		short(a.Name, leastName, utf8.RuneCountInString(name)),
		short(a.Phone, leastPhone, len(phone)),
		short(a.IDNumber, leastNumber, utf8.RuneCountInString(number)),
		a.Birth != "" && Year(a.Birth) == "",
		slices.Contains(surnames, name) && a.Birth == "" && phone == "" && number == "":
		return ErrTooLittle
	}
	return nil
}

// Find finds who is known by a name, a telephone number or the number of a document, in the order of their ids. Where a
// birth is said, those of the name are left out who were born in another year, as far as it is known.
func Find(ctx context.Context, db *readdb.DB, keys sealed.Keys, asked Asked) (found []Found, err error) {
	if err := asked.Enough(); err != nil {
		return nil, err
	}
	signs, err := signer(ctx, keys)
	if err != nil {
		return nil, err
	}
	year := Year(asked.Birth)
	err = db.View(ctx, Projection{}.Name(), func(tx *readdb.Tx) error {
		found = nil
		for _, by := range []struct{ what, text string }{
			{aName, Name(asked.Name)}, {aPhone, Phone(asked.Phone)}, {aNumber, Number(asked.IDNumber)},
		} {
			if by.text == "" {
				continue
			}
			clients, err := signed(tx, signs.make(by.what, by.text))
			if err != nil {
				return err
			}
			for _, client := range clients {
				if by.what == aName && year != "" {
					if other, err := bornOtherwise(tx, signs, client, year); err != nil {
						return err
					} else if other {
						continue
					}
				}
				found = add(found, client, by.what)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for who is known: %w", err)
	}
	slices.SortFunc(found, func(a, b Found) int { return slices.Compare(a.Client[:], b.Client[:]) })
	return found, nil
}

func add(found []Found, client uuid.UUID, by string) []Found {
	for i := range found {
		if found[i].Client == client {
			found[i].By = append(found[i].By, by)
			return found
		}
	}
	return append(found, Found{client, []string{by}})
}

// signed lists the clients who have a sign.
func signed(tx *readdb.Tx, sign string) ([]uuid.UUID, error) {
	return tx.IDs(`SELECT client FROM search_sign@ WHERE sign = $1`, sign)
}

// bornOtherwise tells that a client was born in another year, as far as is known.
func bornOtherwise(tx *readdb.Tx, signs signs, client uuid.UUID, year string) (bool, error) {
	var has []string
	err := tx.Query(`SELECT sign FROM search_sign@ WHERE client = $1 AND sign IN ($2, $3)`,
		[]any{client.String(), signs.born(client, ""), signs.born(client, year)}, func(rows *sql.Rows) error {
			var sign string
			err := rows.Scan(&sign)
			has = append(has, sign)
			return err
		})
	return len(has) == 1 && has[0] == signs.born(client, ""), err
}

// Left counts the signs of a client: in the generation that is read, and in those beside it, which are being made or removed.
// None: nothing of them is in the index.
func Left(ctx context.Context, db *readdb.DB, client uuid.UUID) (read, beside int, err error) {
	generations, err := db.Generations(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, g := range generations {
		if g.Projection != (Projection{}).Name() {
			continue
		}
		n, err := g.Count(ctx, db, `SELECT count(*) FROM search_sign@ WHERE client = $1`, client.String())
		if err != nil {
			return 0, 0, err
		}
		if g.Serving {
			read += n
		} else {
			beside += n
		}
	}
	return read, beside, nil
}

// Tables lists the tables of the index, of every generation that there is.
func Tables(ctx context.Context, db *readdb.DB) (tables []string, err error) {
	generations, err := db.Generations(ctx)
	for _, g := range generations {
		if g.Projection == (Projection{}).Name() {
			tables = append(tables, fmt.Sprintf("search_sign_%d", g.ID))
		}
	}
	return tables, err
}
