"""How often one address may act."""

from __future__ import annotations

from api.throttle import Throttle


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_waits_until_its_oldest_act_is_over() -> None:
    clock = Clock()
    throttle = Throttle(2, 60, clock)
    throttle.count("192.0.2.1")
    clock.now += 10
    throttle.count("192.0.2.1")
    assert throttle.wait("192.0.2.1") == 51
    assert throttle.wait("192.0.2.2") == 0
    clock.now += 50
    assert throttle.wait("192.0.2.1") == 0
    throttle.count("192.0.2.1")
    assert throttle.wait("192.0.2.1") > 0
    throttle.forget("192.0.2.1")
    assert throttle.wait("192.0.2.1") == 0


def test_a_subscriber_has_one_ipv6_network() -> None:
    throttle = Throttle(1, 60, Clock())
    throttle.count("2001:db8:1:2::1")
    assert throttle.wait("2001:db8:1:2:ffff::9") > 0
    assert throttle.wait("2001:db8:1:3::1") == 0


def test_no_address_is_kept_and_memory_is_bounded() -> None:
    throttle = Throttle(1, 60, Clock())
    for number in range(10_050):
        throttle.count(f"198.51.{number % 256}.{number // 256}")
    assert len(throttle._acts) == 10_000
    assert throttle.wait("198.51.0.0") == 0  # the oldest is forgotten first
    assert not any(b"198.51" in mark for mark in throttle._acts)
