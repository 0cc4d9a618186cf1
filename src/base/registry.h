// Wires modules together: each is built on first use, so a module's constructor is its dependency list.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typeindex>
#include <typeinfo>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hongyan {

// One piece of wiring. Built once by the Registry, started in build order, stopped in reverse.
class Module {
 public:
  virtual ~Module() = default;
  // Opens what the module serves. Throws on failure: start-up dies with that reason.
  virtual void start() {}
  // Ends what start() began. Called once, also when a later module failed to start.
  virtual void stop() noexcept {}
};

// Owns all modules of the process. Main thread only. Seen by main, app and module.cc files, by nothing else.
class Registry {
 public:
  Registry() = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  ~Registry() {
    // Later modules use earlier ones: take them down in reverse.
    while (!built_.empty()) {
      modules_.erase(built_.back().first);
      built_.pop_back();
    }
  }

  // The module M, built with M(Registry&) when this is its first use. Throws on a cycle, and for a module that can only
  // be provided and was not.
  template <class M>
  M& need() {
    const std::type_index key(typeid(M));
    if (const auto found = modules_.find(key); found != modules_.end()) return static_cast<M&>(*found->second);
    if (std::ranges::find(building_, key) != building_.end()) {
      throw std::logic_error(std::string("module cycle through ") + typeid(M).name());
    }
    if constexpr (!std::is_constructible_v<M, Registry&>) {
      throw std::logic_error(std::string("was not provided: ") + typeid(M).name());
    } else {
      building_.push_back(key);
      auto module = std::make_unique<M>(*this);
      building_.pop_back();
      M& built = *module;
      modules_.emplace(key, std::move(module));
      built_.emplace_back(key, &built);
      return built;
    }
  }

  // Puts in a module that needs more than the registry to be built (the configuration, for example). Throws when it is
  // there already.
  template <class M>
  M& provide(std::unique_ptr<M> module) {
    const std::type_index key(typeid(M));
    M& provided = *module;
    if (!modules_.emplace(key, std::move(module)).second)
      throw std::logic_error(std::string("built twice: ") + typeid(M).name());
    built_.emplace_back(key, &provided);
    return provided;
  }

  // Starts all built modules in build order. When one throws, those before it are stopped and it is passed on.
  void start() {
    for (auto& [key, module] : built_) {
      try {
        module->start();
      } catch (...) {
        stop();
        throw;
      }
      ++started_;
    }
  }

  // Stops the started modules in reverse order. A repeat does nothing.
  void stop() noexcept {
    while (started_ > 0) built_[--started_].second->stop();
  }

 private:
  std::unordered_map<std::type_index, std::unique_ptr<Module>> modules_;
  std::vector<std::pair<std::type_index, Module*>> built_;
  std::vector<std::type_index> building_;
  std::size_t started_ = 0;
};

}  // namespace hongyan
