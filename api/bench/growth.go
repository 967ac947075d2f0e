package bench

import "context"

func growth(ctx context.Context, r *run) error { return nil }
