package programme

import (
	"github.com/casestream/casestream/events"
)

// Who is in the programme: commissioners, agencies, stations. Commissioners and agencies share their codes, because
// a post names its employer, which is one or the other.

// NameCommissioner names a department that commissions services (试点单位).
type NameCommissioner struct {
	Commissioner string `json:"commissioner" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code; no agency has the same"`
	Names        Names  `json:"names" doc:"what it is called"`
}

func (cmd NameCommissioner) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.CommissionerNamed{Commissioner: cmd.Commissioner, Names: cmd.Names.said()}
	if before, taken := p.commissioners.find(cmd.Commissioner); taken || p.agencies.has(cmd.Commissioner) {
		return again(before == now, cmd.Commissioner)
	}
	if err := first(wellFormed("commissioner", cmd.Commissioner)); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}

// FoundAgency enters a social-work agency (社工机构).
type FoundAgency struct {
	Agency   string `json:"agency" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code; no commissioner has the same"`
	Names    Names  `json:"names" doc:"what it is called"`
	BackedBy string `json:"backed_by,omitempty" maxLength:"200" doc:"who stands behind it: a university, a foundation"`
}

func (cmd FoundAgency) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.AgencyFounded{Agency: cmd.Agency, Names: cmd.Names.said(), BackedBy: cmd.BackedBy}
	if before, taken := p.agencies.find(cmd.Agency); taken || p.commissioners.has(cmd.Agency) {
		return again(before == now, cmd.Agency)
	}
	if err := first(wellFormed("agency", cmd.Agency)); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}

// OpenStation enters a social-work station (社工站).
type OpenStation struct {
	Station      string `json:"station" minLength:"1" maxLength:"60" pattern:"^[a-z0-9]+(-[a-z0-9]+)*$" doc:"its code"`
	Names        Names  `json:"names" doc:"what it is called"`
	Agency       string `json:"agency,omitempty" maxLength:"60" doc:"code of the agency that runs it"`
	Commissioner string `json:"commissioner,omitempty" maxLength:"60" doc:"code of the commissioner that keeps it; one of the two at least"`
}

func (cmd OpenStation) Decide(p Programme, _ events.Meta) ([]events.Event, error) {
	now := events.StationOpened{
		Station: cmd.Station, Names: cmd.Names.said(), Agency: cmd.Agency, Commissioner: cmd.Commissioner,
	}
	if before, taken := p.stations.find(cmd.Station); taken {
		return again(before == now, cmd.Station)
	}
	if err := first(
		wellFormed("station", cmd.Station),
		rule{cmd.Agency != "" || cmd.Commissioner != "", RefusedOwner, ""},
		ifSaid("agency", cmd.Agency, p.agencies.has(cmd.Agency)),
		ifSaid("commissioner", cmd.Commissioner, p.commissioners.has(cmd.Commissioner)),
	); err != nil {
		return nil, err
	}
	return []events.Event{now}, nil
}
