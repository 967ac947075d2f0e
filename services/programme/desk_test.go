package programme_test

import (
	"context"
	"sync"
	"testing"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/memory"
	"github.com/casestream/casestream/events/sealed/sealedtest"
	"github.com/casestream/casestream/services"
	"github.com/casestream/casestream/services/programme"
	"github.com/casestream/casestream/services/spec"
	"github.com/google/uuid"
)

// everything is one command of each kind, in an order in which they can be done.
var everything = []services.Command[programme.Programme]{
	nameBureau, foundChuxin, openStation, launch, addSite, sign,
	establish, programme.EstablishPost(post2), programme.EstablishPost(post3),
	programme.RegisterWorker{Worker: li, Name: "某社工", Post: "post-1"},
	register, license, train, give, aimAt, publish,
}

func TestADataSetLoadedTwiceIsInTheLogOnce(t *testing.T) {
	desk := services.NewDesk[programme.Programme](memory.New(), &sealedtest.Keys{})
	for _, wish := range everything {
		do(t, desk, wish)
	}
	for _, wish := range everything { // under other command ids, on what was sealed, written and read back
		if done := do(t, desk, wish); done.Version != len(everything) {
			t.Errorf("%T said again brings something new", wish)
		}
	}
}

// Run with -race: what was answered is read while commands change the programme.
func TestAnswersAreReadWhileCommandsAreDone(t *testing.T) {
	desk := services.NewDesk[programme.Programme](memory.New(), &sealedtest.Keys{})
	for _, wish := range everything {
		do(t, desk, wish)
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 200 {
				var team []uuid.UUID
				var workers []programme.Worker
				var agreements []programme.Agreement
				err := desk.Look(context.Background(), events.ProgrammeStream, func(p programme.Programme, _ int) {
					team, workers, agreements = p.Team(li), p.Workers(), p.Agreements()
				})
				if err != nil || len(team) != 2 || len(workers[0].Licences) == 0 || len(agreements[0].Projects) != 1 {
					t.Errorf("team %v, %d workers, %d agreements: %v", team, len(workers), len(agreements), err)
					return
				}
			}
		})
	}
	for i := range 100 {
		post := []string{"post-3", "post-2"}[i%2]
		do(t, desk, programme.RegisterWorker{Worker: wang, Name: "某社工", Post: post, Supervisor: li})
		do(t, desk, programme.RecordTraining{Worker: li, Kind: "专题讲座", Hours: i + 1, Day: "2012-09-01"})
	}
	do(t, desk, programme.LicenseWorker{Worker: li, Licence: "assistant_social_worker", Number: "1", Day: "2010-08-01"})
	readers.Wait()
}

func do(t *testing.T, desk *services.Desk[programme.Programme], wish services.Command[programme.Programme]) services.Done {
	t.Helper()
	meta := events.Meta{CommandID: uuid.New(), Actor: spec.Worker, OccurredAt: spec.Now, RecordedAt: spec.Now}
	done, err := desk.Do(context.Background(), events.ProgrammeStream, meta, wish)
	if err != nil {
		t.Fatalf("%T: %v", wish, err)
	}
	return done
}
