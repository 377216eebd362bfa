// What a service manager (systemd) is told: that the server is ready, reads its certificate again, ends.
// https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
//
// The protocol is one datagram to the socket in $NOTIFY_SOCKET: a library would bring a dependency for these lines.
#pragma once

#include <string>
#include <string_view>

namespace deputy::host {

/// "READY=1", "STOPPING=1". Does nothing where no manager asks to be told.
void tell_service_manager(std::string_view state);

/// That a reload begins now, as Type=notify-reload wants it; "READY=1" ends it.
std::string reloading();

}  // namespace deputy::host
