//go:build mutant_forgets_command_ids

package services

const forgetsCommandIDs = true
