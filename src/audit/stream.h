// The trail on standard output, for those who collect it there (`deputy serve --audit-stdout`).
#pragma once

#include "audit/sink.h"

namespace deputy::audit {

/// Waits for a reader that does not read a little while at a time: whoever holds the other end cannot hold the server.
class Stream : public Sink {
 public:
  explicit Stream(int fd) : fd_(fd) {}
  std::size_t write(std::string_view lines, std::string& why) override;

 private:
  const int fd_;
};

}  // namespace deputy::audit
