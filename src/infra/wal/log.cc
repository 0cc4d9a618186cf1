#include "infra/wal/log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <random>
#include <ranges>
#include <span>

#include "infra/log/log.h"

namespace hongyan::wal {
namespace {

constexpr std::string_view kExtension = ".wal";
constexpr std::string_view kSpare = "spare";
constexpr std::string_view kLeaving = "leaving";
// Given back to the file system at a time: while it frees all of a segment, whoever syncs another file waits for it.
constexpr std::size_t kFreed = 1 << 20;

std::filesystem::path segment_path(const std::filesystem::path& folder, RecordNo first) {
  return folder / fmt::format("{:020}{}", first, kExtension);
}

// The first record of each segment in the folder, ascending.
Result<std::vector<RecordNo>> segments_in(const std::filesystem::path& folder) {
  std::vector<RecordNo> segments;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(folder, failed)) {
    const std::string name = entry.path().filename().string();
    RecordNo first = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), first);
    if (error == std::errc() && end == name.data() + name.size() - kExtension.size() && name.ends_with(kExtension)) {
      segments.push_back(first);
    }
  }
  if (failed) return fail(ErrorCode::internal, "cannot read " + folder.string() + ": " + failed.message());
  std::ranges::sort(segments);
  return segments;
}

// How many of the first segments hold nothing but records up to `last`.
std::size_t count_up_to(std::span<const RecordNo> segments, RecordNo last) {
  std::size_t count = 0;
  while (count + 1 < segments.size() && segments[count + 1] <= last + 1) ++count;
  return count;
}

Error missing(const std::filesystem::path& folder, RecordNo first) {
  return Error(ErrorCode::internal,
               fmt::format("records from {} on are missing in {} (restore a backup; nothing was changed)", first,
                           folder.string()));
}

// It loses its name first: what is left of it is no segment.
Result<void> remove_segment(const std::filesystem::path& folder, RecordNo first) {
  const auto leaving = folder / kLeaving;
  HY_TRY(rename_file(segment_path(folder, first), leaving));
  HY_TRY(sync_folder(folder));
  HY_TRY(File file, File::open(leaving));
  std::error_code failed;
  for (auto left = std::filesystem::file_size(leaving, failed); !failed && left > kFreed; left -= kFreed) {
    HY_TRY(file.cut(left - kFreed));
  }
  std::filesystem::remove(leaving, failed);
  if (failed) return fail(ErrorCode::internal, "cannot remove a segment: " + failed.message());
  return {};
}

std::uint64_t random_salt() {
  std::random_device random;
  return (std::uint64_t{random()} << 32) | random();
}

// What the bytes of a segment hold. Only the newest one may end with what was never acknowledged.
Result<SegmentContent> content_of(const std::filesystem::path& path, std::string_view bytes, bool newest) {
  auto content = read_segment(bytes);
  if (content && (newest || !content->torn)) return content;
  const std::string why = content ? "a full segment does not end with a record" : content.error().detail;
  return fail(ErrorCode::internal, path.string() + ": " + why + " (restore a backup; nothing was changed)");
}

// Reads one segment, and cuts off what was never acknowledged.
Result<OldSegment> read(const std::filesystem::path& path, bool newest) {
  HY_TRY(File file, File::open(path));
  HY_TRY(auto bytes, file.read_all());
  const auto shared = std::make_shared<const std::string>(std::move(bytes));
  HY_TRY(auto content, content_of(path, *shared, newest));
  if (content.torn) log::warn("log_tail_cut", {{"records", content.payloads.size()}, {"bytes", content.end}});
  if (newest) {
    // The process that wrote it may have died before it knew whether the last record was durable; what is read here may be
    // in memory only.
    const std::string_view last =
        std::string_view(*shared).substr(content.last_begin, content.end - content.last_begin);
    HY_TRY(file.cut(content.end));
    HY_TRY(file.write(content.last_begin, std::span(&last, 1)));
    HY_TRY(file.sync());
  }
  return OldSegment{content.first, shared, std::move(content.payloads)};
}

}  // namespace

Result<std::unique_ptr<Log>> Log::open(LogOptions options, LogMarks marks, std::vector<OldSegment>& found) {
  std::error_code failed;
  std::filesystem::create_directories(options.folder, failed);
  if (failed) return fail(ErrorCode::internal, "cannot create " + options.folder.string() + ": " + failed.message());
  HY_TRY(const auto segments, segments_in(options.folder));
  RecordNo next = marks.dropped + 1;
  for (const RecordNo first : segments | std::views::drop(count_up_to(segments, marks.dropped))) {
    const auto path = segment_path(options.folder, first);
    HY_TRY(OldSegment segment, read(path, first == segments.back()));
    const RecordNo behind = segment.first + segment.payloads.size();
    if (segment.first != first) return fail(ErrorCode::internal, path.string() + " holds another segment");
    if (behind <= next) continue;
    if (first > next) return fail(missing(options.folder, next));
    next = behind;
    found.push_back(std::move(segment));
  }
  const bool lost = marks.newest != 0 && std::ranges::find(segments, marks.newest) == segments.end();
  if (lost && marks.newest > marks.dropped) return fail(missing(options.folder, marks.newest));
  // The last process may have ended while it removed one.
  std::filesystem::remove(options.folder / kLeaving, failed);
  std::unique_ptr<Log> log(new Log(std::move(options), next));
  HY_TRY(log->roll());
  return log;
}

Result<void> Log::probe(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder)) return {};
  HY_TRY(const auto segments, segments_in(folder));
  for (const RecordNo first : segments) {
    const auto path = segment_path(folder, first);
    HY_TRY(File file, File::open(path));
    HY_TRY(const auto bytes, file.read_all());
    HY_TRY(content_of(path, bytes, first == segments.back()));
  }
  return {};
}

Result<void> Log::append(std::span<const std::string_view> parts) {
  const auto header = record_header(next_, salt_, parts);
  std::vector<std::string_view> all{{header.data(), header.size()}};
  all.insert(all.end(), parts.begin(), parts.end());
  HY_TRY(file_->write(end_, all));
  HY_TRY(file_->sync());
  for (const std::string_view part : all) end_ += part.size();
  ++next_;
  return {};
}

Result<void> Log::roll() {
  const std::uint64_t salt = random_salt();
  const auto header = segment_header(next_, salt);
  const std::string_view bytes(header.data(), header.size());
  HY_TRY(prepare());
  std::unique_lock lock(spare_mutex_);
  HY_TRY(spare_->write(0, std::span(&bytes, 1)));
  HY_TRY(spare_->sync());
  // It has its name only with its header. A segment of that name holds nothing that was ever acknowledged.
  HY_TRY(rename_file(options_.folder / kSpare, segment_path(options_.folder, next_)));
  HY_TRY(sync_folder(options_.folder));
  // What was reserved and not needed; a crash may undo it, and zeros are no records.
  if (file_) HY_TRY(file_->cut(end_));
  file_ = std::move(spare_);
  first_ = next_;
  salt_ = salt;
  end_ = bytes.size();
  return {};
}

Result<void> Log::prepare() {
  const std::lock_guard lock(spare_mutex_);
  if (spare_) return {};
  HY_TRY(File file, File::open(options_.folder / kSpare));
  HY_TRY(file.cut(0));
  HY_TRY(file.reserve(options_.segment_bytes));
  HY_TRY(file.sync());
  spare_ = std::make_unique<File>(std::move(file));
  return {};
}

Result<void> Log::drop(RecordNo last) const {
  HY_TRY(const auto segments, segments_in(options_.folder));
  for (const RecordNo first : segments | std::views::take(count_up_to(segments, last))) {
    HY_TRY(remove_segment(options_.folder, first));
  }
  return {};
}

}  // namespace hongyan::wal
