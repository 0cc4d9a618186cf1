#include "domain/moderation/rules.h"

#include <fmt/format.h>

#include "infra/crypto/hash.h"

namespace hongyan::moderation {

Result<Target> target_of(const v1::ReportTarget& target) {
  switch (target.kind_case()) {
    case v1::ReportTarget::kUserId: return Target{TargetKind::user, target.user_id(), {}};
    case v1::ReportTarget::kGroupId: return Target{TargetKind::group, target.group_id(), {}};
    case v1::ReportTarget::kMessage:
      if (target.message().seq() < 1) return fail(Error::invalid("target.message.seq", "below 1"));
      return Target{TargetKind::message, target.message().conversation_id(), Seq(target.message().seq())};
    case v1::ReportTarget::KIND_NOT_SET: break;
  }
  return fail(Error::invalid("target", "no kind"));
}

v1::ReportTarget to_proto(const Target& target) {
  v1::ReportTarget proto;
  switch (target.kind) {
    case TargetKind::user: proto.set_user_id(target.id); break;
    case TargetKind::group: proto.set_group_id(target.id); break;
    case TargetKind::message:
      proto.mutable_message()->set_conversation_id(target.id);
      proto.mutable_message()->set_seq(target.seq.value);
      break;
  }
  return proto;
}

Result<void> check_words(const WordChange& change) {
  for (const text::Word& word : change.add) {
    if (auto form = text::check_word(word.text); !form) {
      form.error().detail += ": " + word.text;
      return std::unexpected(std::move(form).error());
    }
  }
  return {};
}

std::string word_hash(std::u32string_view form) {
  std::string bytes;
  for (const char32_t code : form) bytes += fmt::format("{:x} ", static_cast<std::uint32_t>(code));
  return crypto::sha256_text(bytes);
}

std::string repeat_hash(const Report& report, ChangeNo change) {
  return crypto::sha256_text(fmt::format("{}:{}:{}:{}:{}:{}", static_cast<int>(report.kind), report.reporter.value,
                                         static_cast<int>(report.target.kind), report.target.id,
                                         report.target.seq.value, change.value));
}

}  // namespace hongyan::moderation
