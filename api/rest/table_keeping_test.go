package rest

// keepingLines are what a privacy officer does. There is no case of the client yet, so nothing has to be kept.
var keepingLines = func() []line {
	said := func(path string, more body) func(*story) body {
		return func(s *story) body {
			b := body{"entry": s.id(path), "why": secret}
			for name, value := range more {
				b[name] = value
			}
			return b
		}
	}
	asked := "/clients/{id}/forgetting-requests"
	of := func(s *story) body { return body{"request": s.id(asked)} }
	return []line{
		{"/clients/{id}/holds", []string{"/clients/{id}/registration"}, said("/clients/{id}/holds", body{"reason": "litigation"})},
		{"/clients/{id}/hold-liftings", []string{"/clients/{id}/holds"}, func(s *story) body {
			return said("/clients/{id}/hold-liftings", body{"hold": s.id("/clients/{id}/holds")})(s)
		}},
		{"/clients/{id}/restrictions", []string{"/clients/{id}/registration"}, said("/clients/{id}/restrictions", body{"reason": "objection"})},
		{"/clients/{id}/restriction-liftings", []string{"/clients/{id}/restrictions"}, said("/clients/{id}/restriction-liftings", nil)},
		{asked, []string{"/clients/{id}/registration"}, said(asked, body{"by": "guardian", "basis": "consent_withdrawn"})},
		{"/clients/{id}/forgetting-checks", []string{asked}, of},
		{"/clients/{id}/forgetting-approvals", []string{"/clients/{id}/forgetting-checks"}, of},
		{"/clients/{id}/forgetting-withdrawals", []string{asked}, func(s *story) body {
			return said("/clients/{id}/forgetting-withdrawals", body{"request": s.id(asked)})(s)
		}},
	}
}()
