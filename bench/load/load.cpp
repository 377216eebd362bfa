// A load generator: N keep-alive connections to a server on this machine, each sending the next of a file of ready-made
// requests as soon as its answer is there. Nothing is signed or built here, so that it costs little beside the server.
//
//   deputy_load --port 4566 --requests FILE --connections 64 --count 200000 --expect 200 --server-pid PID
//
// FILE: any number of "<decimal length>\n<that many bytes>". Prints requests a second, p50 and p99 of the latency, and
// the CPU time of the server per request (all threads, user and system; of several processes with --server-pid
// PID,PID), as people text or with --json.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  int port = 0;
  std::string file;
  std::size_t connections = 64, count = 100'000, warmup = 10'000;
  int expect = 200;
  std::vector<int> pids;
  bool json = false;
};

[[noreturn]] void die(const std::string& message) {
  std::fprintf(stderr, "deputy_load: %s\n", message.c_str());
  std::exit(1);
}

Options parse(int argc, char** argv) {
  Options o;
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--json") {
      o.json = true;
      continue;
    }
    if (i + 1 == argc) die("a value is missing behind " + std::string(name));
    const char* value = argv[++i];
    if (name == "--port") {
      o.port = std::atoi(value);
    } else if (name == "--requests") {
      o.file = value;
    } else if (name == "--connections") {
      o.connections = std::strtoul(value, nullptr, 10);
    } else if (name == "--count") {
      o.count = std::strtoul(value, nullptr, 10);
    } else if (name == "--warmup") {
      o.warmup = std::strtoul(value, nullptr, 10);
    } else if (name == "--expect") {
      o.expect = std::atoi(value);
    } else if (name == "--server-pid") {
      for (const char* next = value; next != nullptr; next = std::strchr(next, ',')) {
        o.pids.push_back(std::atoi(*next == ',' ? ++next : next));
      }
    } else {
      die("unknown option " + std::string(name));
    }
  }
  if (o.port == 0 || o.file.empty() || o.connections == 0) die("--port and --requests are needed");
  return o;
}

std::vector<std::string> read_requests(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  std::vector<std::string> requests;
  for (std::string line; std::getline(file, line);) {
    std::string request(std::strtoul(line.c_str(), nullptr, 10), '\0');
    if (!file.read(request.data(), static_cast<std::streamsize>(request.size()))) die("the request file is cut off");
    requests.push_back(std::move(request));
  }
  if (requests.empty()) die("there are no requests in " + name);
  return requests;
}

/// User and system time of a process, in seconds.
double cpu_seconds(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  const std::size_t behind_name = text.rfind(')');
  if (behind_name == std::string::npos) die("there is no process " + std::to_string(pid));
  std::istringstream fields(text.substr(behind_name + 2));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double cpu_seconds(const std::vector<int>& pids) {
  double sum = 0;
  for (const int pid : pids) sum += cpu_seconds(pid);
  return sum;
}

struct Connection {
  int socket = -1;
  Clock::time_point sent;
  std::string answer;
};

class Load {
 public:
  explicit Load(const Options& options)
      : options_(options), requests_(read_requests(options.file)), epoll_(epoll_create1(EPOLL_CLOEXEC)) {}

  void connect_all() {
    connections_.resize(options_.connections);
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(options_.port));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const int one = 1;
      setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      if (::connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) die("cannot connect");
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      epoll_ctl(epoll_, EPOLL_CTL_ADD, s, &event);
      connections_[i].socket = s;
    }
  }

  /// Runs `count` requests; latencies of all of them in microseconds.
  std::vector<double> run(std::size_t count) {
    std::vector<double> latencies;
    latencies.reserve(count);
    std::size_t started = 0;
    for (Connection& c : connections_) {
      if (started < count) {
        send(c);
        ++started;
      }
    }
    epoll_event events[256];
    while (latencies.size() < count) {
      const int ready = epoll_wait(epoll_, events, 256, 10'000);
      if (ready <= 0) die("the server has gone silent");
      for (int i = 0; i < ready; ++i) {
        Connection& c = connections_[events[i].data.u64];
        if (!receive(c)) continue;
        latencies.push_back(std::chrono::duration<double, std::micro>(Clock::now() - c.sent).count());
        if (started < count) {
          send(c);
          ++started;
        }
      }
    }
    return latencies;
  }

 private:
  void send(Connection& c) {
    const std::string& request = requests_[next_++ % requests_.size()];
    c.answer.clear();
    c.sent = Clock::now();
    if (::send(c.socket, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
      die("the server closed a connection");
    }
  }

  /// Whether the answer is whole; its status is checked.
  bool receive(Connection& c) {
    char buffer[16 * 1024];
    const ssize_t got = ::recv(c.socket, buffer, sizeof buffer, 0);
    if (got <= 0) die("the server closed a connection");
    c.answer.append(buffer, static_cast<std::size_t>(got));
    const std::size_t head = c.answer.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    const char* length = strcasestr(c.answer.c_str(), "\r\ncontent-length:");
    const std::size_t body = length != nullptr ? std::strtoul(length + 17, nullptr, 10) : 0;
    if (c.answer.size() < head + 4 + body) return false;
    if (std::atoi(c.answer.c_str() + 9) != options_.expect) die("unexpected answer:\n" + c.answer);
    return true;
  }

  const Options& options_;
  std::vector<std::string> requests_;
  int epoll_;
  std::vector<Connection> connections_;
  std::size_t next_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse(argc, argv);
  Load load(options);
  load.connect_all();
  if (options.warmup > 0) load.run(options.warmup);
  const double cpu_before = cpu_seconds(options.pids);
  const auto begin = Clock::now();
  std::vector<double> latencies = load.run(options.count);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const double cpu = (cpu_seconds(options.pids) - cpu_before) * 1e6 / static_cast<double>(options.count);
  std::sort(latencies.begin(), latencies.end());
  const double p50 = latencies[latencies.size() / 2], p99 = latencies[latencies.size() * 99 / 100];
  const double rate = static_cast<double>(options.count) / seconds;
  if (options.json) {
    std::printf("{\"requestsPerSecond\":%.0f,\"p50Micros\":%.0f,\"p99Micros\":%.0f,\"serverCpuMicros\":%.2f}\n", rate,
                p50, p99, cpu);
  } else {
    std::printf("%.0f requests/s, p50 %.0f us, p99 %.0f us, %.2f us of server CPU a request\n", rate, p50, p99, cpu);
  }
  return 0;
}
