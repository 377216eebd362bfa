"""What one caller, or a stranger without a key, sends to end the server, slow it for others, blind it or fill it: each
was done to a running server once, and none may work again. No test here asserts on wall-clock time: what an attack may
cost is asserted in processor time of the server, memory, lines and rows; latencies stand in docs/performance.md
(bench/hostile)."""
