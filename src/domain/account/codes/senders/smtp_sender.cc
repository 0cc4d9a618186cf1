#include "domain/account/codes/senders/smtp_sender.h"

#include <fmt/format.h>

#include "domain/account/codes/senders/texts.h"
#include "infra/mail/message.h"

namespace hongyan::account {

Result<void> SmtpSender::send(const CodeLetter& letter, std::chrono::milliseconds timeout,
                              const std::atomic<bool>& stopped) const {
  const mail::Message message{.from = from_,
                              .from_name = "Hongyan",
                              .to = letter.to.text,
                              .subject = subject_of(letter),
                              .text = text_of(letter)};
  std::string id;
  for (const char byte : random_.bytes(16)) id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  const std::string wire = mail::to_wire(message, clock_.now(), id);
  return mail::deliver(server_, from_, letter.to.text, wire, timeout, stopped);
}

}  // namespace hongyan::account
