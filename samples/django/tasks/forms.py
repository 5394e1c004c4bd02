"""The form behind the button."""
from __future__ import annotations

import uuid

from django import forms


class TaskForm(forms.Form):
    """A text to work on."""

    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    press = forms.UUIDField(initial=uuid.uuid4, required=False, widget=forms.HiddenInput)

    def task_id(self, user_id: int) -> uuid.UUID:
        """Returns one id for a double click on the button, and a new one for any other press."""
        press = self.cleaned_data["press"] or uuid.uuid4()
        return uuid.uuid5(press, f"{user_id} {self.cleaned_data['text']}")
