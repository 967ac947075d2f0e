package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/api/session"
	"github.com/casestream/casestream/events"
	"github.com/google/uuid"
)

const (
	serveWithin = 200 // MB
	asked       = 1000
)

// memory measures how much of it `casestream serve` has after a thousand requests on the pilot year: this very binary
// in a process of its own, asked by eight clients, one in five of them writing. It is what the kernel says of the
// process (VmRSS, mapped files included), where there is a /proc.
func memory(ctx context.Context, r *run) error {
	f := Figure{Name: "memory of serve after the pilot year and 1,000 requests", Unit: "MB", Bound: serveWithin, AtMost: true}
	if runtime.GOOS != "linux" {
		f.Unmeasured = "only Linux tells"
		r.add(f)
		return nil
	}
	dir, err := r.pilotYear(ctx)
	if err != nil {
		return err
	}
	people, err := casesOf(ctx, dir)
	if err != nil {
		return err
	}
	s, err := startServe(ctx, dir)
	if err != nil {
		return err
	}
	defer s.stop()
	before, _, _, err := s.memory()
	if err != nil {
		return err
	}
	const many = 8
	texts := words(0)
	begin := time.Now()
	err = atOnce(many, func(client int) error {
		for n := client; n < asked; n += many {
			who := people[n%len(people)]
			if err := who.ask(ctx, s.site, n, texts); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	took := time.Since(begin)
	now, most, files, err := s.memory()
	if err != nil {
		return err
	}
	f.Value = now
	f.Detail = fmt.Sprintf("%.0f MB before them, %.0f MB at most; %.0f MB are pages of files; they took %.1f s", before, most, files, took.Seconds())
	r.add(f)
	return nil
}

// carrier is a worker of the pilot year with cases, and their tokens.
type carrier struct {
	worker            uuid.UUID
	token, administer string
	cases             []uuid.UUID
}

// ask sends the n-th request: of ten, four open a case, two write a note, the others ask for a timeline, the caseload,
// outcomes and the report of the year.
func (c carrier) ask(ctx context.Context, s *site, n int, text string) error {
	id := c.cases[n/10%len(c.cases)].String()
	get := request{method: http.MethodGet, token: c.token, path: "/api/v1/cases/" + id}
	want := http.StatusOK
	switch n % 10 {
	case 0, 5:
		get = request{http.MethodPost, get.path + "/notes", c.token, newID().String(), noteBody(text)}
		want = 0 // a case that is closed says no: also an answer
	case 1:
		get.path += "/timeline"
	case 2:
		get.path = "/api/v1/caseload"
	case 3:
		get.path, get.token = "/api/v1/outcomes?from=2012-01-01&to=2012-12-31", c.administer
	case 4:
		get.path, get.token = "/api/v1/reports/2012", c.administer
	}
	_, err := s.send(ctx, get, want)
	return err
}

// casesOf finds the workers of the pilot year with their cases, and gives them tokens.
func casesOf(ctx context.Context, dir string) (people []carrier, err error) {
	a, err := app.OpenReader(ctx, app.Dir(dir))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	has := make(map[string]uuid.UUID) // worker, by stream
	var order []string
	for r, err := range a.Log.ReadAll(ctx, 0) {
		if err != nil {
			return nil, err
		}
		if fact, ok := r.Event.(events.WorkerAssigned); ok && fact.Role == "responsible" {
			if _, known := has[r.Stream]; !known {
				order = append(order, r.Stream)
			}
			has[r.Stream] = fact.Worker
		}
	}
	until := a.Now().Add(24 * time.Hour)
	administer, err := a.Tokens.Give(ctx, session.Identity{Role: session.Administrator, Name: "administrator:bench"}, until)
	if err != nil {
		return nil, err
	}
	at := make(map[uuid.UUID]int)
	for _, stream := range order {
		worker := has[stream]
		if _, known := at[worker]; !known {
			c := carrier{worker: worker, administer: administer}
			if c.token, err = a.Tokens.Give(ctx, session.Identity{Role: session.Worker, Worker: worker}, until); err != nil {
				return nil, err
			}
			at[worker] = len(people)
			people = append(people, c)
		}
		_, id, _ := events.SplitStream(stream)
		people[at[worker]].cases = append(people[at[worker]].cases, id)
	}
	if len(people) == 0 {
		return nil, errors.New("nobody in the pilot year has a case")
	}
	return people, nil
}

// memory is how many MB a process has, and had at most, and how many of those it has are pages of files.
func (s *serving) memory() (now, most, files float64, err error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		return 0, 0, 0, err
	}
	for line := range bytes.Lines(status) {
		field := bytes.Fields(line)
		if len(field) < 2 {
			continue
		}
		kiB, _ := strconv.ParseFloat(string(field[1]), 64)
		switch string(field[0]) {
		case "VmRSS:":
			now = kiB * 1024 / 1e6
		case "VmHWM:":
			most = kiB * 1024 / 1e6
		case "RssFile:":
			files = kiB * 1024 / 1e6
		}
	}
	return now, most, files, nil
}
