"""Starting the window when somebody logs in: one way for each operating system."""
