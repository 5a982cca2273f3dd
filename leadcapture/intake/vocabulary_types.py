"""The types that builders declare, in our words."""

from leadcapture.intake.wording import squeezed

_WORDS = {
    "email": "email formemail formemailinput inputemail emailaddress emailinput contactemail controlemail "
    "email_address workemail",
    "tel": "tel phone telephone inputphonenumber phonenumber mobile controlphone phoneinput contactphone "
    "cellphone mobilephone",
    "textarea": "textarea formtextarea longtext message paragraph multiline multilinetext paragraphtext "
    "controltextarea comment comments longanswer richtext longinput multilineinput opentext "
    "textarealong",
    "text": "text shorttext inputtext singleline singlelinetext string textinput formtextinput shortanswer "
    "plain controltextbox textfield input",
    "choice": "choice formselect formradioinput choices select dropdown radio multiplechoice picturechoice "
    "singlechoice yesno radiobutton singleselect controldropdown controlradio ranking opinionscale "
    "rating likert boolean legal",
    "checkbox": "checkbox formcheckboxinput checkboxes multiselect acceptance consent multichoice "
    "controlcheckbox terms agreement gdpr toggle",
    "date": "date datetime inputdate controldatetime datepicker daterange",
    "time": "time inputtime",
    "number": "number inputnumber numeric integer quantity slider controlnumber calculatedfields linearscale score",
    "url": "url link website inputlink web",
    "hidden": "hidden hiddenfields hiddenfield hiddenvalue",
    "name": "name fullname controlfullname shortname contactname firstname lastname namefield person",
}
_TYPES = {squeezed(word): kind for kind, text in _WORDS.items() for word in text.split()}


def declared_type(text: str) -> str:
    """Return a builder's type in our words; "" when it says none that we know."""
    return _TYPES.get(squeezed(text), "") if text else ""
