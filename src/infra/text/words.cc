#include "infra/text/words.h"

#include <utility>

namespace hongyan::text {

void Words::use(std::shared_ptr<const WordMatcher> matcher) {
  if (matcher && matcher->size() == 0) matcher = nullptr;
  // The parameter takes the one before with it, after the lock: it may be large.
  const std::lock_guard lock(mutex_);
  any_ = matcher != nullptr;
  matcher_.swap(matcher);
}

std::shared_ptr<const WordMatcher> Words::matcher() const {
  if (!any_) return nullptr;
  const std::lock_guard lock(mutex_);
  return matcher_;
}

Result<void> refuse_words(const Words& words, std::string_view text, std::string_view field) {
  const auto matcher = words.matcher();
  if (!matcher) return {};
  std::string copy(text);
  const WordFinding finding = matcher->censor(copy);
  if (!finding.block && !finding.mask) return {};
  Error error(ErrorCode::content_rejected, "a word");
  error.field = field;
  return fail(std::move(error));
}

}  // namespace hongyan::text
