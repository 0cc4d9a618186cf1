#include "domain/message/sequencing/command.h"

namespace hongyan::message::sequencing {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

// What a change of a stored message costs beside its own fields.
constexpr std::size_t kChangeBytes = 256;

}  // namespace

std::optional<MessageKey> key_of(const Command& command) {
  if (const auto* send = std::get_if<SendAction>(&command.action))
    return MessageKey{command.actor, send->client_msg_id};
  if (const auto* line = std::get_if<SystemLineAction>(&command.action)) return MessageKey{{}, line->client_msg_id};
  return std::nullopt;
}

ContentHash hash_of(const Command& command) {
  if (const auto* send = std::get_if<SendAction>(&command.action)) return send->hash;
  if (const auto* line = std::get_if<SystemLineAction>(&command.action)) return line->hash;
  return {};
}

std::size_t bytes_of(const Command& command) {
  return std::visit(Overloaded{[](const SendAction& send) { return send.content.ByteSizeLong(); },
                               [](const SystemLineAction& line) { return line.content.ByteSizeLong(); },
                               [](const EditAction& edit) { return kChangeBytes + edit.content.ByteSizeLong(); },
                               [](const auto&) { return kChangeBytes; }},
                    command.action);
}

bool adds_content(const Command& command) {
  return std::holds_alternative<SendAction>(command.action) || std::holds_alternative<EditAction>(command.action);
}

std::optional<Place> target_of(const Command& command) {
  const auto seq = std::visit(Overloaded{[](const SendAction& send) { return send.quote; },
                                         [](const SystemLineAction&) { return std::optional<Seq>(); },
                                         [](const auto& change) { return std::optional(change.seq); }},
                              command.action);
  if (!seq) return std::nullopt;
  return Place{command.conversation, *seq};
}

}  // namespace hongyan::message::sequencing
