"""A name server that knows one address: whatever name a phone asks for leads to the portal. RFC 1035."""
# cold file: nothing of a node that is set up is here

import socket

_MOST = 4  # questions a turn
_LONGEST = 512
_A, _ANY, _IN = 1, 255, 1


class Names:
    """Listens on port 53; `address` is the portal's."""

    def __init__(self, address, poller):
        self._address = bytes([int(part) for part in address.split(".")])
        self._poller = poller
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(socket.getaddrinfo("0.0.0.0", 53)[0][-1])
        self._socket.setblocking(False)
        poller.register(self._socket, 1)

    def turn(self):
        """Answer who has asked."""
        for _ in range(_MOST):
            try:
                query, who = self._socket.recvfrom(_LONGEST)
                answer = reply(query, self._address)
                if answer:
                    self._socket.sendto(answer, who)
            except (OSError, MemoryError):  # nobody asks, or nobody is there any more
                return

    def close(self):
        self._poller.unregister(self._socket)
        self._socket.close()


def reply(query, address):
    """The answer to a query with one question; None when it is none. Other types than A: the name has none."""
    if len(query) < 17 or query[2] & 0x80 or query[4:6] != b"\0\1":  # an answer, or not one question
        return None
    end = 12
    while query[end]:
        end += query[end] + 1
        if end + 5 > len(query) or query[end] > 63:
            return None
    question = query[12 : end + 5]
    known = question[-4] == 0 and question[-3] in (_A, _ANY) and question[-1] == _IN
    # QR and AA; the opcode and RD as asked. An opcode other than a query: not implemented.
    if query[2] & 0x78:
        return query[:2] + bytes((0x80 | query[2] & 0x79, 4)) + query[4:6] + bytes(6) + question
    found = bytes((0, 1)) if known else bytes(2)
    answer = query[:2] + bytes((0x84 | query[2] & 1, 0)) + query[4:6] + found + bytes(4) + question
    if known:  # the name as in the question; 0 s: a phone must not believe it in another network
        answer += b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + address
    return answer
