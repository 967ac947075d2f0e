// Package admin is what an operator's programs look at, on a listener of its own that is off unless it is asked for:
// metrics for Prometheus, and profiles. It names no one: labels are routes by their pattern, statuses and views, and a
// profile has places in the program and no values.
package admin

import (
	"context"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"github.com/casestream/casestream/api/app"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Admin counts what is asked for, and shows it.
type Admin struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// New counts from now on. What is known of the log and the views is looked up when somebody asks.
func New(a *app.App) *Admin {
	m := &Admin{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "casestream_http_requests_total", Help: "Requests that were answered.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "casestream_http_request_seconds", Help: "How long an answer took.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, folded{a}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts one answer. A route is a pattern: /api/v1/cases/:id.
func (m *Admin) Observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// Handler shows the metrics at /metrics, and profiles below /debug/pprof/. The command line, which pprof would show too,
// is left out: there may be a password in it.
func (m *Admin) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// folded tells how far the log is, and every view behind it.
type folded struct{ app *app.App }

var (
	logUp    = prometheus.NewDesc("casestream_log_up", "1 if the log answers.", nil, nil)
	logAt    = prometheus.NewDesc("casestream_log_position", "Where the log ends.", nil, nil)
	viewAt   = prometheus.NewDesc("casestream_view_position", "How far a view is folded.", []string{"view"}, nil)
	parkedAt = prometheus.NewDesc("casestream_view_parked", "1 if a view goes no further.", []string{"view"}, nil)
)

// Describe names what there is.
func (folded) Describe(all chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{logUp, logAt, viewAt, parkedAt} {
		all <- d
	}
}

// patience is how long the log may take to say where it ends.
const patience = 2 * time.Second

// Collect looks.
func (f folded) Collect(all chan<- prometheus.Metric) {
	gauge := func(of *prometheus.Desc, value float64, labels ...string) {
		all <- prometheus.MustNewConstMetric(of, prometheus.GaugeValue, value, labels...)
	}
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	if head, err := f.app.Log.Head(ctx); err == nil {
		gauge(logUp, 1)
		gauge(logAt, float64(head))
	} else {
		gauge(logUp, 0)
	}
	if f.app.Projector == nil {
		return
	}
	for _, s := range f.app.Projector.Status() {
		parked := 0.0
		if s.Parked != "" {
			parked = 1
		}
		gauge(viewAt, float64(s.Position), s.View)
		gauge(parkedAt, parked, s.View)
	}
}
