"""The built-in pump types and the base classes that user-written ones derive from."""
