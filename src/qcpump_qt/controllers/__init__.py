"""Qt objects that turn intentions into engine calls on the thread pool, and what comes of them into signals."""
