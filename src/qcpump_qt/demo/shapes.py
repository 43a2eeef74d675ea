"""How what is set up on the stand-in looks in JSON: the fields of the recorded server."""

from __future__ import annotations

from typing import Any

from qcpump_qt.demo.things import Assignment, Cycle, Frequency, Site, Test, TestList, Unit, User

CREATED = "2026-01-05T09:00:00-05:00"
"""When everything of a world was set up; clients have no use for it."""

STATUSES = (("Unreviewed", True, True), ("Approved", False, True), ("Rejected", False, False))
"""The review statuses: name, whether it still has to be reviewed, whether the result counts."""


class Shapes:
    """Writes things as JSON objects whose links start with `base`."""

    def __init__(self, base: str) -> None:
        self.base = base

    def qc(self, kind: str, number: int) -> str:
        """A link into /api/qc/ (links never say /qa/)."""
        return f"{self.base}/api/qc/{kind}/{number}/"

    def user_url(self, number: int) -> str:
        """A link to a user."""
        return f"{self.base}/api/auth/users/{number}/"

    def site(self, site: Site) -> dict[str, Any]:
        """A site."""
        return {"url": self._site_url(site), "name": site.name, "slug": site.slug}

    def unit(self, unit: Unit) -> dict[str, Any]:
        """A unit in a list."""
        return {
            "url": f"{self.base}/api/units/units/{unit.id}/",
            "name": unit.name,
            "number": unit.number,
            "site": None if unit.site is None else self._site_url(unit.site),
            "type": f"{self.base}/api/units/unittypes/12/",
            "serial_number": unit.serial_number,
            "location": unit.location,
            "install_date": None,
            "date_acceptance": unit.date_acceptance,
            "active": unit.active,
            "is_serviceable": True,
        }

    def unit_detail(self, unit: Unit) -> dict[str, Any]:
        """A unit by itself."""
        return {**self.unit(unit), "modalities": []}

    def frequency(self, frequency: Frequency) -> dict[str, Any]:
        """A frequency."""
        return {
            "url": self.qc("frequencies", frequency.id),
            "name": frequency.name,
            "slug": frequency.slug,
            "recurrences": "DTSTART:20120101T051800Z\nRRULE:FREQ=DAILY"
            + (f";INTERVAL={frequency.days}" if frequency.days > 1 else ""),
            "nominal_interval": frequency.days - 1,
            "window_start": None,
            "window_end": frequency.days - 1,
        }

    def assignment(self, assignment: Assignment) -> dict[str, Any]:
        """An assignment (`unittestcollection`)."""
        chosen, cycle = assignment.tests_object, isinstance(assignment.tests_object, Cycle)
        often = assignment.frequency
        return {
            "url": self.qc("unittestcollections", assignment.id),
            "tests_object": self.qc("testlistcycles" if cycle else "testlists", chosen.id),
            "next_test_list": self.qc("testlists", assignment.days[0].id),
            "next_day": 0,
            "due_date": None,
            "auto_schedule": True,
            "active": assignment.active,
            "object_id": chosen.id,
            "name": assignment.name,
            "unit": f"{self.base}/api/units/units/{assignment.unit.id}/",
            "frequency": None if often is None else self.qc("frequencies", often.id),
            "assigned_to": f"{self.base}/api/auth/groups/1/",
            "content_type": f"{self.base}/api/contenttypes/contenttypes/{43 if cycle else 2}/",
            "last_instance": None,
            "visible_to": [f"{self.base}/api/auth/groups/1/"],
        }

    def test_list(self, test_list: TestList) -> dict[str, Any]:
        """A test list."""
        return {
            "url": self.qc("testlists", test_list.id),
            "name": test_list.name,
            "slug": test_list.slug,
            "description": "",
            "javascript": None,
            "created": CREATED,
            "modified": CREATED,
            "warning_message": "Do not treat",
            "created_by": self.user_url(1),
            "modified_by": self.user_url(1),
            "tests": [self.qc("tests", test.id) for test in test_list.own_tests],
            "test_lists": [self.qc("testlists", child.id) for child in test_list.sublists],
        }

    def membership(self, pair: tuple[TestList, int]) -> dict[str, Any]:
        """The place of a test in its list."""
        test_list, order = pair
        test = test_list.own_tests[order]
        return {
            "url": self.qc("testlistmemberships", test.id),
            "order": order,
            "test_list": self.qc("testlists", test_list.id),
            "test": self.qc("tests", test.id),
        }

    def sublist(self, entry: tuple[int, TestList, int]) -> dict[str, Any]:
        """The place of a sublist in its parent."""
        number, parent, order = entry
        return {
            "url": self.qc("sublists", number),
            "outline": True,
            "order": order,
            "parent": self.qc("testlists", parent.id),
            "child": self.qc("testlists", parent.sublists[order].id),
        }

    def test(self, test: Test) -> dict[str, Any]:
        """A test."""
        unused = dict.fromkeys(("choices", "wrap_low", "wrap_high", "calculation_procedure"))
        flags = dict.fromkeys(("hidden", "skip_without_comment", "require_comment", "display_image"), False)
        return {
            "url": self.qc("tests", test.id),
            "name": test.name,
            "display_name": test.slug,
            "slug": test.slug,
            "description": "",
            "procedure": None,
            "chart_visibility": True,
            "type": test.type,
            "flag_when": None,
            **flags,
            **unused,
            "constant_value": test.constant,
            "formatting": "",
            "created": CREATED,
            "modified": CREATED,
            "category": self.qc("categories", 1),
            "autoreviewruleset": self.qc("autoreviewrulesets", 1),
            "created_by": self.user_url(1),
            "modified_by": self.user_url(1),
        }

    def test_info(self, info: tuple[Assignment, int, Test]) -> dict[str, Any]:
        """A test of an assigned list (`unittestinfo`); these links are what a session's results carry."""
        assignment, number, test = info
        return {
            "url": self.qc("unittestinfos", number),
            "unit": f"{self.base}/api/units/units/{assignment.unit.id}/",
            "test": self.qc("tests", test.id),
            "reference": None,
            "tolerance": None,
            "active": True,
            "assigned_to": f"{self.base}/api/auth/groups/1/",
        }

    def status(self, number: int) -> dict[str, Any]:
        """A review status."""
        name, requires_review, valid = STATUSES[number - 1]
        return {
            "url": self.qc("testinstancestatus", number),
            "name": name,
            "slug": name.lower(),
            "description": None,
            "is_default": number == 1,
            "requires_review": requires_review,
            "export_by_default": valid,
            "valid": valid,
            "colour": "rgba(243,156,18,1)",
        }

    def user(self, user: User) -> dict[str, Any]:
        """A user in a list."""
        return {
            "url": self.user_url(user.id),
            "username": user.name,
            "first_name": "",
            "last_name": "",
            "email": user.email,
            "groups": [],
        }

    def user_detail(self, user: User) -> dict[str, Any]:
        """A user with rights."""
        return {**self.user(user), "date_joined": CREATED, "permissions": user.permissions}

    def _site_url(self, site: Site) -> str:
        return f"{self.base}/api/units/sites/{site.id}/"
