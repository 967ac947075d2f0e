package clients

import (
	"slices"
	"strings"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/services"
)

// Details is who a client is, as far as known, in plain words: as it is said, before it is sealed.
type Details struct {
	Name           string   `json:"name,omitempty" maxLength:"100" doc:"name; left out while it is not known"`
	OtherNames     string   `json:"other_names,omitempty" maxLength:"300" doc:"pet names, names used before"`
	Sex            string   `json:"sex,omitempty" enum:"male,female,unknown" doc:"sex"`
	Birth          string   `json:"birth,omitempty" pattern:"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" doc:"day of birth as 2006-01-02, or a shorter part of it"`
	BirthEstimated bool     `json:"birth_estimated,omitempty" doc:"the birth is an estimate"`
	IDKind         string   `json:"id_kind,omitempty" enum:"resident_id,household_register,birth_certificate,hk_macau_permit,taiwan_permit,passport,other,none" doc:"kind of identity document"`
	IDNumber       string   `json:"id_number,omitempty" maxLength:"64" doc:"number of the document"`
	Address        string   `json:"address,omitempty" maxLength:"300" doc:"present address"`
	Phone          string   `json:"phone,omitempty" maxLength:"64" doc:"telephone"`
	Guardian       Guardian `json:"guardian,omitzero" doc:"whom to ask and to call"`
}

// Guardian is whom to ask and to call.
type Guardian struct {
	Name     string `json:"name,omitempty" maxLength:"100" doc:"name"`
	Relation string `json:"relation,omitempty" enum:"father,mother,grandparent,relative,institution,other,unknown" doc:"relation to the client"`
	Phone    string `json:"phone,omitempty" maxLength:"64" doc:"telephone"`
}

var (
	sexes     = []string{"", "male", "female", "unknown"}
	documents = []string{"", "resident_id", "household_register", "birth_certificate", "hk_macau_permit", "taiwan_permit", "passport", "other", "none"}
	relations = []string{"", "father", "mother", "grandparent", "relative", "institution", "other", "unknown"}
)

// sealed refuses details that cannot be, and hands them on for sealing.
func (d Details) sealed(at time.Time) (events.Details, error) {
	switch {
	case !slices.Contains(sexes, d.Sex):
		return events.Details{}, services.Refuse(RefusedCode, "sex")
	case !slices.Contains(documents, d.IDKind):
		return events.Details{}, services.Refuse(RefusedCode, "id_kind")
	case !slices.Contains(relations, d.Guardian.Relation):
		return events.Details{}, services.Refuse(RefusedCode, "relation")
	}
	if first, _, ok := span(d.Birth); d.Birth != "" && (!ok || first.After(at)) {
		return events.Details{}, services.Refuse(RefusedBirth)
	}
	if hasNumber := strings.TrimSpace(d.IDNumber) != ""; hasNumber && (d.IDKind == "" || d.IDKind == "none") {
		return events.Details{}, services.Refuse(RefusedNumber)
	}
	say := sealed.Say
	return events.Details{
		Name: say(d.Name), OtherNames: say(d.OtherNames), Sex: d.Sex, Birth: say(d.Birth), BirthEstimated: d.BirthEstimated,
		IDKind: d.IDKind, IDNumber: say(d.IDNumber), Address: say(d.Address), Phone: say(d.Phone),
		Guardian: events.Guardian{Name: say(d.Guardian.Name), Relation: d.Guardian.Relation, Phone: say(d.Guardian.Phone)},
	}, nil
}
