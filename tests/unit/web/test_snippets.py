"""What an operator pastes: a form that asks what ours asks."""

from factories import make_form

from leadcapture.domain.form import Field, FieldType
from leadcapture.web.admin.snippets import snippets

FIELDS = (
    Field("email", "E-mail", FieldType.EMAIL, required=True, to="coworker.Email"),
    Field("space", "What for?", FieldType.SELECT, options=("Desk", "Office")),
    Field("size", "How many?", FieldType.NUMBER, minimum="1", maximum="40"),
    Field("day", "Which days?", FieldType.CHECKBOX, options=("Mon", "Tue")),
    Field("part", "Which part?", FieldType.RADIO, required=True, options=("Morning", "Evening")),
    Field("dog", "I bring a dog", FieldType.CHECKBOX),
    Field("campaign", "Campaign", FieldType.HIDDEN, default="spring"),
    Field("message", "Message", FieldType.TEXTAREA, required=True),
)


def own_form(**changes):
    form = make_form(fields=FIELDS, **changes)
    return next(one.code for one in snippets(form, "https://leads.example.com") if one.title.endswith("any script"))


def test_own_form__asks_what_ours_asks():
    code = own_form(consent="You may <call> me.", submit_label="Book it")
    for part in (
        '<select name="space"><option value="">Please choose</option><option>Desk</option>',
        '<input name="size" type="number" min="1" max="40" step="any">',
        '<input name="day" type="checkbox" value="Tue"> Tue',
        '<input name="part" type="radio" value="Morning" required>',
        '<input name="dog" type="checkbox" value="yes"> I bring a dog',
        '<input name="campaign" type="hidden" value="spring">',
        '<textarea name="message" required></textarea>',
        '<input name="consent" type="checkbox" value="yes" required> You may &lt;call&gt; me.',
        "<button>Book it</button>",
        'autocomplete="email"',
    ):
        assert part in code, part


def test_own_form__without_consent_asks_for_none():
    assert "consent" not in own_form()
