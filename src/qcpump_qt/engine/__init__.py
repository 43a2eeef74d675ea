"""What a pump, a section, a cycle, a record and a delivery are; knows no window, no network, no driver."""
