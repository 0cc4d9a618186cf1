// Makes a set of a list.
#pragma once

#include <algorithm>
#include <vector>

namespace hongyan {

// Sorts the items and leaves one of each.
template <class T>
void sort_unique(std::vector<T>& items) {
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

}  // namespace hongyan
