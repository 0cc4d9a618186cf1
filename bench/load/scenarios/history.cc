#include "bench/load/scenarios/history.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

#include "bench/load/random.h"
#include "bench/load/run.h"
#include "bench/load/stage.h"
#include "bench/load/wire/dialer.h"
#include "bench/load/wire/frame_receiver.h"

namespace hongyan::bench::load {
namespace {

using sockets::Nanos;

constexpr std::uint32_t kPage = 50;
// Groups begin with lines of who has joined, and who joined later does not see the earlier ones.
constexpr std::uint32_t kBeginning = 16;
constexpr std::uint32_t kReadersDialed = 100;
// Questions of a socket under way while the heads are asked for.
constexpr std::uint32_t kHeadsAtATime = 16;
constexpr Nanos kPatience = 30 * sockets::kSecond;

// A conversation as one of its people sees it.
struct Shelf {
  ConversationName name;
  std::uint32_t person = 0;
  std::uint64_t head = 0;
};

struct Question {
  std::uint32_t shelf = 0;
  Nanos asked = 0;
};

// Asks and is answered; questions are numbered from 0. One thread.
class Reader final : public FrameReceiver {
 public:
  Reader(sockets::Loop& loop, RequestWriter& requests, const std::vector<protocol::Person>& people)
      : FrameReceiver(loop, requests) {
    for (std::uint32_t person = 0; person < people.size(); ++person) {
      for (const protocol::Direct& direct : people[person].directs) add(direct.conversation, person);
      for (const std::uint64_t group : people[person].groups) add(group, person);
    }
  }

  void take_sockets(std::vector<sockets::Socket*> sockets) { sockets_ = std::move(sockets); }

  // Learns how long every conversation is and forgets those too short for a whole page. Throws when none is left.
  void learn_heads();

  // Asks until `end`, `concurrency` questions at a time; those asked from `begin` on count.
  void read(std::uint32_t concurrency, Window& window, Random& random);

  const std::vector<Shelf>& shelves() const { return shelves_; }
  const Histogram& latency() const { return latency_; }
  const Tally& tally() const { return tally_; }
  // Answers that are not a whole page.
  std::uint64_t wrong() const { return wrong_; }

 private:
  void add(std::uint64_t conversation, std::uint32_t person) {
    shelves_.push_back({.name = ConversationName(conversation), .person = person});
  }
  void ask(std::uint32_t shelf, std::uint64_t before, std::uint32_t limit);
  void ask_random(Nanos now);
  void on_payload(sockets::Socket& socket, std::string_view payload, Nanos now) override;
  void on_head(const Question& question, const Page& page);
  void on_page(const Question& question, std::string_view payload, Nanos now);

  std::vector<Shelf> shelves_;
  std::vector<sockets::Socket*> sockets_;
  std::vector<Question> questions_;
  // While the heads are asked for: the next of all shelves.
  std::uint32_t next_shelf_ = 0;
  const Window* window_ = nullptr;
  Random* random_ = nullptr;
  Histogram latency_;
  Tally tally_;
  std::uint64_t wrong_ = 0;
};

void Reader::ask(std::uint32_t shelf, std::uint64_t before, std::uint32_t limit) {
  const auto number = static_cast<std::uint32_t>(questions_.size());
  questions_.push_back({shelf, sockets::now()});
  ++tally_.sent;
  const Shelf& of = shelves_[shelf];
  requests().append_list(loop().write(*sockets_[of.person]), of.name, number, before, limit);
}

void Reader::ask_random(Nanos now) {
  if (now >= window_->end()) return;
  const auto shelf = static_cast<std::uint32_t>(random_->below(shelves_.size()));
  const std::uint64_t least = kBeginning + kPage + 1;
  ask(shelf, least + random_->below(shelves_[shelf].head + 2 - least), kPage);
}

void Reader::learn_heads() {
  const auto together = static_cast<std::uint32_t>(sockets_.size()) * kHeadsAtATime;
  const Nanos last = sockets::now() + kPatience;
  for (; next_shelf_ < std::min<std::size_t>(shelves_.size(), together); ++next_shelf_) ask(next_shelf_, 0, 1);
  while (tally_.acked < shelves_.size()) {
    loop().flush();
    loop().wait(last);
    if (!lost().empty() || sockets::now() > last) throw std::runtime_error("the heads of conversations did not come");
  }
  std::erase_if(shelves_, [](const Shelf& shelf) { return shelf.head < kBeginning + kPage; });
  if (shelves_.empty()) throw std::runtime_error("no conversation is long enough for a page");
  tally_ = {};
  questions_.clear();
}

void Reader::read(std::uint32_t concurrency, Window& window, Random& random) {
  window_ = &window;
  random_ = &random;
  for (std::uint32_t i = 0; i < concurrency; ++i) ask_random(sockets::now());
  const Nanos last = window.end() + kPatience;
  for (Nanos now = sockets::now(); now < last && lost().empty(); now = sockets::now()) {
    window.pass(now, tally_);
    if (window.over() && tally_.acked == tally_.sent) return;
    loop().flush();
    loop().wait(window.next(last));
  }
}

void Reader::on_payload(sockets::Socket&, std::string_view payload, Nanos now) {
  const Answer answer = read_answer(requests().format(), payload);
  std::uint32_t number = 0;
  if (answer.kind != Kind::ok && answer.kind != Kind::error) return;
  if (!protocol::read_hex(answer.id, number) || number >= questions_.size()) return;
  const Question question = questions_[number];
  ++tally_.acked;
  if (window_ == nullptr) {
    on_head(question, answer.kind == Kind::ok ? read_page(requests().format(), payload) : Page{});
  } else {
    on_page(question, payload, now);
  }
}

void Reader::on_head(const Question& question, const Page& page) {
  shelves_[question.shelf].head = page.head_seq;
  if (next_shelf_ < shelves_.size()) ask(next_shelf_++, 0, 1);
}

void Reader::on_page(const Question& question, std::string_view payload, Nanos now) {
  const Page page = read_page(requests().format(), payload);
  if (page.to_seq + 1 - page.from_seq != kPage && ++wrong_ == 1) {
    fmt::print(stderr, "hongyan-bench: not a page of {}: {}..{} of {}: {}\n", kPage, page.from_seq, page.to_seq,
               shelves_[question.shelf].name.text(), payload.substr(0, 200));
  }
  if (window_->contains(question.asked)) latency_.add(now - question.asked);
  ask_random(now);
}

}  // namespace

int run_history(const Options& options, std::uint32_t concurrency) {
  sockets::raise_file_limit();
  const auto people = first_people(options, options.connections);
  sockets::Loop loop(Stage::kSocketsATurn);
  RequestWriter requests(options.format, options.text_bytes, fresh_seed());
  Reader reader(loop, requests, people);
  Dialer dialer(loop, requests, options.port);
  reader.take_sockets(dialer.dial(people, kReadersDialed, reader));
  reader.learn_heads();

  Random random(options.seed);
  const Nanos begin = sockets::now() + sockets::seconds(options.warmup_s);
  Window window(begin, begin + sockets::seconds(options.seconds), options.server_pid);
  reader.read(concurrency, window, random);

  Row row("history");
  row.word("format", name_of(options.format));
  row.count("connections", people.size());
  row.count("concurrency", concurrency);
  row.count("conversations", reader.shelves().size());
  std::uint64_t messages = 0;
  for (const Shelf& shelf : reader.shelves()) messages += shelf.head;
  row.count("messages", messages);
  const std::uint64_t missing = reader.tally().sent - reader.tally().acked;
  row.count("unanswered", missing);
  row.count("wrong", reader.wrong());
  if (!reader.lost().empty()) row.word("connection_lost", reader.lost());
  if (!window.over()) return print(std::move(row), options, {.failed = true});
  row.number("pages_per_s", static_cast<double>(window.tally().acked) / window.seconds(), 0);
  row.latency("page_ms", reader.latency().percentiles());
  bool noisy = describe_machine(row, window.use(), window.seconds(), window.tally().acked, "page");
  noisy |= describe_freezes(row, window.freezes(), window.seconds());
  return print(std::move(row), options, {.failed = missing + reader.wrong() > 0, .noisy = noisy});
}

}  // namespace hongyan::bench::load
