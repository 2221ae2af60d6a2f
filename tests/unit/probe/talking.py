"""Drive a survey of a site with answers that a function gives."""

from auditor.model.fact import Why
from auditor.probe.http_talk import Answer, Mute


def talk(survey, answers):
    """Return the record of a survey and all that it asked."""
    asked = []
    try:
        ask = next(survey)
        while True:
            asked.append(ask)
            ask = survey.send(answers(ask))
    except StopIteration as end:
        return end.value, asked


def page(body=b"", status=200, type_="text/html", **fields):
    """Return an answer; underscores in the names of fields are dashes."""
    named = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    return Answer(status=status, fields=(("content-type", type_), *named), body=body)


GONE = page(b"<html>tidak ada</html>", 404)
TIMEOUT = Mute(why=Why.TIMEOUT, detail="no answer in time")
REFUSED = Mute(why=Why.REFUSED, detail="port 443: connection refused")
