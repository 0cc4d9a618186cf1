#include "domain/moderation/words/service.h"

#include "domain/moderation/api.h"
#include "domain/moderation/rules.h"
#include "infra/log/log.h"

namespace hongyan::moderation {

Result<void> WordService::load_now() {
  HY_TRY(const auto words, store_.words_now());
  in_use_.use(std::make_shared<const text::WordMatcher>(words));
  return {};
}

async::Task<Result<std::int64_t>> WordService::change(WordChange change, async::Deadline deadline) {
  HY_CO_TRY(check_words(change));
  const std::size_t added = change.add.size();
  const std::size_t removed = change.remove.size();
  // Built where the change is written, off the io threads.
  const PrepareWords prepare = [&in_use = in_use_](const std::vector<text::Word>& words) {
    return [&in_use, matcher = std::make_shared<const text::WordMatcher>(words)]() mutable {
      in_use.use(std::move(matcher));
    };
  };
  HY_CO_TRY(const std::int64_t count,
            co_await store_.change(std::move(change), clock_.now(), Api::kMaxWords, prepare, deadline));
  log::info("words_changed", {{"added", added}, {"removed", removed}, {"words", count}});
  co_return count;
}

}  // namespace hongyan::moderation
