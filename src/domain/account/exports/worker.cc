#include "domain/account/exports/worker.h"

#include <algorithm>
#include <span>

#include "infra/log/log.h"

namespace hongyan::account {
namespace {

using namespace std::chrono_literals;

// Between two looks for what was asked for, which cost nothing.
constexpr std::chrono::milliseconds kLook = 200ms;
// Between two looks for what is over, and two tries.
constexpr std::chrono::milliseconds kSweep = 10s;
constexpr std::chrono::milliseconds kExportPatience = 10s;
constexpr std::size_t kExportsAtOnce = 100;
constexpr std::size_t kStraysAtOnce = 500;
constexpr int kTries = 3;
// How far one has got is written down after so many parts.
constexpr int kPartsBetween = 20;

}  // namespace

void ExportWorker::stop() noexcept {
  stopping_ = true;
  turns_.stop(kExportPatience);
}

async::Task<std::chrono::milliseconds> ExportWorker::turn() {
  const TimeMs now = clock_.now();
  const bool sweeps = now.value - swept_.value >= kSweep.count();
  if (sweeps) {
    swept_ = now;
    auto over = co_await store_.drop_expired(now, kExportsAtOnce, async::deadline_in(kExportPatience));
    if (over) (void)co_await remove_files(*std::move(over), async::deadline_in(kExportPatience));
    if (!strays_removed_) strays_removed_ = (co_await remove_strays()).has_value();
  }
  if (!asked_.exchange(false) && (failures_.empty() || !sweeps)) co_return kLook;
  const auto running = co_await store_.running(kExportsAtOnce, async::deadline_in(kExportPatience));
  if (!running) {
    asked_ = true;
    co_return kLook;
  }
  // Of those that are gone nothing is to be tried again.
  std::erase_if(failures_, [&](const auto& failed) {
    return std::ranges::find(*running, failed.first, &Export::id) == running->end();
  });
  for (const Export& one : *running) {
    if (stopping_) break;
    co_await write_or_give_up(one);
  }
  co_return kLook;
}

async::Task<void> ExportWorker::write_or_give_up(Export one) {
  auto written = co_await write(one);
  if (stopping_ || written) {
    failures_.erase(one.id);
    co_return;
  }
  const int failures = ++failures_[one.id];
  log::warn("export_not_written", {{"user", one.user}, {"export", one.id}, {"detail", written.error().detail}});
  if (failures < kTries) co_return;
  failures_.erase(one.id);
  one.state = v1::EXPORT_STATE_FAILED;
  one.expires = TimeMs(clock_.now().value + keep_.count());
  (void)co_await store_.advance(one, async::deadline_in(kExportPatience));
  (void)co_await remove_files({one}, async::deadline_in(kExportPatience));
}

// The whole file, from its beginning.
async::Task<Result<void>> ExportWorker::write(Export one) {
  one.bytes = 0;
  one.lines = 0;
  HY_CO_TRY(co_await pool_.run(async::deadline_in(kExportPatience), [this, id = one.id] { return files_.create(id); }));
  for (ExportSource* source : sources_) {
    HY_CO_TRY(bool wanted, co_await write_source(*source, one));
    if (wanted) {
      HY_CO_TRY(wanted, co_await store_.advance(one, async::deadline_in(kExportPatience)));
    }
    // The account went meanwhile, and the export with it.
    if (!wanted) co_return co_await remove_files({one}, async::deadline_in(kExportPatience));
  }
  HY_CO_TRY(co_await pool_.run(async::deadline_in(kExportPatience), [this, id = one.id] { return files_.sync(id); }));
  one.state = v1::EXPORT_STATE_READY;
  one.expires = TimeMs(clock_.now().value + keep_.count());
  HY_CO_TRY(const bool ready, co_await store_.advance(one, async::deadline_in(kExportPatience)));
  if (!ready) co_return co_await remove_files({one}, async::deadline_in(kExportPatience));
  log::info("export_ready", {{"user", one.user}, {"export", one.id}, {"bytes", one.bytes}, {"lines", one.lines}});
  co_return Result<void>();
}

// All parts of one slice; false when nobody wants it any more.
async::Task<Result<bool>> ExportWorker::write_source(ExportSource& source, Export& one) {
  std::string from;
  for (int parts = 1;; ++parts) {
    if (stopping_) co_return fail(ErrorCode::unavailable, "stopping");
    HY_CO_TRY(auto part, co_await source.read(one.user, std::move(from), async::deadline_in(kExportPatience)));
    one.bytes += std::ssize(part.text);
    one.lines += part.lines;
    HY_CO_TRY(co_await pool_.run(async::deadline_in(kExportPatience),
                                 [this, id = one.id, text = std::move(part.text)] { return files_.append(id, text); }));
    if (!part.next) co_return true;
    from = *std::move(part.next);
    if (parts % kPartsBetween != 0) continue;
    HY_CO_TRY(const bool wanted, co_await store_.advance(one, async::deadline_in(kExportPatience)));
    if (!wanted) co_return false;
  }
}

// Files whose export was dropped right before a crash.
async::Task<Result<void>> ExportWorker::remove_strays() {
  HY_CO_TRY(const auto ids, co_await pool_.run(async::deadline_in(kExportPatience), [this] { return files_.all(); }));
  for (std::size_t begin = 0; begin < ids.size(); begin += kStraysAtOnce) {
    const auto some = std::span(ids).subspan(begin, std::min(kStraysAtOnce, ids.size() - begin));
    HY_CO_TRY(const auto living,
              co_await store_.living({some.begin(), some.end()}, async::deadline_in(kExportPatience)));
    std::vector<Export> strays;
    for (const ExportId id : some) {
      if (std::ranges::find(living, id) == living.end())
        strays.push_back({id, UserId(), v1::EXPORT_STATE_UNSPECIFIED, TimeMs()});
    }
    HY_CO_TRY(co_await remove_files(std::move(strays), async::deadline_in(kExportPatience)));
  }
  co_return Result<void>();
}

async::Task<Result<void>> ExportWorker::remove_files(std::vector<Export> exports, async::Deadline deadline) {
  if (exports.empty()) co_return Result<void>();
  co_return co_await pool_.run(deadline, [this, exports = std::move(exports)]() -> Result<void> {
    for (const Export& one : exports) HY_TRY(files_.remove(one.id));
    return {};
  });
}

async::Task<Result<bool>> ExportWorker::forget(UserId user, async::Deadline deadline) {
  HY_CO_TRY(auto all, co_await store_.drop_all(user, deadline));
  HY_CO_TRY(co_await remove_files(std::move(all), deadline));
  co_return true;
}

}  // namespace hongyan::account
