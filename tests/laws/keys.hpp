#pragma once

namespace laws {

/// Of every wrapper under a law: `(int key, int group)`, with the readable key `k:{0}` and the tags `g:{1}` and `all`.
inline constexpr int keys = 16;
constexpr int group_of(int key) {
    return key % 3;
}

}  // namespace laws
