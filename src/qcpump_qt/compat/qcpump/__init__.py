"""The names that pump types written for QCPump 0.3 import; reached as ``qcpump`` through the bridge."""
