"""What users' pump types import as ``qcpump.pumps.common``."""
