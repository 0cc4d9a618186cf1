// The rules of rules.h about what a message may carry.
#include <simdjson.h>

#include <algorithm>

#include "domain/message/rules.h"

namespace hongyan::message {
namespace {

constexpr std::size_t kMaxFallback = 1024;
constexpr std::int64_t kMaxPixels = 65'535;
constexpr std::int64_t kMaxVoiceMs = 600'000;

Error wrong(const char* field, const char* why) { return Error::invalid(std::string("content.") + field, why); }

Error too_large(const char* field) {
  Error error(ErrorCode::too_large, field);
  error.field = field;
  return error;
}

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

// Text of so many bytes; what may be left out has a lower end of 0.
Result<void> check_text(const char* field, std::string_view text, std::size_t least, std::size_t most) {
  if (text.size() < least) return fail(wrong(field, "empty"));
  if (text.size() > most) return fail(wrong(field, "too long"));
  if (!is_utf8(text)) return fail(wrong(field, "not UTF-8"));
  return {};
}

Result<void> check_bytes(const char* field, std::string_view bytes, std::size_t most) {
  if (bytes.size() > most) return fail(wrong(field, "too long"));
  return {};
}

Result<void> check_range(const char* field, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (value < low || value > high) return fail(wrong(field, "out of range"));
  return {};
}

Result<void> check_degrees(const char* field, double value, double most) {
  // Not the other way round, which a number that is none would pass.
  if (!(value >= -most && value <= most)) return fail(wrong(field, "out of range"));
  return {};
}

Result<void> check_id(const char* field, std::uint64_t id) {
  if (id == 0) return fail(wrong(field, "is missing"));
  return {};
}

// 1 to 64 characters of an identifier, `extra` among them.
Result<void> check_name(const char* field, std::string_view name, std::string_view extra) {
  const auto allowed = [extra](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || extra.contains(c);
  };
  if (name.empty() || name.size() > 64 || !std::ranges::all_of(name, allowed)) return fail(wrong(field, "no name"));
  return {};
}

Result<void> check_kind(const v1::TextContent& text) { return check_text("text.text", text.text(), 1, 64 * 1024); }

Result<void> check_kind(const v1::ImageContent& image) {
  HY_TRY(check_id("image.file_id", image.file_id()));
  HY_TRY(check_range("image.width", image.width(), 1, kMaxPixels));
  HY_TRY(check_range("image.height", image.height(), 1, kMaxPixels));
  HY_TRY(check_range("image.size", image.size(), 0, INT64_MAX));
  return check_bytes("image.thumbhash", image.thumbhash(), 64);
}

Result<void> check_kind(const v1::VoiceContent& voice) {
  HY_TRY(check_id("voice.file_id", voice.file_id()));
  HY_TRY(check_range("voice.duration_ms", voice.duration_ms(), 1, kMaxVoiceMs));
  return check_bytes("voice.waveform", voice.waveform(), 128);
}

Result<void> check_kind(const v1::VideoContent& video) {
  HY_TRY(check_id("video.file_id", video.file_id()));
  HY_TRY(check_range("video.width", video.width(), 1, kMaxPixels));
  HY_TRY(check_range("video.height", video.height(), 1, kMaxPixels));
  HY_TRY(check_range("video.duration_ms", video.duration_ms(), 0, INT64_MAX));
  return check_range("video.size", video.size(), 0, INT64_MAX);
}

Result<void> check_kind(const v1::FileContent& file) {
  HY_TRY(check_id("file.file_id", file.file_id()));
  HY_TRY(check_text("file.name", file.name(), 1, 255));
  const std::string_view name = file.name();
  if (name == "." || name == ".." || name.find_first_of(std::string_view("/\\\0", 3)) != std::string_view::npos) {
    return fail(wrong("file.name", "a path"));
  }
  HY_TRY(check_range("file.size", file.size(), 0, INT64_MAX));
  return check_text("file.mime", file.mime(), 0, 127);
}

Result<void> check_kind(const v1::LocationContent& location) {
  HY_TRY(check_degrees("location.latitude", location.latitude(), 90));
  HY_TRY(check_degrees("location.longitude", location.longitude(), 180));
  HY_TRY(check_text("location.name", location.name(), 0, 200));
  return check_text("location.address", location.address(), 0, 500);
}

Result<void> check_kind(const v1::CardContent& card) { return check_id("card.user_id", card.user_id()); }

Result<void> check_kind(const v1::StickerContent& sticker) {
  HY_TRY(check_name("sticker.set_id", sticker.set_id(), "_-"));
  return check_name("sticker.sticker_id", sticker.sticker_id(), "_-");
}

Result<void> check_kind(const v1::CustomContent& custom) {
  HY_TRY(check_name("custom.kind", custom.kind(), "_.-"));
  return check_bytes("custom.body", custom.body(), 32 * 1024);
}

Result<void> check_kind(const v1::EncryptedContent& encrypted) {
  if (encrypted.opaque().empty()) return fail(wrong("encrypted.opaque", "empty"));
  return check_bytes("encrypted.opaque", encrypted.opaque(), 64 * 1024);
}

}  // namespace

Result<void> check_content(const v1::Content& content, const ContentLimits& limits) {
  if (content.ByteSizeLong() > limits.max_bytes) return fail(too_large("content"));
  if (content.has_fallback()) HY_TRY(check_text("fallback", content.fallback(), 0, kMaxFallback));
  switch (content.kind_case()) {
    case v1::Content::kText: return check_kind(content.text());
    case v1::Content::kImage: return check_kind(content.image());
    case v1::Content::kVoice: return check_kind(content.voice());
    case v1::Content::kVideo: return check_kind(content.video());
    case v1::Content::kFile: return check_kind(content.file());
    case v1::Content::kLocation: return check_kind(content.location());
    case v1::Content::kCard: return check_kind(content.card());
    case v1::Content::kSticker: return check_kind(content.sticker());
    case v1::Content::kCustom: return check_kind(content.custom());
    case v1::Content::kEncrypted: return check_kind(content.encrypted());
    case v1::Content::kMerged: return fail(Error::invalid("content.merged", "comes only from message.forward"));
    case v1::Content::kCall: return fail(Error::invalid("content.call", "comes only from the server"));
    case v1::Content::kSystem: return fail(Error::invalid("content.system", "comes only from the server"));
    case v1::Content::KIND_NOT_SET: break;
  }
  return fail(Error::invalid("content", "no kind"));
}

bool names_file(const v1::Content& content) {
  return content.has_image() || content.has_voice() || content.has_video() || content.has_file();
}

Result<void> check_mentions(const v1::Mentions& mentions) {
  if (mentions.user_ids_size() > kMaxMentions) return fail(Error::invalid("mentions.user_ids", "too many"));
  for (const std::uint64_t user : mentions.user_ids()) {
    if (user == 0) return fail(Error::invalid("mentions.user_ids", "0 is nobody"));
  }
  return {};
}

v1::MergedItem merged_item(const StoredMessage& message) {
  v1::MergedItem item;
  item.set_sender_id(message.sender.value);
  item.set_time_ms(message.time.value);
  *item.mutable_content() = message.content;
  if (message.content.has_merged()) item.mutable_content()->mutable_merged()->clear_items();
  return item;
}

Result<void> may_forward(const StoredMessage& message) {
  if (!message.sender || message.content.has_call()) return fail(Error::invalid("items", "the server's own"));
  if (message.recalled) return fail(ErrorCode::message_recalled);
  return {};
}

}  // namespace hongyan::message
