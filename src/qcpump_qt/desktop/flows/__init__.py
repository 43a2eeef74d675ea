"""What takes a dialog: each flow opens it, asks the controllers, and shows what comes back."""
