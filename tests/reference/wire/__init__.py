"""A running server as the engine under test: random organizations set through its API, random requests sent to it.

`cast` is who calls and what is asked for, `drawn` draws trees, policies and requests, `world` sets them and says what a request
must be answered.
"""
