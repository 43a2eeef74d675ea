"""What users' pump types import as ``qcpump.core``."""
