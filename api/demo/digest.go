package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/google/uuid"
)

// Digest is a SHA-256 over every fact in a log, opened: its stream, version, type, ids, times and all that it says, by
// (stream, version). Logs with the same facts have the same digest, whatever the store, the positions and the keys.
// What was forgotten counts as forgotten.
func Digest(ctx context.Context, log events.Store, keys sealed.Keys) (string, error) {
	streams := map[string]hash.Hash{}
	for r, err := range log.ReadAll(ctx, 0) {
		if err != nil {
			return "", fmt.Errorf("digest: %w", err)
		}
		line, err := opened(ctx, keys, r)
		if err != nil {
			return "", fmt.Errorf("digest of %s, version %d: %w", r.Stream, r.Version, err)
		}
		if streams[r.Stream] == nil {
			streams[r.Stream] = sha256.New()
		}
		streams[r.Stream].Write(line)
	}
	whole := sha256.New()
	for _, stream := range slices.Sorted(maps.Keys(streams)) {
		fmt.Fprintf(whole, "%s %x\n", stream, streams[stream].Sum(nil))
	}
	return hex.EncodeToString(whole.Sum(nil)), nil
}

// opened is one fact as a line of JSON with nothing sealed in it.
func opened(ctx context.Context, keys sealed.Keys, r events.Recorded) ([]byte, error) {
	fact, err := plain(ctx, keys, r.Stream, reflect.ValueOf(r.Event))
	if err != nil {
		return nil, err
	}
	line, err := json.Marshal(map[string]any{
		"stream": r.Stream, "version": r.Version, "type": r.Event.Type(), "event": r.Meta.EventID, "command": r.Meta.CommandID,
		"correlation": r.Meta.Correlation, "causation": r.Meta.Causation, "actor": r.Meta.Actor, "for": r.Meta.OnBehalfOf, "agency": r.Meta.Agency,
		"occurred": instant(r.Meta.OccurredAt), "recorded": instant(r.Meta.RecordedAt), "fact": fact,
	})
	return append(line, '\n'), err
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// plain turns a fact into what JSON can say, opening what is sealed on the way.
func plain(ctx context.Context, keys sealed.Keys, stream string, v reflect.Value) (any, error) {
	if !v.IsValid() {
		return nil, nil
	}
	switch said := v.Interface().(type) {
	case time.Time:
		return instant(said), nil
	case uuid.UUID:
		return said.String(), nil
	}
	if open := v.MethodByName("Open"); open.IsValid() && v.Kind() == reflect.Struct {
		out := open.Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(keys), reflect.ValueOf(stream)})
		if err, _ := out[1].Interface().(error); errors.Is(err, sealed.ErrForgotten) {
			return "forgotten", nil
		} else if err != nil {
			return nil, err
		}
		return out[0].Interface(), nil
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return plain(ctx, keys, stream, v.Elem())
	case reflect.Slice, reflect.Array:
		list := make([]any, v.Len())
		for n := range list {
			var err error
			if list[n], err = plain(ctx, keys, stream, v.Index(n)); err != nil {
				return nil, err
			}
		}
		return list, nil
	case reflect.Struct:
		fields := map[string]any{}
		for n := range v.NumField() {
			if field := v.Type().Field(n); field.IsExported() {
				said, err := plain(ctx, keys, stream, v.Field(n))
				if err != nil {
					return nil, err
				}
				fields[field.Name] = said
			}
		}
		return fields, nil
	}
	return v.Interface(), nil
}
