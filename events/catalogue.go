package events

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/casestream/casestream/events/internal/canonical"
	"github.com/casestream/casestream/events/sealed"
	"github.com/go-json-experiment/json"
	jsonv1 "github.com/go-json-experiment/json/v1"
)

// The catalogue names every fact there ever was. Lines are added, never removed: what was written must be readable
// for as long as anyone may ask. The number is the version of the shape that is written today.
var catalogue = register(
	fact[ClientRegistered](1),
	fact[ClientDetailsAmended](1),
	fact[HoldPlaced](1),
	fact[HoldLifted](1),
	fact[ProcessingRestricted](1),
	fact[RestrictionLifted](1),
	fact[ForgettingRequested](1),
	fact[ForgettingChecked](1),
	fact[ForgettingApproved](1),
	fact[ForgettingWithdrawn](1),
	fact[ForgettingBegun](1),
	fact[ClientForgotten](1),

	fact[IntakeRecorded](1),
	fact[IntakeDecided](1),
	fact[ConsentRecorded](1),
	fact[ConsentWithdrawn](1),
	fact[WorkerAssigned](1),
	fact[AssessmentRecorded](1),
	fact[MeasureTaken](1),
	fact[RiskRated](1),
	fact[PlanAgreed](1),
	fact[GoalRated](1),
	fact[InterventionRecorded](1),
	fact[NoteRecorded](1),
	fact[FlagRaised](1),
	fact[FlagCleared](1),
	fact[IncidentRecorded](1),
	fact[HandoverRecorded](1),
	fact[ReferralMade](1),
	fact[ReferralAnswered](1),
	fact[ReferralCompleted](1),
	fact[CaseClosed](1),
	fact[FollowUpRecorded](1),
	fact[CaseReopened](1),
	fact[EntryAmended](1),
	fact[EntryRetracted](1),
	fact[AccessGranted](1),
	fact[AccessEnded](1),
	fact[ConflictDeclared](1),
	fact[ConflictLifted](1),

	fact[GroupPlanned](1),
	fact[MemberJoined](1),
	fact[MemberLeft](1),
	fact[ContractAgreed](1),
	fact[SessionHeld](1),
	fact[AttendanceCorrected](1),
	fact[GroupEvaluated](1),

	fact[ActivityPlanned](1),
	fact[ActivityHeld](1),
	fact[ActivityCountCorrected](1),
	fact[ActivityCancelled](1),

	fact[CommissionerNamed](1),
	fact[AgencyFounded](1),
	fact[StationOpened](1),
	fact[ProjectLaunched](1),
	fact[SiteAdded](1),
	fact[AgreementSigned](1),
	fact[PostEstablished](1),
	fact[WorkerRegistered](1),
	fact[WorkerLicensed](1),
	fact[TrainingRecorded](1),
	fact[GrantMade](1),
	fact[TargetSet](1),
	fact[ClaimPublished](1),
	fact[EvaluatorAdmitted](1),
	fact[WorkerHomeRecorded](1),

	fact[Disclosed](1),
	fact[Searched](1),
	fact[Exported](1),
	fact[Denied](1),
	fact[GlassBroken](1),
	fact[GlassReviewed](1),
)

// ErrUnknown: a fact that this version of the program does not know. Run one at least as new as the writer's.
var ErrUnknown = errors.New("a fact that this version does not know")

// shape is one line of the catalogue: a fact by its name on disk.
type shape struct {
	name   string
	schema int // written today
	typ    reflect.Type
	decode func([]byte) (Event, error)
	upcast []Upcast // upcast[n-1] makes shape n+1 of shape n
}

func fact[E Event](schema int, older ...Upcast) shape {
	var zero E
	if len(older) != schema-1 {
		panic(fmt.Sprintf("%s: version %d needs %d upcasts", zero.Type(), schema, schema-1))
	}
	quickly, room := canonical.Of(reflect.TypeFor[E]()), sync.Pool{New: func() any { return new(E) }}
	return shape{
		name: zero.Type(), schema: schema, typ: reflect.TypeFor[E](), upcast: older,
		decode: func(data []byte) (Event, error) {
			at := room.Get().(*E)
			defer func() { *at = zero; room.Put(at) }()
			if quickly != nil && quickly(data, reflect.ValueOf(at).Elem()) {
				return *at, nil
			}
			*at = zero
			err := json.Unmarshal(data, at)
			return *at, err
		},
	}
}

type shapes struct {
	byName     map[string]shape
	names      []string
	categories []string // of streams: what the names begin with
}

func register(all ...shape) shapes {
	known := shapes{byName: make(map[string]shape, len(all))}
	for _, s := range all {
		if _, twice := known.byName[s.name]; twice {
			panic(s.name + " is in the catalogue twice")
		}
		known.byName[s.name] = s
		known.names = append(known.names, s.name)
		if category, _, _ := strings.Cut(s.name, "."); !slices.Contains(known.categories, category) {
			known.categories = append(known.categories, category)
		}
	}
	return known
}

// Types lists every fact by its name on disk, in the order of the catalogue.
func Types() []string { return append([]string(nil), catalogue.names...) }

// Categories are the kinds of streams there are, in the order of the catalogue: the name of a fact begins with its own.
func Categories() []string { return append([]string(nil), catalogue.categories...) }

// Empty is a fact that says nothing yet, by its name on disk.
func Empty(name string) (Event, error) {
	s, ok := catalogue.byName[name]
	if !ok {
		return nil, fmt.Errorf("an empty %s: %w", name, ErrUnknown)
	}
	return reflect.Zero(s.typ).Interface().(Event), nil
}

// Encode is a fact as it is written today: JSON, and the version of its shape. A fact with a personal field that
// is still open is sealed.ErrOpen.
func Encode(e Event) (data []byte, schema int, err error) { return catalogue.encode(e) }

// Decode reads a fact that was written under a name in some version of its shape, however old. Its closed words may be pieces
// of data: nobody may change data from then on.
func Decode(name string, schema int, data []byte) (Event, error) {
	return catalogue.decode(name, schema, data)
}

func (known shapes) encode(e Event) ([]byte, int, error) {
	s, ok := known.byName[e.Type()]
	if !ok || reflect.TypeOf(e) != s.typ {
		return nil, 0, fmt.Errorf("encoding %s (%T): %w", e.Type(), e, ErrUnknown)
	}
	data, err := jsonv1.Marshal(e) // the bytes of encoding/json, in half the time
	if err != nil {
		return nil, 0, fmt.Errorf("encoding %s: %w", e.Type(), err)
	}
	return data, s.schema, nil
}

func (known shapes) decode(name string, schema int, data []byte) (Event, error) {
	s, ok := known.byName[name]
	if !ok || schema < 1 || schema > s.schema {
		return nil, fmt.Errorf("decoding %s, shape %d: %w", name, schema, ErrUnknown)
	}
	data, err := s.today(schema, data)
	if err != nil {
		return nil, fmt.Errorf("decoding %s, shape %d: %w", name, schema, err)
	}
	e, err := s.decode(data)
	if err != nil {
		return nil, fmt.Errorf("decoding %s, shape %d: %w", name, schema, speechless(err))
	}
	if amended, ok := e.(EntryAmended); ok && amended.Now.Entry == nil { // whoever folds it relies on what it says
		return nil, fmt.Errorf("decoding %s, shape %d: %w: it says nothing", name, schema, ErrShape)
	}
	return e, nil
}

// ErrShape: what is written is not of the shape that it is said to have.
var ErrShape = errors.New("not of that shape")

// speechless keeps of an error what says where, and leaves out what repeats the words that were read.
func speechless(err error) error {
	var wrong *json.SemanticError
	switch {
	case errors.Is(err, ErrUnknown), errors.Is(err, ErrShape), errors.Is(err, sealed.ErrTampered):
		return err
	case errors.As(err, &wrong):
		return fmt.Errorf("%w: a %s", ErrShape, wrong.GoType)
	}
	return ErrShape
}
