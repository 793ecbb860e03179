// Tells many listeners, on one thread, that something has changed, so that they look again. It has no data.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace packetsentry::loop {

class ChangeEvent {
    using Listeners = std::map<std::uint64_t, std::function<void()>>;

  public:
    // Listens while it lives; may outlive the event.
    class Subscription {
      public:
        Subscription() = default;
        Subscription(std::weak_ptr<Listeners> listeners, std::uint64_t key)
            : listeners_(std::move(listeners)), key_(key) {}
        Subscription(Subscription&&) noexcept = default;
        Subscription& operator=(Subscription&& other) noexcept {
            std::swap(listeners_, other.listeners_);
            std::swap(key_, other.key_);
            return *this;
        }
        ~Subscription() {
            if (const auto listeners = listeners_.lock()) listeners->erase(key_);
        }

      private:
        std::weak_ptr<Listeners> listeners_;
        std::uint64_t key_ = 0;
    };

    // The callback neither subscribes nor unsubscribes.
    [[nodiscard]] Subscription subscribe(std::function<void()> callback) {
        listeners_->emplace(++last_key_, std::move(callback));
        return {listeners_, last_key_};
    }
    void notify() const {
        for (const auto& [key, callback] : *listeners_) callback();
    }

  private:
    std::shared_ptr<Listeners> listeners_ = std::make_shared<Listeners>();
    std::uint64_t last_key_ = 0;
};

}  // namespace packetsentry::loop
