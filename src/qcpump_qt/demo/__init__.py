"""The demonstration: a QATrack+ stand-in and generated results, nothing from outside.

- `server.StandIn` is the server, `world.World` what is set up on it; `faults`, `counts` and `throttle`
  are its knobs for tests.
- `clinic.demo_world` is the demonstration's clinic; `tds.write_tds`, `dqa3.write_dqa3` and
  `profiles.write_profiles` make its results, with the expected outcome as plain data.
- `clinic_pumps.set_up` makes them all and adds the pumps that read them.
"""
