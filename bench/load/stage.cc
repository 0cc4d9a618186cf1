#include "bench/load/stage.h"

#include <fmt/format.h>

#include <random>
#include <stdexcept>

#include "bench/load/wire/dialer.h"

namespace hongyan::bench::load {
namespace {

constexpr std::uint32_t kDialsAtATime = 100;
constexpr std::uint32_t kPrimedAtATime = 64;
constexpr sockets::Nanos kPrimePatience = 60 * sockets::kSecond;

// One message from everybody to each of their conversations, in order.
class Primer final : public Pace {
 public:
  Primer(Chat& chat, const Town& town) : chat_(chat), town_(town) {}

  bool done() const { return person_ == town_.people().size(); }

  void send_next() {
    while (!done() && at_ == town_.conversations_of(person_).size()) {
      ++person_;
      at_ = 0;
    }
    if (!done()) chat_.send(person_, town_.conversations_of(person_)[at_++], sockets::now(), false);
  }

 private:
  void on_acked(const Message&, sockets::Nanos) override { send_next(); }
  void on_complete(const Message&, sockets::Nanos) override {}

  Chat& chat_;
  const Town& town_;
  std::uint32_t person_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

Stage::Stage(const Options& options, Town town)
    : town_(std::move(town)),
      loop_(kSocketsATurn),
      requests_(options.format, options.text_bytes, fresh_seed()),
      chat_(loop_, requests_, town_),
      random_(options.seed) {
  sockets::raise_file_limit();
  Dialer dialer(loop_, requests_, options.port);
  chat_.take_sockets(dialer.dial(town_.people(), kDialsAtATime, chat_));
}

std::uint64_t Stage::prime() {
  Books books(town_, next_number_, nullptr);
  Primer primer(chat_, town_);
  chat_.begin(books, primer);
  for (std::uint32_t i = 0; i < kPrimedAtATime; ++i) primer.send_next();
  for (const sockets::Nanos last = sockets::now() + kPrimePatience; !primer.done() || !books.all_complete();) {
    loop_.flush();
    loop_.wait(last);
    if (!chat_.lost().empty()) throw std::runtime_error("a socket was lost while priming: " + chat_.lost());
    if (sockets::now() > last) throw std::runtime_error("priming takes too long");
  }
  next_number_ = books.next_number();
  return books.tally().sent;
}

std::vector<protocol::Person> first_people(const Options& options, std::uint32_t count) {
  auto people = protocol::read_people(options.people);
  if (people.size() < count) {
    throw std::runtime_error(fmt::format("{} has {} people, {} are asked for", options.people, people.size(), count));
  }
  people.resize(count);
  return people;
}

std::uint64_t fresh_seed() {
  std::random_device device;
  return static_cast<std::uint64_t>(device()) << 32U | device();
}

}  // namespace hongyan::bench::load
