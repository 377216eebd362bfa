"""Does an `aws` command call the address in AWS_ENDPOINT_URL?

    probe_aws_cli.py PATH-OF-AWS        exit 0: it does; 1: it does not

Listens on a free port of this machine, lets the command ask who it is, and sees whether the call arrives. No other
address can be reached meanwhile: proxies are set to a closed port, and the credentials are made up.
"""
import http.server
import os
import subprocess
import sys
import tempfile
import threading

ANSWER = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    b"<Arn>arn:aws:iam::000000000000:root</Arn><UserId>000000000000</UserId><Account>000000000000</Account>"
    b"</GetCallerIdentityResult><ResponseMetadata><RequestId>probe</RequestId></ResponseMetadata>"
    b"</GetCallerIdentityResponse>"
)


class Listener(http.server.BaseHTTPRequestHandler):
    called = False

    def do_POST(self):
        Listener.called = True
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_):
        pass


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    closed = "http://127.0.0.1:9"
    with tempfile.TemporaryDirectory() as home:
        environment = {name: value for name, value in os.environ.items()
                       if not name.upper().startswith("AWS_") and not name.upper().endswith("_PROXY")}
        environment.update({
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}",
            "AWS_ACCESS_KEY_ID": "AKIAPROBEPROBEPROBE0", "AWS_SECRET_ACCESS_KEY": "probe",
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.path.join(home, "config"),
            "AWS_SHARED_CREDENTIALS_FILE": os.path.join(home, "credentials"),
            "HTTP_PROXY": closed, "HTTPS_PROXY": closed, "NO_PROXY": "127.0.0.1",
        })
        command = [sys.argv[1], "sts", "get-caller-identity", "--cli-connect-timeout", "2", "--cli-read-timeout", "5"]
        try:
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=60)
        except (OSError, subprocess.TimeoutExpired):
            return 1
    return 0 if Listener.called and done.returncode == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
