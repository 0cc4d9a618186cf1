// The list of everything that was acked, for who checks that it is still there after a crash.
#pragma once

#include <cstdint>
#include <string>

#include "bench/load/wire/requests.h"

namespace hongyan::bench::load {

// One line for each ack, `conversation_id seq client_msg_id`, written in blocks; complete once it is destroyed, however the
// server has ended. One thread. Failures throw std::system_error.
class AckedFile {
 public:
  // Replaces `file`. `requests` knows the client_msg_ids and outlives it.
  AckedFile(const std::string& file, const RequestWriter& requests);
  ~AckedFile();
  AckedFile(const AckedFile&) = delete;
  AckedFile& operator=(const AckedFile&) = delete;

  void add(const ConversationName& conversation, std::uint64_t seq, std::uint32_t number);

 private:
  void write();

  const RequestWriter& requests_;
  const int fd_;
  std::string gathered_;
};

}  // namespace hongyan::bench::load
