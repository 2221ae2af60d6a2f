"""The grade of a target's sites as it is published."""

from auditor.render.published import Part, TextV1, text_v1
from auditor.report.site_grade import SiteGrade


class GradeV1(Part, frozen=True):
    """What a site's outside earns: A to F, null where too little was seen; checks by id."""

    letter: str | None
    words: TextV1
    lowers: list[str]
    unseen: list[str]
    next_letter: str
    needs: list[str]


def grade_v1(grade: SiteGrade) -> GradeV1:
    """Return a grade with its reasons."""
    return GradeV1(
        letter=grade.letter,
        words=text_v1(grade.words),
        lowers=[point.check for point in grade.lowers],
        unseen=[point.check for point in grade.unseen],
        next_letter=grade.next_letter,
        needs=[point.check for point in grade.needs],
    )
