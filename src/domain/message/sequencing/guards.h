// Who may send, as far as the sequencer knows it now.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/lru.h"
#include "domain/conversation/types.h"
#include "domain/message/types.h"

namespace hongyan::message::sequencing {

// Where guards are loaded from.
class GuardSource {
 public:
  virtual ~GuardSource() = default;
  // Loads the guard of one sender in one conversation; `done` is called exactly once, from any thread, within a bounded
  // time. Errors are failures of the source; a refusal is a guard.
  virtual void load(UserPlace place, std::move_only_function<void(Result<conversation::SendGuard>)> done) = 0;
};

// A bounded cache of guards that never keeps what a bump made stale: not what is held, and not what was being loaded when
// the bump came. Sequencer thread only, owned by the sequencer.
class Guards {
 public:
  // Called with the end of each load, from any thread; must bring it back to loaded() on the sequencer's thread.
  using OnLoaded = std::function<void(UserPlace, Result<conversation::SendGuard>)>;

  Guards(GuardSource& source, std::size_t capacity, OnLoaded on_loaded)
      : source_(source), capacity_(capacity), on_loaded_(std::move(on_loaded)) {}

  // The guard, null when it is not held or has ended by itself, which drops it. Valid until the next call.
  const conversation::SendGuard* find(const UserPlace& place, TimeMs now = {});

  bool loading(const UserPlace& place) const { return loads_.contains(place); }

  // Begins to load the guard, unless that is under way.
  void load(const UserPlace& place);

  enum class Loaded { kept, failed, repeated };
  // Takes the end of a load: keeps it, or repeats it when a bump came meanwhile.
  Loaded loaded(const UserPlace& place, Result<conversation::SendGuard> guard);

  void drop_user(UserId user);
  void drop_conversation(ConversationId conversation);

 private:
  using Places = std::unordered_set<UserPlace>;

  bool stale(const UserPlace& place, std::uint64_t begun, const conversation::SendGuard& guard) const;
  void begin(const UserPlace& place);
  void keep(const UserPlace& place, conversation::SendGuard guard);
  void unindex(const UserPlace& place, const conversation::SendGuard& guard);
  void drop(const UserPlace& place);
  void note_bump(UserId user, ConversationId conversation);

  GuardSource& source_;
  const std::size_t capacity_;
  const OnLoaded on_loaded_;
  Lru<UserPlace, conversation::SendGuard> held_;
  std::unordered_map<UserId, Places> by_user_;
  std::unordered_map<ConversationId, Places> by_conversation_;

  // One bump; the other id is none (0).
  struct Bump {
    std::uint64_t number;
    UserId user;
    ConversationId conversation;
  };
  // Loads under way, each with the number of the last bump before it began.
  std::unordered_map<UserPlace, std::uint64_t> loads_;
  // Bumps since the oldest of these loads began.
  std::vector<Bump> bumps_;
  std::uint64_t last_bump_ = 0;
  // Loads that began at or before this bump are repeated whatever they depend on.
  std::uint64_t all_stale_until_ = 0;
};

}  // namespace hongyan::message::sequencing
