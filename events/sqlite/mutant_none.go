//go:build !mutant_early_ack

package sqlite

// ackEarly is what tests must notice: see mutant_early_ack.go.
const ackEarly = false
