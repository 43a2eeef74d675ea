"""The demonstration: a QATrack+ stand-in and generated results, nothing from outside.

- `server.StandIn` is the server, `world.World` what is set up on it; `faults`, `counts` and `throttle`
  are its knobs for tests.
- `clinic.demo_world` and `tds.write_tds` are the demonstration's clinic and its MPC results, with the
  expected outcome as plain data.
"""
