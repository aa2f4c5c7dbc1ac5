"""Which addresses are films with a player, and where that is."""

import pytest

from generator.templates.players import player_of, service_of

YOUTUBE = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"
UUID = "9c9de5e8-0a1e-484a-b099-e80766180a6d"
SHORT = "kkGMgK9ZtnKfYAgnEtQxbv"


@pytest.mark.parametrize(
    ("url", "src"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", YOUTUBE),
        ("http://youtube.com/watch?feature=x&v=dQw4w9WgXcQ#top", YOUTUBE),
        ("https://m.youtube.com/watch?v=dQw4w9WgXcQ&t=1m30s", f"{YOUTUBE}?start=90"),
        ("https://youtu.be/dQw4w9WgXcQ?t=42", f"{YOUTUBE}?start=42"),
        ("https://youtu.be/dQw4w9WgXcQ/", YOUTUBE),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", YOUTUBE),
        ("https://www.youtube.com/live/dQw4w9WgXcQ?si=abc", YOUTUBE),
        ("https://www.youtube.com/embed/dQw4w9WgXcQ?start=7", f"{YOUTUBE}?start=7"),
        ("HTTPS://WWW.YOUTUBE.COM:443/watch?v=dQw4w9WgXcQ", YOUTUBE),
        (
            "https://www.youtube.com/playlist?list=PLabc-123_456",
            "https://www.youtube-nocookie.com/embed/videoseries?list=PLabc-123_456",
        ),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1"),
        (
            "https://vimeo.com/76979871/abc123#t=1m5s",
            "https://player.vimeo.com/video/76979871?dnt=1&h=abc123#t=65s",
        ),
        (
            "https://player.vimeo.com/video/76979871?h=abc123&title=0",
            "https://player.vimeo.com/video/76979871?dnt=1&h=abc123",
        ),
        (
            "https://vimeo.com/channels/staffpicks/76979871",
            "https://player.vimeo.com/video/76979871?dnt=1",
        ),
        (
            f"https://www.peertube.example/w/{SHORT}",
            f"https://www.peertube.example/videos/embed/{SHORT}?p2p=0",
        ),
        (
            f"https://peertube.example:8443/videos/watch/{UUID}?start=1m",
            f"https://peertube.example:8443/videos/embed/{UUID}?p2p=0&start=60s",
        ),
    ],
)
def test_a_film_has_the_player_that_asks_for_least(url: str, src: str) -> None:
    player = player_of(url)
    assert player
    assert player.src == src


@pytest.mark.parametrize(
    "url",
    [
        "",
        "dQw4w9WgXcQ",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22onload%3D",
        "https://www.youtube.com/@channel",
        "https://youtube.com.example/watch?v=dQw4w9WgXcQ",
        "https://youtube.com@evil.example/watch?v=dQw4w9WgXcQ",
        "https://notyoutube.com/watch?v=dQw4w9WgXcQ",
        "ftp://youtube.com/watch?v=dQw4w9WgXcQ",
        "javascript://youtube.com/watch?v=dQw4w9WgXcQ",
        "https://vimeo.com/about",
        "https://vimeo.com/76979871/two/three",
        f"https://peertube.example/w/{SHORT}x",
        f"https://pee'rtube.example/w/{SHORT}",
        "https://mastodon.example/@ada/112233445566778899",
        "https://bsky.app/profile/ada.example/post/3kabcdefgh2c",
        "https://[::1/watch",
        "https://youtube.com:port/watch?v=dQw4w9WgXcQ",
        f"https://youtube.com/watch?v=dQw4w9WgXcQ&{'x=y&' * 1000}",
        f"https://peertube.example/w/{'x' * 100_000}",
    ],
)
def test_any_other_address_has_no_player(url: str) -> None:
    assert player_of(url) is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://youtu.be/dQw4w9WgXcQ", "YouTube"),
        ("https://player.vimeo.com/video/1", "Vimeo"),
        ("https://www.mastodon.example/@ada/1", "mastodon.example"),
        ("https://example.org:8080/", "example.org:8080"),
    ],
)
def test_a_place_is_called_as_readers_know_it(url: str, name: str) -> None:
    assert service_of(url) == name
