"""What clinics bring along from QCPump 0.3: configuration folders and third-party pump types."""
