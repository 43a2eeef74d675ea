"""The demonstration: a QATrack+ stand-in and generated results, all embedded."""
