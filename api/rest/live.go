package rest

func (r *router) liveRoute() {}

