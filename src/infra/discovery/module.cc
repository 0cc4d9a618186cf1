#include "infra/discovery/module.h"

#include <stdexcept>

namespace hongyan::discovery {
namespace {

constexpr std::uint32_t kAloneNode = 0;

}  // namespace

Module::Module(Registry& registry)
    : ceiling_(registry.need<config::DataFolder>().path()), ids_(kAloneNode, clock_, ceiling_) {
  if (const auto started = ids_.start(); !started) throw std::runtime_error("id generator: " + started.error().detail);
}

}  // namespace hongyan::discovery
