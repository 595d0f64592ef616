"""How much passes, and when again: buckets, and under which key a client is counted."""

import pytest

from app.gateway.limits import Bucket, Buckets, Limits, Rate, client_key


def test_a_burst_passes_and_then_the_rate():
    bucket = Bucket(Rate(per_s=2.0, burst=5.0), 100.0)
    assert [bucket.take(100.0) for _ in range(6)] == [True] * 5 + [False]
    assert [bucket.take(100.5), bucket.take(100.5)] == [True, False]
    assert [bucket.take(1_000.0) for _ in range(6)] == [True] * 5 + [False]


def test_what_is_owed_is_told_as_a_wait():
    bucket = Bucket(Rate(per_s=10.0, burst=20.0), 0.0)
    assert bucket.owe(0.0, 20.0) == 0.0
    assert bucket.owe(0.0, 5.0) == pytest.approx(0.5)
    assert bucket.owe(0.5, 1.0) == pytest.approx(0.1)
    assert not bucket.is_full(0.6)
    assert bucket.is_full(3.0)


def test_each_client_has_a_bucket_of_its_own_and_full_ones_are_forgotten():
    now_s = 0.0
    buckets = Buckets(Rate(per_s=1.0, burst=2.0), clock=lambda: now_s)
    assert [buckets.take("a"), buckets.take("a"), buckets.take("a"), buckets.take("b")] == [True, True, False, True]
    for number in range(10_050):
        buckets.take(f"client {number}")
    assert not buckets.take("a")
    now_s = 10.0
    assert buckets.take("new")
    assert len(buckets._by_client) == 1
    assert "client" not in repr(buckets).replace("clients", "")


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("example", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_client_is_an_address_or_the_network_that_one_subscriber_has(host, key):
    assert client_key(host) == key


def test_pings_come_before_a_proxy_forgets_the_connection():
    assert Limits().ping_s < 30
    assert Limits().stalled_s < Limits().request_s
