"""What a strict record says of how fast something came."""


def most(times: list[float], seconds: float) -> int:
    """The most of these times that lie within any such span."""
    best = start = 0
    times = sorted(times)
    for end, time in enumerate(times):
        while time - times[start] >= seconds:
            start += 1
        best = max(best, end - start + 1)
    return best
