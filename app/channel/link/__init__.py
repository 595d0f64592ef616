"""The confined process between the console and its gateway.

May import ``domain`` and ``isolation``, wsproto and h11, and nothing else of this program: it carries sealed frames and
holds no key that opens one. What comes from the gateway is hostile until ``decode_reply`` took it; what comes from the
console is checked against the shapes of the pipe.
"""
