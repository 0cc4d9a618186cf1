// What the slice counts.
#pragma once

#include "infra/metrics/metrics.h"

namespace hongyan::message {

// References into the process's registry. Thread-safe.
struct MessageMetrics {
  explicit MessageMetrics(metrics::Metrics& metrics)
      : accepted(metrics.counter("hongyan_messages_total", "Messages made durable.")),
        changes(metrics.counter("hongyan_message_changes_total", "Changes of messages made durable.")),
        repeats(metrics.counter("hongyan_message_repeats_total", "Sends answered with an earlier message.")),
        refused(metrics.counter("hongyan_messages_refused_total",
                                "Commands refused by permission, as a conflict or by a rule.")),
        turned_away(metrics.counter("hongyan_messages_turned_away_total",
                                    "Commands answered unavailable or timeout: queue full, too late, store failed.")),
        lines(metrics.counter("hongyan_system_lines_total", "System lines brought from the outbox into the history.")),
        dead_lines(metrics.counter("hongyan_system_lines_dead_total", "System lines that were refused for good.")),
        guard_loads(metrics.counter("hongyan_send_guard_loads_total", "Permissions loaded by the sequencer.")),
        unknown_outcomes(metrics.counter("hongyan_commit_unknown_outcomes_total",
                                         "Failures after which the message store was re-opened.")),
        waiting(metrics.gauge("hongyan_sequencer_waiting", "Commands that wait for their answer.")),
        batch(metrics.histogram("hongyan_commit_batch_messages", "Messages and changes of one commit.",
                                {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000})),
        marks(metrics.counter("hongyan_read_marks_total", "Read marks that moved.")),
        mark_commits(metrics.counter("hongyan_read_mark_commits_total", "Commits of read marks.")) {}

  metrics::Counter& accepted;
  metrics::Counter& changes;
  metrics::Counter& repeats;
  metrics::Counter& refused;
  metrics::Counter& turned_away;
  metrics::Counter& lines;
  metrics::Counter& dead_lines;
  metrics::Counter& guard_loads;
  metrics::Counter& unknown_outcomes;
  metrics::Gauge& waiting;
  metrics::Histogram& batch;
  metrics::Counter& marks;
  metrics::Counter& mark_commits;
};

}  // namespace hongyan::message
