package outcomes

import (
	"database/sql"

	"github.com/casestream/casestream/projections/readdb"
)

// served is how often people were served in one file in one month.
type served struct {
	file, kind, month   string
	number, personTimes int
}

// readServed lets the database add up by file and month: there are far more contacts than files.
func (r *replay) readServed(tx *readdb.Tx) error {
	return tx.Query(`SELECT file, kind, substr(day, 1, 7), COUNT(*), SUM(person_times) FROM outcomes_served@
		WHERE `+holds+` AND day >= $2 AND day <= $3 GROUP BY file, kind, substr(day, 1, 7)`,
		[]any{int64(r.known), r.asked.From, r.asked.until()}, func(rows *sql.Rows) error {
			var s served
			if err := rows.Scan(&s.file, &s.kind, &s.month, &s.number, &s.personTimes); err != nil {
				return err
			}
			if _, ok := r.in(s.file); ok {
				r.served = append(r.served, s)
			}
			return nil
		})
}

// presence is that a member was at a session of a group at least once.
type presence struct{ file, member string }

func (r *replay) readPresent(tx *readdb.Tx) error {
	return tx.Query(`SELECT DISTINCT file, member FROM outcomes_present@ WHERE `+holds+` AND day >= $2 AND day <= $3`,
		[]any{int64(r.known), r.asked.From, r.asked.until()}, func(rows *sql.Rows) error {
			var p presence
			if err := rows.Scan(&p.file, &p.member); err != nil {
				return err
			}
			if _, ok := r.in(p.file); ok {
				r.presences = append(r.presences, p)
			}
			return nil
		})
}

// persons counts who was served, each once.
func (r *replay) persons() Persons {
	clients, members := make(map[string]bool), make(map[string]bool)
	for _, s := range r.served {
		if f, _ := r.in(s.file); s.kind == "contact" && s.personTimes > 0 && f.client != "" {
			clients[f.client] = true
		}
	}
	for _, p := range r.presences {
		members[p.member] = true
	}
	return Persons{ClientsServed: len(clients), GroupMembers: len(members)}
}
