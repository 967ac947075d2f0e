//go:build !mutant_forgets_command_ids

package services

// forgetsCommandIDs is true only in the mutant that `make check` proves dead.
const forgetsCommandIDs = false
