"""What lindra/field.html needs: Django's form controls with the design system's classes."""

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString
from django.utils.translation import gettext

register = template.Library()


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-checkbox"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "form-input"


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control with its class; label, hint and error stand around it.

    A placeholder only repeats the label, and is gone when it is needed.
    """
    own = field.field.widget.attrs.get("class", "")
    name = f"{_class_of(field.field.widget)} {own}".strip()
    return field.as_widget(attrs={"class": name, "placeholder": False})


@register.filter
def options(field: BoundField) -> list[BoundWidget]:
    """The choices of radio buttons or check boxes, each with its class; none of another widget."""
    widget = field.field.widget
    if not isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one, too
        return []
    name = "form-checkbox" if isinstance(widget, forms.CheckboxSelectMultiple) else "form-radio"
    choices = list(field.subwidgets)
    for choice in choices:
        choice.data["attrs"]["class"] = name
    return choices


#: What a browser calls itself, in the order in which it has to be asked: each imitates those below.
BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "Mac",
    "Linux": "Linux",
}


@register.filter
def browser_name(user_agent: str) -> str:
    """What a person calls the browser that she used: “Firefox, Windows”."""
    named = [
        next((name for mark, name in names.items() if mark in user_agent), "")
        for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(name for name in named if name) or gettext("Unknown browser")
