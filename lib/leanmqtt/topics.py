# Topic names and filters: what is well-formed UTF-8, what a name may not hold, which filter matches
# which name. All over byte buffers with offsets. No packets, no subscriptions here.


def utf8(buf, i, j, state=0):
    """Check buf[i:j]; feed pieces by handing the state on. 0: well-formed and complete, > 0: cut inside
    a character, -1: ill-formed, a surrogate or U+0000 [MQTT-1.5.3-1] [MQTT-1.5.3-2].

    The state is what the next byte must be: its greatest value << 16 | its least << 8 | bytes to come
    (Unicode Standard, table 3-7).
    """
    while i < j:
        c = buf[i]
        i += 1
        if state:
            if c > state >> 16 or c < (state >> 8 & 0xFF):
                return -1
            state = (state & 3) - 1
            if state:
                state |= 0xBF8000
        elif c > 0x7F:
            if c < 0xC2 or c > 0xF4:
                return -1
            if c < 0xE0:
                state = 0xBF8001
            elif c < 0xF0:
                state = 0xBFA002 if c == 0xE0 else 0x9F8002 if c == 0xED else 0xBF8002
            else:
                state = 0xBF9003 if c == 0xF0 else 0x8F8003 if c == 0xF4 else 0xBF8003
        elif not c:
            return -1
    return state


def wild(buf, i, j):
    """True when buf[i:j] holds '+' or '#', which a topic name must not [MQTT-3.3.2-2] [MQTT-4.7.1-1]."""
    return buf.find(b"+", i, j) >= 0 or buf.find(b"#", i, j) >= 0


def matches(f, buf, i, j):
    """True when the valid filter `f` (bytes) matches the topic name buf[i:j]."""
    k = 0
    while k < len(f):
        c = f[k]
        if c == 35 or c == 43:  # '#', '+'
            if not k and buf[i] == 36:  # '$' [MQTT-4.7.2-1]
                return False
            if c == 35:
                return True
            while i < j and buf[i] != 47:  # '/'
                i += 1
        elif i < j and buf[i] == c:
            i += 1
        else:
            return i == j and f[k:] == b"/#"  # "a/#" matches "a"
        k += 1
    return i == j
