// A write-ahead log: records that are durable when append() returns, in segments that can be dropped from the beginning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "infra/wal/file.h"
#include "infra/wal/record.h"

namespace hongyan::wal {

struct LogOptions {
  // Created when it does not exist. Holds segments, and the beginnings of the next one.
  std::filesystem::path folder;
  // A segment that has grown to this is full. Each reserves as much on the disk.
  std::size_t segment_bytes = 64 << 20;
};

// What the owner knows, from elsewhere, of an existing log: it tells a log that lost segments from one that ends there.
struct LogMarks {
  // The last record that is no longer needed.
  RecordNo dropped = 0;
  // The first record of a segment that was begun, the newer the better; 0 when there was none yet.
  RecordNo newest = 0;
};

// A segment as it was found at opening.
struct OldSegment {
  RecordNo first = 0;
  // The payloads point into it.
  std::shared_ptr<const std::string> bytes;
  std::vector<std::string_view> payloads;
};

// Owned by a database. append() and roll() are called by one thread at a time, prepare() and drop() by another one. Errors:
// `unavailable` when there is no space left, else `internal`; after a failed append() it is not known whether the record is
// durable, and the log must be opened again before anything is appended.
class Log {
 public:
  // Reads what is there and was not dropped, and begins a new segment behind it. A torn tail is cut off; that all else is
  // whole and that nothing lacks is checked. What cannot be told to be durable, because the last process may have died
  // before it knew, is written again. Errors also: internal, with a text for the operator, when records are damaged or
  // missing.
  static Result<std::unique_ptr<Log>> open(LogOptions options, LogMarks marks, std::vector<OldSegment>& found);

  // Whether what lies in the folder, which need not be there, is whole as far as it can be told without the marks. Reads only.
  static Result<void> probe(const std::filesystem::path& folder);

  // The record is durable. `parts`, one after the other, are its payload.
  Result<void> append(std::span<const std::string_view> parts);

  // The segment in use has grown to its size.
  bool full() const { return end_ >= options_.segment_bytes; }
  // Begins a new segment; quick when it was prepared.
  Result<void> roll();
  // Takes the space of the next segment, so that roll() need not. A repeat does nothing.
  Result<void> prepare();
  // The first record of the segment in use.
  RecordNo segment_first() const { return first_; }
  RecordNo next() const { return next_; }

  // Removes the segments whose records are all up to `last`. The owner has noted it in LogMarks::dropped before.
  Result<void> drop(RecordNo last) const;

 private:
  explicit Log(LogOptions options, RecordNo next) : options_(std::move(options)), next_(next) {}

  const LogOptions options_;
  // Of the next record.
  RecordNo next_;
  // Of the segment in use.
  RecordNo first_ = 0;
  std::uint64_t salt_ = 0;
  std::size_t end_ = 0;
  std::unique_ptr<File> file_;

  std::mutex spare_mutex_;
  // The file of the next segment, without a header yet.
  std::unique_ptr<File> spare_;
};

}  // namespace hongyan::wal
