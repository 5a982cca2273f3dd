"""What people call the fields of an enquiry, language by language, and the labels that only look like them."""

import pytest

from leadcapture.domain.submission import Answer
from leadcapture.intake.mapper import map_answers
from leadcapture.intake.naming import named

FIELDS = ("full_name", "first_name", "last_name", "email", "phone", "company", "message")
LANGUAGES = {
    "english": (
        "Full name*",
        "First Name",
        "Surname",
        "Work e-mail",
        "Mobile number",
        "Company name",
        "How can we help?",
    ),
    "spanish": (
        "Nombre completo",
        "Nombre de pila",
        "Apellidos",
        "Correo electrónico",
        "Teléfono",
        "Empresa",
        "Mensaje",
    ),
    "portuguese": (
        "Nome completo",
        "Primeiro nome",
        "Sobrenome",
        "E-mail corporativo",
        "Telemóvel",
        "Empresa",
        "Mensagem",
    ),
    "french": ("Nom et prénom", "Prénom", "Nom de famille", "Adresse e-mail", "Téléphone", "Société", "Votre message"),
    "german": (
        "Vor- und Nachname",
        "Vorname",
        "Nachname",
        "E-Mail-Adresse",
        "Telefonnummer",
        "Firma",
        "Ihre Nachricht",
    ),
    "italian": ("Nome e cognome", "Nome proprio", "Cognome", "Indirizzo e-mail", "Cellulare", "Azienda", "Messaggio"),
    "dutch": ("Volledige naam", "Voornaam", "Achternaam", "E-mailadres", "Telefoonnummer", "Bedrijfsnaam", "Bericht"),
    "polish": (
        "Imię i nazwisko",
        "Imię",
        "Nazwisko",
        "Adres e-mail",
        "Numer telefonu",
        "Nazwa firmy",
        "Treść wiadomości",
    ),
    "hebrew": ("שם מלא", "שם פרטי", "שם משפחה", 'דוא"ל', "טלפון נייד", "שם החברה", "תוכן ההודעה"),
    "russian": ("ФИО", "Имя Отчество", "Фамилия", "Электронная почта", "Телефон", "Компания", "Сообщение"),
    "japanese": ("お名前", "名", "姓", "メールアドレス", "電話番号", "会社名", "お問い合わせ内容"),
    "chinese": ("姓名", "名", "姓", "电子邮箱", "手机号码", "公司名称", "留言"),
    "chinese traditional": ("您的姓名", "名", "姓", "電子郵件", "聯絡電話", "公司名稱", "訊息"),
    "korean": ("이름", "이름 first", "성", "이메일", "휴대폰 번호", "회사명", "문의내용"),
    "arabic": (
        "الاسم الكامل",
        "الاسم الأول",
        "اسم العائلة",
        "البريد الإلكتروني",
        "رقم الهاتف",
        "اسم الشركة",
        "الرسالة",
    ),
    "turkish": ("Ad Soyad", "Ad", "Soyad", "E-posta", "Telefon numarası", "Şirket adı", "Mesajınız"),
    "swedish": ("För- och efternamn", "Förnamn", "Efternamn", "E-postadress", "Telefonnummer", "Företag", "Meddelande"),
    "czech": ("Jméno a příjmení", "Křestní jméno", "Příjmení", "E-mail", "Telefon", "Společnost", "Zpráva"),
    "slovak": ("Meno a priezvisko", "Krstné meno", "Priezvisko", "E-mail", "Telefónne číslo", "Spoločnosť", "Správa"),
    "danish": ("Fulde navn", "Fornavn", "Efternavn", "E-mailadresse", "Tlf. nr.", "Virksomhed", "Besked"),
    "norwegian": ("Fullt navn", "Fornavn", "Etternavn", "E-postadresse", "Mobilnummer", "Bedriftsnavn", "Melding"),
    "finnish": ("Etu- ja sukunimi", "Etunimi", "Sukunimi", "Sähköpostiosoite", "Puhelin", "Yrityksen nimi", "Viesti"),
    "hungarian": ("Teljes név", "Keresztnév", "Vezetéknév", "E-mail cím", "Telefonszám", "Cégnév", "Üzenet"),
    "romanian": ("Nume și prenume", "Prenume", "Nume de familie", "Adresă de e-mail", "Telefon", "Companie", "Mesaj"),
    "greek": ("Ονοματεπώνυμο", "Μικρό όνομα", "Επώνυμο", "Διεύθυνση email", "Τηλέφωνο", "Εταιρεία", "Μήνυμα"),
    "ukrainian": ("Ім'я та прізвище", "Ім'я", "Прізвище", "Електронна пошта", "Телефон", "Компанія", "Повідомлення"),
    "bulgarian": ("Име и фамилия", "Собствено име", "Фамилия", "Имейл адрес", "Телефон", "Фирма", "Съобщение"),
    "croatian": ("Ime i prezime", "Ime", "Prezime", "E-mail adresa", "Broj telefona", "Naziv tvrtke", "Poruka"),
}
VALUES = ("Alex Sample", "Alex", "Sample", "alex@example.com", "+44 20 7946 0123", "Studio Ltd", "We need 5 desks.")


@pytest.mark.parametrize(
    ("label", "field"),
    [(label, field) for labels in LANGUAGES.values() for label, field in zip(labels, FIELDS, strict=True)],
)
def test_named__field_in_every_language(label: str, field: str) -> None:
    found = named(label)

    assert found is not None
    assert found.field == field or (found.field == "name" and field.endswith("name"))


@pytest.mark.parametrize("labels", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("halves", [False, True], ids=["whole", "halves"])
def test_form__is_mapped_in_every_language(labels: tuple[str, ...], halves: bool) -> None:
    said = [pair for pair in zip(FIELDS, labels, VALUES, strict=True) if pair[0] in _names(halves)]
    mapped = map_answers([Answer(label, label, label, value) for _, label, value in said], {})

    assert {field: found.value for field, found in mapped.contact.items()} == {field: value for field, _, value in said}


def _names(halves: bool) -> tuple[str, ...]:
    return ("first_name", "last_name", *FIELDS[3:]) if halves else ("full_name", *FIELDS[3:])


@pytest.mark.parametrize(
    ("first", "last"),
    [("Nome", "Cognome"), ("Имя", "Фамилия"), ("Nombre", "Apellido"), ("Name", "Last name"), ("Nom", "Prénom")],
)
def test_name__beside_its_half_is_the_other_half(first: str, last: str) -> None:
    mapped = map_answers([Answer(first, first, first, "Mario"), Answer(last, last, last, "Rossi")], {})

    assert set(mapped.contact) == {"first_name", "last_name"}


@pytest.mark.parametrize(
    "label",
    [
        "Company size", "Company website", "Your job title", "How did you hear about us?", "Page name", "Form Name",
        "Referred by (name)", "Friend's e-mail", "Payment (email)", "Payment (name)", "Assistant's phone", "Tour date",
        "Number of desks", "Team name", "Building name", "VAT number", "Preferred contact method", "Best time to call",
        "Unternehmensgröße", "Taille de l'entreprise", "Cargo na empresa", "Должность", "Размер компании", "役職",
        "フリガナ", "公司规模", "גודל החברה", "Username", "Event name", "Subject", "E-mail updates?",
        "Country", "Middle name", "Budget",
    ],
)  # fmt: skip
def test_trap__label_that_is_another_thing_names_no_one(label: str) -> None:
    value = "b@example.com" if "mail" in label.lower() else "Something"
    mapped = map_answers([Answer(label, label, label, value)], {})

    assert mapped.contact == {}


QUESTIONS = {
    "full_name": """
¿Cómo te llamas?|Comment vous appelez-vous ?|Wie heißen Sie?|Come ti chiami?|Hoe heet je?|Как вас зовут?|
Jak się nazywasz?|איך קוראים לך?|What should we call you?|お名前を入力してください|怎么称呼您?
    """,
    "company": """
¿En qué empresa trabajas?|Dans quelle entreprise travaillez-vous ?|Für welches Unternehmen arbeiten Sie?|
Where do you work?|Per quale azienda lavori?|Voor welk bedrijf werk je?|В какой компании вы работаете?|
会社名(任意)
    """,
    "email": """
公司邮箱|会社メールアドレス|¿A qué correo te escribimos?|Unter welcher E-Mail erreichen wir Sie?|
업무용 이메일
    """,
    "phone": """
Rückruf unter|Your number|公司電話|Op welk nummer kunnen we je bereiken?|日中のご連絡先|Votre numéro
    """,
    "message": """
Was suchst du?|Que recherchez-vous ?|Describe tu proyecto|Di cosa hai bisogno?|Wat zoek je?|有什么可以帮您?|
Чем можем быть полезны?|Do you have any specific requirements?|Czego szukasz?|自由記述|궁금한 점
    """,
}


@pytest.mark.parametrize(
    ("label", "field"), [(one.strip(), field) for field, labels in QUESTIONS.items() for one in labels.split("|")]
)
def test_named__field_that_is_asked_for_in_a_sentence(label: str, field: str) -> None:
    found = named(label)

    assert found is not None
    assert found.field == field


@pytest.mark.parametrize(
    "label",
    [
        "Comment nous avez-vous connus ?", "お問い合わせ種別", "公司类型", "Name der Veranstaltung",
        "Nombre del evento", "org_id", "Contact d'urgence", "Notfallkontakt", "Nom du parrain", "사업자 부서",
        "Kaupunki", "Πώς μας βρήκατε;", "Subiectul mesajului",
    ],
)  # fmt: skip
def test_named__what_only_looks_like_a_field_of_ours(label: str) -> None:
    found = named(label)

    assert found is None or found.field in ("other", "someone_else")


def _read(**said: str) -> dict[str, str]:
    mapped = map_answers([Answer(key, key, key, value) for key, value in said.items()], {})
    return {field: found.value for field, found in mapped.contact.items()}


def test_trap__company_name_is_no_persons_name() -> None:
    assert _read(company_name="Acme", your_companys_name="Acme Ltd", name="Alex") == {
        "company": "Acme",
        "full_name": "Alex",
    }


def test_trap__yes_to_email_offers_is_no_address() -> None:
    assert _read(email="true", contact_email="a@example.com") == {"email": "a@example.com"}


def test_trap__first_address_wins_over_billing() -> None:
    assert _read(billing_email="b@example.com", email="a@example.com")["email"] == "a@example.com"


def test_trap__billing_address_is_better_than_none() -> None:
    assert _read(billing_email="b@example.com") == {"email": "b@example.com"}


def test_trap__dates_are_no_telephone_numbers() -> None:
    assert "phone" not in _read(field_1="2025-05-01", field_2="05-01-2026", field_3="03/04/2025", x="12345678")


@pytest.mark.parametrize(
    "path",
    [
        "recipients.0",
        "owner.email",
        "user.assigned_to.email",
        "organizer.email",
        "agent.email",
        "account.email",
        "site.owner",
        "broker.email",
        "partner.email",
        "account_manager.email",
    ],
)
def test_trap__other_peoples_addresses_are_never_the_leads(path: str) -> None:
    assert map_answers([Answer(path, "email", "email", "owner@example.com")], {}).contact == {}


@pytest.mark.parametrize("path", ["funnel.name", "tag.name", "page.title", "scheduled_event.name", "campaign.name"])
def test_trap__names_of_things_are_no_persons(path: str) -> None:
    last = path.rpartition(".")[2]

    assert map_answers([Answer(path, last, last, "Spring sale")], {}).contact == {}


def test_company_object__its_name_is_the_company() -> None:
    mapped = map_answers([Answer("person.company.name", "name", "name", "Acme")], {})

    assert {field: found.value for field, found in mapped.contact.items()} == {"company": "Acme"}


def test_explicit_map__beats_every_guess() -> None:
    answers = [Answer("email", "email", "Email", "a@example.com"), Answer("x", "x", "Real address", "b@example.com")]
    mapped = map_answers(answers, {"real  ADDRESS": "coworker.Email", "Email": "notes"})

    assert mapped.contact["email"].value == "b@example.com"
    assert mapped.contact["email"].method == "map"


def test_type__says_more_than_the_label() -> None:
    answers = [
        Answer("a", "a", "Where should we send the offer?", "a@example.com", "email"),
        Answer("b", "b", "Anything on your mind", "Hello", "textarea"),
        Answer("c", "c", "Needs", ("Parking", "Mail"), "checkbox"),
    ]
    contact = map_answers(answers, {}).contact

    assert (contact["email"].value, contact["message"].value) == ("a@example.com", "Hello")
