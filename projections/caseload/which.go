package caseload

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/readdb"
)

// candidates are the cases that could be in the list: those that ever had the marks, the rarest mark first.
func candidates(tx *readdb.Tx, filter Filter) (cases []string, err error) {
	var q question
	var which string
	and := func(marks ...string) {
		if which == "" {
			which = "mark IN " + q.list(marks)
		} else {
			which += " AND case_id IN (SELECT case_id FROM caseload_mark@ WHERE mark IN " + q.list(marks) + ")"
		}
	}
	if filter.Client != "" {
		and("client " + filter.Client)
	}
	var whose []string
	for _, worker := range filter.Workers {
		whose = append(whose, "worker "+worker)
	}
	for _, actor := range filter.Actors {
		whose = append(whose, "by "+actor)
	}
	if filter.Granted != "" {
		whose = append(whose, "granted "+filter.Granted)
	}
	if whose != nil {
		and(whose...)
	}
	if filter.Project != "" {
		and("project " + filter.Project)
	}
	if filter.Category != "" {
		and("category " + filter.Category)
	}
	if which == "" {
		and("case")
	}
	err = tx.Query(`SELECT DISTINCT case_id FROM caseload_mark@ WHERE `+which+` ORDER BY case_id`, q.args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		cases = append(cases, id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("looking for the cases: %w", err)
	}
	return cases, nil
}

// admitted are those of the cases that the filter means at the point that is asked for.
func admitted(tx *readdb.Tx, filter Filter, cases []string, at projections.Point) ([]string, error) {
	whats := []string{"intake", "stage", "accepted", "worker"}
	for _, worker := range filter.Workers {
		whats = append(whats, "co "+worker)
	}
	if filter.Granted != "" {
		whats = append(whats, "granted "+filter.Granted)
	}
	if filter.Reach != nil {
		whats = append(whats, filter.Reach.whats()...)
	}
	stood, err := values(tx, cases, whats, at)
	if err != nil {
		return nil, err
	}
	stands := stood
	isNow := at.KnownAt == projections.Latest && (at.AsOf == "" || !at.Now.IsZero())
	if (filter.Reach != nil || filter.Granted != "") && !isNow {
		if stands, err = values(tx, cases, whats, projections.Point{KnownAt: projections.Latest}); err != nil {
			return nil, err
		}
	}
	var wrong error
	admitted := slices.DeleteFunc(cases, func(id string) bool {
		is, err := filter.admits(stood[id], stands[id])
		if is && err == nil && filter.Reach != nil {
			is, err = filter.Reach.admits(id, stands[id])
		}
		if err != nil {
			wrong = fmt.Errorf("case %s: %w", id, err)
		}
		return !is
	})
	return admitted, wrong
}

// admits tells whether the filter means a case as it stood; today tells what is granted.
func (f Filter) admits(s, today standing) (bool, error) {
	in, err := s.intake()
	if err != nil || s.stage() == "" {
		return false, err
	}
	for _, asked := range [][2]string{
		{f.Project, in.Project}, {f.Category, in.Category}, {f.Client, in.Client.String()}, {f.Stage, s.stage()},
	} {
		if asked[0] != "" && asked[0] != asked[1] {
			return false, nil
		}
	}
	if len(f.Workers)+len(f.Actors) == 0 && f.Granted == "" {
		return true, nil
	}
	carries := func(worker string) bool { return s["worker"].value == worker || s["co "+worker].value != "" }
	return slices.ContainsFunc(f.Workers, carries) ||
		s["worker"].value == "" && slices.Contains(f.Actors, in.OpenedBy) ||
		f.Granted != "" && today["granted "+f.Granted].value != "", nil
}

// name puts the clients' names to the rows, as known last.
func name(tx *readdb.Tx, list []Row, at projections.Point) error {
	rows := make(map[string][]*Row)
	var clients []string
	for i := range list {
		id := list[i].Client.String()
		if rows[id] == nil {
			clients = append(clients, id)
		}
		rows[id] = append(rows[id], &list[i])
	}
	for some := range slices.Chunk(clients, 500) {
		q := question{args: []any{known(at), at.Known()}}
		err := tx.Query(`SELECT client, name FROM caseload_name@ WHERE id < $1 AND until > $2 AND client IN `+q.list(some)+` ORDER BY origin`, q.args,
			func(result *sql.Rows) error {
				var client string
				var text []byte
				if err := result.Scan(&client, &text); err != nil {
					return err
				}
				for _, row := range rows[client] {
					if row.Forgotten = string(text) == forgotten; row.Forgotten {
						row.Name = sealed.Text{}
						continue
					}
					if err := json.Unmarshal(text, &row.Name); err != nil {
						return err
					}
				}
				return nil
			})
		if err != nil {
			return fmt.Errorf("reading the clients' names: %w", err)
		}
	}
	return nil
}
