//go:build mutant_early_ack

package sqlite

// ackEarly breaks the one promise that matters, so that tests can prove that they would notice: with the tag
// mutant_early_ack, an append is answered before the disk has it.
const ackEarly = true
