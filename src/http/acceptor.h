// Accepts connections on one loop and gives each to the loop that has the fewest.
#pragma once

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "http/listener.h"
#include "http/loop.h"

namespace deputy::http {

class Acceptor {
 public:
  /// Runs on the first of the loops.
  Acceptor(Listener listener, Shared& shared, std::vector<std::shared_ptr<Loop>> loops);
  ~Acceptor();

  /// From any thread, before the loop runs or while it does.
  void start();
  /// From any thread: accepts nothing more, and the address is free when `closed` is called, on the loop's thread.
  void close(std::function<void()> closed);

 private:
  void wait();
  void take();
  void admit(Listener::Accepted& accepted);
  void pause(int error);
  Loop& least_busy();
  Loop& busiest();

  Listener listener_;
  Shared& shared_;
  std::vector<std::shared_ptr<Loop>> loops_;
  boost::asio::posix::basic_stream_descriptor<Executor> descriptor_;  // a duplicate: closing it leaves the listener's
  Timer timer_;
  bool awaits_ = false;  // a connection, or the end of a pause
  bool short_ = false;   // of descriptors or memory; it was said
};

}  // namespace deputy::http
