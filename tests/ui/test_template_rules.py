import pytest
from tools.templates import faults_in


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<p style="color: red">x</p>', "style="),
        ("<p class='a' onclick='go()'>x</p>", "onclick="),
        ("<script>go()</script>", "has a body"),
        ("<style>p{}</style>", "has a body"),
        ('<script src="https://cdn.example/x.js"></script>', "another host"),
        ('<link rel="stylesheet" href="//cdn.example/x.css">', "another host"),
        ('<form method="post"><button>x</button></form>', "csrf_token"),
    ],
)
def test_what_a_browser_may_not_be_sent_is_refused(html: str, fault: str) -> None:
    assert [line for line, said in faults_in(f"\n{html}") if fault in said] == [2]


@pytest.mark.parametrize(
    "html",
    [
        '<script src="{% static "ui/x.js" %}" defer></script>',
        '<form method="post">{% csrf_token %}<button>x</button></form>',
        '<form method="get"><button>x</button></form>',
        '<a href="https://www.mext.go.jp/">x</a>',
        '{# <p style="x"> #}<p class="{% if a > b %}onset=1{% endif %}">x</p>',
        '<p title="style=1 and onclick=2">x</p>',
        "{% comment %}<p style='x'>{% endcomment %}",
    ],
)
def test_what_is_in_order_passes(html: str) -> None:
    assert list(faults_in(html)) == []


def test_place_of_a_fault_is_right_below_a_long_comment() -> None:
    html = "{% comment %}\n\n\n{% endcomment %}\n<p style='x'>"
    assert [line for line, _fault in faults_in(html)] == [5]
