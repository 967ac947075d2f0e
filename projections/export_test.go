package projections

// Sizes sets how many facts go into one transaction.
func (p *Projector) Sizes(few, many int) *Projector {
	p.few, p.many = few, many
	return p
}
