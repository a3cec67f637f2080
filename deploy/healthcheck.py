"""Whether the web server of this container answers: exit code 0 for any answer below 500, else 1."""

import http.client
import sys


def main() -> int:
    # The proxy's words, so that the strict settings neither redirect to TLS nor refuse the host.
    headers = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=4)
    try:
        connection.request("GET", "/alive/", headers=headers)
        return 0 if connection.getresponse().status < 500 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
