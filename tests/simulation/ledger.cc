#include "simulation/ledger.h"

#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

#include "simulation/machine.h"

namespace hongyan::simulation {
namespace {

constexpr std::size_t kMaxProblems = 20;

}  // namespace

void Ledger::complain(std::string what) {
  note("WRONG: " + what);
  if (problems_.size() < kMaxProblems) problems_.push_back(std::move(what));
}

void Ledger::note(std::string what) {
  const auto now = Machine::current()->now().time_since_epoch() - std::chrono::hours(1);
  log_.push_back(fmt::format("{:>8.1f} ms  {}", std::chrono::duration<double, std::milli>(now).count(), what));
}

Sent& Ledger::compose(UserId sender, v1::SendRequest request, int lane) {
  request.set_client_msg_id("m" + std::to_string(sent_.size() + 1));
  Sent& sent = sent_[{sender, request.client_msg_id()}];
  sent.sender = sender;
  sent.lane = lane;
  sent.order = orders_[{lane, request.conversation_id()}]++;
  sent.request = std::move(request);
  return sent;
}

void Ledger::acked(Sent& sent, const v1::SendResponse& ack) {
  count("acked");
  if (!sent.ack) {
    sent.ack = ack;
  } else if (sent.ack->SerializeAsString() != ack.SerializeAsString()) {
    complain(fmt::format("{} was acked as {} and as {}", sent.request.client_msg_id(), sent.ack->seq(), ack.seq()));
  }
}

void Ledger::change_acked(ConversationId conversation, std::int64_t seq, std::int64_t change) {
  std::int64_t& promised = promised_changes_[{conversation, seq}];
  promised = std::max(promised, change);
}

std::int64_t Ledger::promised_change(ConversationId conversation, std::int64_t seq) const {
  const auto found = promised_changes_.find({conversation, seq});
  return found == promised_changes_.end() ? 0 : found->second;
}

void Ledger::shown(const v1::Message& state, UserId user) {
  const ConversationId conversation(state.conversation_id());
  reached_[{user, conversation}].insert(state.seq());
  std::string now = shared_state(state);
  const auto [first, fresh] = states_.try_emplace({conversation, state.seq(), state.change()}, now);
  if (fresh || first->second == now) return;
  complain(fmt::format("{} seq {} has two states at change {}: {} and {}", conversation.value, state.seq(),
                       state.change(), in_words(first->second), in_words(now)));
}

std::string shared_state(v1::Message state) {
  state.clear_mine();
  return personal_state(std::move(state));
}

std::string personal_state(v1::Message state) {
  if (state.has_quote()) state.mutable_quote()->clear_content();
  std::sort(state.mutable_mine()->begin(), state.mutable_mine()->end());
  std::string encoded;
  google::protobuf::io::StringOutputStream bytes(&encoded);
  google::protobuf::io::CodedOutputStream out(&bytes);
  out.SetSerializationDeterministic(true);
  state.SerializeToCodedStream(&out);
  out.Trim();
  return encoded;
}

std::string in_words(const std::string& state) {
  v1::Message message;
  return message.ParseFromString(state) ? message.ShortDebugString() : "no message";
}

}  // namespace hongyan::simulation
