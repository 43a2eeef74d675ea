"""``qcpump.pumps.common.qatrack``: what pump types that talk to QATrack+ are built upon."""

from __future__ import annotations

from qcpump_qt.pumps.fetch_and_post import QATrackFetchAndPost
from qcpump_qt.pumps.post_files import QATrackFetchAndPostBinaryFile, QATrackFetchAndPostTextFile
from qcpump_qt.pumps.qatrack_api import QATrackAPIMixin
from qcpump_qt.pumps.slugs import slugify

__all__ = [
    "QATrackAPIMixin",
    "QATrackFetchAndPost",
    "QATrackFetchAndPostBinaryFile",
    "QATrackFetchAndPostTextFile",
    "slugify",
]
