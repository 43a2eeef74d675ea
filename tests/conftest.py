"""Fixtures and settings that every kind of test shares."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Machines that run tests are shared and noisy: a slow example says nothing about the code.
settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")
