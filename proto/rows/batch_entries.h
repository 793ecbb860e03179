// The entries of a dictionary of a batch: messages that protobuf has parsed, or their bytes, each of which is
// parsed when it is first asked for.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "proto/messages/batch.pb.h"

namespace packetsentry::proto {

inline constexpr int kBatchInterfaceLimit = 4096;
inline constexpr int kBatchProtocolLimit = 256;
inline constexpr int kBatchLayersLimit = 4096;          // different chains of layers
inline constexpr std::size_t kLayersNamesLimit = 4096;  // bytes of one chain

// What is wrong with an entry; null: nothing.
[[nodiscard]] inline const char* problem_of(const wire::Interface&) {
    return nullptr;
}
[[nodiscard]] inline const char* problem_of(const wire::Protocol&) {
    return nullptr;
}
[[nodiscard]] inline const char* problem_of(const wire::Layers& layers) {
    if (layers.names().size() > kLayersNamesLimit) return "names of layers";
    return layers.ethertype() > std::numeric_limits<std::uint16_t>::max() ? "EtherType" : nullptr;
}

// Used by one thread at a time if the entries are bytes. What it was made of must outlive it unchanged.
template <typename Message>
class BatchEntries {
  public:
    BatchEntries() = default;
    explicit BatchEntries(const google::protobuf::RepeatedPtrField<Message>& parsed) : parsed_(&parsed) {}

    void add(std::string_view bytes) { bytes_.push_back(bytes); }

    [[nodiscard]] std::size_t size() const {
        return parsed_ != nullptr ? static_cast<std::size_t>(parsed_->size()) : bytes_.size();
    }
    // i must be below size(). An entry that cannot be read is an empty message, and makes broken() true.
    [[nodiscard]] const Message& operator[](std::size_t i) const {
        return parsed_ != nullptr ? (*parsed_)[static_cast<int>(i)] : read(i);
    }
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    const Message& read(std::size_t i) const {
        read_.resize(bytes_.size());
        if (read_[i] != nullptr) return *read_[i];
        read_[i] = std::make_unique<Message>();
        Message& message = *read_[i];
        if (!message.ParseFromArray(bytes_[i].data(), static_cast<int>(bytes_[i].size())) ||
            problem_of(message) != nullptr) {
            message.Clear();
            broken_ = true;
        }
        return message;
    }

    const google::protobuf::RepeatedPtrField<Message>* parsed_ = nullptr;
    std::vector<std::string_view> bytes_;
    mutable std::vector<std::unique_ptr<Message>> read_;  // null: not asked for yet
    mutable bool broken_ = false;
};

}  // namespace packetsentry::proto
